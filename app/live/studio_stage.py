"""The studio's media as state sees it: sources by key, a mixer, a preview, and their figures.

Opening and closing block (devices, files): they run on worker threads; all else returns at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.errors import LivehouseError
from app.live.pipeline_making import translate
from app.media.capture.sources import (
    SourceKind,
    SourceSpec,
    open_source_of_sound,
    open_sources,
    parse_source,
)
from app.media.clock import MediaClock
from app.media.errors import MediaError, SourceUnsupported
from app.media.mixer import Mixer
from app.media.scene.live_scene import LiveScene
from app.media.scene.preview import Preview
from app.media.scene.scene_feed import make_feeds
from app.media.scene.scene_item import FilterName, SceneItem
from app.media.scene.still import load_still

if TYPE_CHECKING:
    from app.media.capture.source import AudioSource
    from app.media.capture.sources import OpenedSources
    from app.media.events import PipelineEvent
    from app.media.scene.filters_on_demand import Pixels
    from app.state.studio_scene import StudioItem
    from app.state.studio_sound import Channel


class StudioStage:
    """Started once, stopped once. Methods without `async` may be called from any thread."""

    def __init__(
        self,
        *,
        on_pixels: Callable[[Pixels], None],
        on_event: Callable[[PipelineEvent], None],
    ) -> None:
        self._on_event = on_event
        self._clock = MediaClock()
        self.scene = LiveScene(self._clock)
        self.mixer = Mixer(self._clock)
        self.preview = Preview(on_pixels)
        self._stills: set[str] = set()
        self.is_looked_at = False
        """Whether the preview is shown, and the meters beside it."""

    def start(self) -> None:
        self.preview.start()
        self.mixer.start()
        self.scene.start()

    def stop(self) -> None:
        """Bounded; closes every source."""
        self.preview.stop()
        self.scene.stop()
        self.mixer.stop()

    def show_preview(self, *, shown: bool, width: int, height: int) -> None:
        """Whether anybody looks, and at how many pixels."""
        self.is_looked_at = shown
        self.mixer.set_metered(metered=shown)
        self.scene.disconnect(self.preview.push)
        if shown:
            self.scene.connect(self.preview.push)
        self.preview.set_shown(shown=shown, width=width, height=height)

    @property
    def open_feeds(self) -> Callable[..., OpenedSources]:
        """For a publish pipeline."""
        return make_feeds(self.scene, self.mixer)

    async def open_picture(self, key: str, address: str, channel: Channel | None = None) -> bool:
        """Whether the source has sound of its own, then on the mixer, where it is as loud as its
        channel was, or silent, from the first moment. Raises LivehouseError."""
        return await _off_the_loop(lambda: self._open_picture(key, address, channel))

    async def open_sound(self, key: str, address: str, channel: Channel | None = None) -> str:
        """What the device is called. The same of its channel. Raises LivehouseError."""
        spec = _parse(address)
        source = await _off_the_loop(
            lambda: open_source_of_sound(spec, clock=self._clock, on_event=self._on_event)
        )
        self._mix(key, source, channel, is_microphone=address.startswith("mic"))
        return source.info.name

    async def open_image(self, key: str, path: str) -> None:
        """Raises LivehouseError."""
        self.show_still(key, await _off_the_loop(lambda: load_still(Path(path))))

    def show_still(self, key: str, pixels: Pixels) -> None:
        self._stills.add(key)
        self.scene.add_still(key, pixels)

    async def close(self, key: str) -> None:
        await asyncio.to_thread(self._close, key)

    def arrange(self, items: Sequence[StudioItem]) -> None:
        self.scene.arrange(
            [
                SceneItem(
                    item.key,
                    item.box.x,
                    item.box.y,
                    item.box.width,
                    item.box.height,
                    mirror=item.is_mirrored,
                    filters=tuple(FilterName(name) for name in item.filters),
                )
                for item in items
                if item.is_visible
            ]
        )

    def set_channel(self, channel: Channel) -> None:
        self.mixer.set_gain(channel.key, channel.gain_db)
        self.mixer.set_muted(channel.key, muted=channel.is_muted)
        self.mixer.set_noise_suppressed(channel.key, suppressed=channel.is_noise_suppressed)

    def levels(self) -> tuple[tuple[str, float, float], ...]:
        return tuple(
            (key, level.peak_db, level.rms_db) for key, level in self.mixer.levels().items()
        )

    def costs_ms(self, items: Sequence[StudioItem]) -> tuple[tuple[str, str, float], ...]:
        """Of the filters that are on and seen."""
        costs = self.scene.costs_ms()
        return tuple(
            (item.key, name, round(costs[item.key, FilterName(name)], 1))
            for item in items
            for name in item.filters
            if item.is_visible and (item.key, FilterName(name)) in costs
        )

    def _open_picture(self, key: str, address: str, channel: Channel | None) -> bool:
        spec = _parse(address)
        if spec.kind in {SourceKind.FILE, SourceKind.URL} and Path(spec.address).is_fifo():
            # It would be waited for, and keep its thread and the end of the program with it.
            raise SourceUnsupported(f"{Path(spec.address).name} is no media file but a pipe")
        try:
            opened = self._open(spec, _parse("file"))
        except SourceUnsupported:
            opened = self._open(spec, None)
        self.scene.add(key, opened.video)
        if opened.audio is None:
            return False
        self._mix(key, opened.audio, channel)
        return True

    def _mix(
        self, key: str, source: AudioSource, channel: Channel | None, *, is_microphone: bool = False
    ) -> None:
        self.mixer.add(
            key,
            source,
            is_microphone=is_microphone,
            gain_db=channel.gain_db if channel is not None else 0.0,
            is_muted=channel is not None and channel.is_muted,
        )

    def _open(self, spec: SourceSpec, sound: SourceSpec | None) -> OpenedSources:
        return open_sources(spec, sound, clock=self._clock, on_event=self._on_event, loop=True)

    def _close(self, key: str) -> None:
        self.scene.remove(key)
        self.mixer.remove(key)


def _parse(address: str) -> SourceSpec:
    try:
        return parse_source(address)
    except MediaError as error:
        raise translate(error) from None


_Result = TypeVar("_Result")


async def _off_the_loop(work: Callable[[], _Result]) -> _Result:
    try:
        return await asyncio.to_thread(work)
    except MediaError as error:
        raise translate(error) from None
    except OSError as error:
        raise LivehouseError(error.strerror or str(error)) from None
