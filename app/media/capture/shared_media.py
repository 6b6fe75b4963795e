"""The picture and the sound of one thing that gives both: a file, an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.media.capture.source import AudioSourceInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.media.capture.source import AudioBlock, SourceState, VideoFrame, VideoSourceInfo


class SharedMedia(Protocol):
    """What feeds both; one thread, which starts with the picture."""

    name: str
    state: SourceState

    @property
    def video_info(self) -> VideoSourceInfo: ...

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None: ...

    def listen(self, on_block: Callable[[AudioBlock], None]) -> None: ...

    def stop(self) -> None: ...


class SharedPicture:
    """A VideoSource."""

    frames_missed = 0

    def __init__(self, media: SharedMedia) -> None:
        self._media = media
        self.info = media.video_info

    @property
    def state(self) -> SourceState:
        return self._media.state

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self._media.start(on_frame)

    def stop(self) -> None:
        self._media.stop()


class SharedSound:
    """An AudioSource; it runs when the picture is started."""

    samples_lost = 0

    def __init__(self, media: SharedMedia) -> None:
        self._media = media
        self.info = AudioSourceInfo(f"the sound of {media.name}")

    @property
    def state(self) -> SourceState:
        return self._media.state

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self._media.listen(on_block)

    def stop(self) -> None:
        self._media.stop()
