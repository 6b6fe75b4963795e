"""The scene and the mixer as sources of a publish pipeline.

The studio runs on a clock of its own, from before the broadcast until after it; a feed moves its
times onto the broadcast's clock, pictures and sound by the same amount. Starting and stopping a
feed connects and disconnects: the scene never notices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.media.capture.source import (
    AudioBlock,
    AudioSourceInfo,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.capture.sources import OpenedSources
from app.media.scene.scene_item import CANVAS_RATE

if TYPE_CHECKING:
    from app.media.clock import MediaClock
    from app.media.mixer import Mixer
    from app.media.scene.live_scene import LiveScene


class _Shift:
    """The distance of two clocks, fixed when the first feed starts."""

    def __init__(self, studio: MediaClock, broadcast: MediaClock) -> None:
        self._studio = studio
        self._broadcast = broadcast
        self._shift_us: int | None = None
        self.first_us = 0

    def fix(self) -> None:
        if self._shift_us is None:
            self.first_us = self._broadcast.now_us()
            self._shift_us = self.first_us - self._studio.now_us()

    def pts_us(self, studio_us: int) -> int | None:
        """On the broadcast's clock; None for what was captured before it began."""
        pts_us = studio_us + (self._shift_us or 0)
        return pts_us if pts_us >= self.first_us else None


class SceneFeed:
    """A VideoSource."""

    def __init__(self, scene: LiveScene, shift: _Shift) -> None:
        self.info = VideoSourceInfo("studio", scene.width, scene.height, CANVAS_RATE)
        self.state = SourceState.STOPPED
        self._scene = scene
        self._shift = shift
        self._missed_before = 0
        self._on_frame: Callable[[VideoFrame], None] = lambda _frame: None

    @property
    def frames_missed(self) -> int:
        return self._scene.frames_missed - self._missed_before

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self.state = SourceState.RUNNING
        self._missed_before = self._scene.frames_missed
        self._shift.fix()
        self._on_frame = on_frame
        self._scene.connect(self._give)

    def stop(self) -> None:
        self._scene.disconnect(self._give)
        self.state = SourceState.STOPPED

    def _give(self, frame: VideoFrame) -> None:
        pts_us = self._shift.pts_us(frame.pts_us)
        if pts_us is not None:
            self._on_frame(VideoFrame(frame.image, pts_us))


class MixFeed:
    """An AudioSource."""

    def __init__(self, mixer: Mixer, shift: _Shift) -> None:
        self.info = AudioSourceInfo("mixer")
        self.state = SourceState.STOPPED
        self.samples_lost = 0
        self._mixer = mixer
        self._shift = shift
        self._on_block: Callable[[AudioBlock], None] = lambda _block: None

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self.state = SourceState.RUNNING
        self._shift.fix()
        self._on_block = on_block
        self._mixer.connect(self._give)

    def stop(self) -> None:
        self._mixer.disconnect(self._give)
        self.state = SourceState.STOPPED

    def _give(self, block: AudioBlock) -> None:
        pts_us = self._shift.pts_us(block.pts_us)
        if pts_us is not None:
            self._on_block(AudioBlock(block.samples, pts_us))


def make_feeds(scene: LiveScene, mixer: Mixer) -> Callable[..., OpenedSources]:
    """What a PublishPipeline takes as `open_sources`."""

    def open_feeds(
        _video: object, _audio: object, *, clock: MediaClock, **_: object
    ) -> OpenedSources:
        shift = _Shift(scene.clock, clock)
        return OpenedSources(SceneFeed(scene, shift), MixFeed(mixer, shift))

    return open_feeds
