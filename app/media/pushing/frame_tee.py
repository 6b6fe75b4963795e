"""Raw pictures of a broadcast's source for others as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.media.capture.sources import OpenedSources

if TYPE_CHECKING:
    from app.media.capture.source import SourceState, VideoFrame, VideoSource, VideoSourceInfo

OpenSources = Callable[..., OpenedSources]


def tee_pictures(
    open_sources: OpenSources, listeners: Sequence[Callable[[VideoFrame], None]]
) -> OpenSources:
    """The same sources, whose pictures the listeners get first. They must not block."""
    if not listeners:
        return open_sources

    def open_teed(*specs: Any, **options: Any) -> OpenedSources:  # passed through
        opened = open_sources(*specs, **options)
        return OpenedSources(TeedVideo(opened.video, tuple(listeners)), opened.audio)

    return open_teed


class TeedVideo:
    """A VideoSource."""

    def __init__(
        self, video: VideoSource, listeners: tuple[Callable[[VideoFrame], None], ...]
    ) -> None:
        self._video = video
        self._listeners = listeners

    @property
    def info(self) -> VideoSourceInfo:
        return self._video.info

    @property
    def state(self) -> SourceState:
        return self._video.state

    @property
    def frames_missed(self) -> int:
        return self._video.frames_missed

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        listeners = self._listeners

        def give(frame: VideoFrame) -> None:
            for listener in listeners:
                listener(frame)
            on_frame(frame)

        self._video.start(give)

    def stop(self) -> None:
        self._video.stop()
