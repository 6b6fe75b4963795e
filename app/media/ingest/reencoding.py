"""A foreign stream as the picture and the sound of a broadcast: decoded here, encoded like any
other source. For streams with B-frames, and where several qualities are wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av

from app.media.capture.source import (
    AudioBlock,
    AudioSourceInfo,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.capture.sources import OpenedSources
from app.media.ingest.arrivals import Anchor, ArrivedPicture, ArrivedSound, StreamShape
from app.media.ingest.shape import open_decoder

if TYPE_CHECKING:
    from app.media.clock import MediaClock

_TIME_BASE: Final = Fraction(1, 1_000_000)


class ArrivingMedia:
    """`push` is called from one thread. What comes before the sources are started is decoded and
    dropped: the first picture does not wait for another keyframe then."""

    def __init__(self, shape: StreamShape, *, name: str) -> None:
        self._shape = shape
        self._clock: MediaClock | None = None
        self._anchor = Anchor()
        self._decoder = open_decoder(shape.codec)
        self._is_waiting = True
        self._last_pts_us = -1
        self.errors = 0
        self.video = ArrivingVideo(
            VideoSourceInfo(name, shape.width, shape.height, shape.frame_rate)
        )
        self.audio = ArrivingAudio(AudioSourceInfo(name)) if shape.has_sound else None

    def open_feeds(
        self, *_specs: object, clock: MediaClock, **_options: Any
    ) -> OpenedSources:  # what other sources need, this one does not
        self._clock = clock
        return OpenedSources(self.video, self.audio)

    def push(self, item: ArrivedPicture | ArrivedSound) -> None:
        now_us = 0 if self._clock is None else self._clock.now_us()
        if isinstance(item, ArrivedSound):
            if self.audio is not None and self.is_started:
                pts_us = self._anchor.place(item.pts_us, now_us)
                self.audio.on_block(AudioBlock(item.samples, pts_us))
            return
        if self._is_waiting and not item.is_keyframe:
            return
        self._is_waiting = False
        for image in self._decode(item):
            if image.pts is None or not self.is_started:
                continue
            pts_us = self._anchor.place(image.pts, now_us)
            if pts_us > self._last_pts_us:
                self._last_pts_us = pts_us
                shape = image.sample_aspect_ratio if hasattr(image, "sample_aspect_ratio") else None
                self.video.on_frame(VideoFrame(image, pts_us, shape or Fraction(1)))

    @property
    def is_started(self) -> bool:
        return self._clock is not None and self.video.is_started

    def release(self) -> None:
        """The sender is gone; another connection goes on at a keyframe."""
        self._anchor.release()
        self._restart()

    def _decode(self, picture: ArrivedPicture) -> list[av.VideoFrame]:
        packet = av.Packet(picture.payload)
        packet.pts, packet.dts = picture.pts_us, picture.dts_us
        packet.time_base = _TIME_BASE
        try:
            return self._decoder.decode(packet)
        except (av.FFmpegError, ValueError):
            self.errors += 1
            self._restart()
            return []

    def _restart(self) -> None:
        self._decoder = open_decoder(self._shape.codec)
        self._is_waiting = True


class ArrivingVideo:
    """A VideoSource that is fed."""

    frames_missed = 0

    def __init__(self, info: VideoSourceInfo) -> None:
        self.info = info
        self.state = SourceState.RUNNING
        self.on_frame: Callable[[VideoFrame], None] = _ignore
        self.is_started = False

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self.on_frame = on_frame
        self.is_started = True

    def stop(self) -> None:
        self.on_frame = _ignore
        self.state = SourceState.STOPPED


class ArrivingAudio:
    """An AudioSource that is fed."""

    samples_lost = 0

    def __init__(self, info: AudioSourceInfo) -> None:
        self.info = info
        self.state = SourceState.RUNNING
        self.on_block: Callable[[AudioBlock], None] = _ignore

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self.on_block = on_block

    def stop(self) -> None:
        self.on_block = _ignore
        self.state = SourceState.STOPPED


def _ignore(_item: VideoFrame | AudioBlock) -> None:
    """Nobody listens."""
