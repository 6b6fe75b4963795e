"""A recording to cut from: a file, or anything that reads and seeks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import av
from av.error import FFmpegError

from app.media.errors import ClippingFailed

if TYPE_CHECKING:
    from fractions import Fraction


class RecordingFile(NamedTuple):
    """Closed after use."""

    file: BinaryIO
    origin_us: int | None = None
    """The first packet's pts, where the file does not begin with it."""


Source = Path | Callable[[int], RecordingFile]
"""A function opens a recording that is elsewhere, for what comes from a moment in ms on: it may
leave out what lies before the last keyframe before it."""
CLIP_MS_MIN: Final = 100
_FORMATS: Final = "mov,matroska,flv,mpegts"
"""Others, such as playlists, would have FFmpeg open what they name."""


@dataclass(frozen=True, slots=True)
class Marks:
    """From where to where in the recording, counted from its first packet."""

    from_ms: int = 0
    to_ms: int | None = None
    """None: to its end."""

    def check(self) -> None:
        """Raises ClippingFailed."""
        if self.from_ms < 0:
            raise ClippingFailed("a clip cannot begin before the recording")
        if self.to_ms is not None and self.to_ms - self.from_ms < CLIP_MS_MIN:
            raise ClippingFailed("a clip's end has to be after its beginning")


@dataclass(frozen=True, slots=True)
class ClipMade:
    path: Path
    from_ms: int
    """Where it begins in the recording: with a copy, at the keyframe before the mark."""
    duration_ms: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Watch:
    """How far it is, and whether it is still wanted. Called on the thread that cuts."""

    on_progress: Callable[[float], None] = lambda _share: None
    is_cancelled: Callable[[], bool] = lambda: False


class OpenRecording:
    """PyAV's container with its first tracks of pictures and of sound."""

    def __init__(self, container: Any, origin_us: int | None = None) -> None:
        self.container = container
        self.video = next(iter(container.streams.video), None)
        self.audio = next(iter(container.streams.audio), None)
        starts_us = max(0, container.start_time or 0)
        self.starts_us: int = starts_us if origin_us is None else origin_us
        """Before 0 is only what sound decoders need to get going."""
        self.duration_us: int | None = container.duration
        """As the file says, if it does: one that is still being written may not."""
        self.is_near = origin_us is not None
        """Whether it begins shortly before what is wanted: a jump would only look for more."""

    @property
    def tracks(self) -> list[Any]:
        return [track for track in (self.video, self.audio) if track is not None]

    def seek(self, at_us: int) -> bool:
        """To the keyframe before. False where the file has no index for it."""
        try:
            self.container.seek(self.starts_us + at_us, backward=True, any_frame=False)
        except FFmpegError:
            return False
        return True


@contextlib.contextmanager
def open_recording(source: Source, from_ms: int = 0) -> Iterator[OpenRecording]:
    """Raises ClippingFailed for what cannot be read."""
    with contextlib.ExitStack() as stack:
        try:
            file, origin_us = _open(source, from_ms)
            stack.callback(file.close)
            options = {"format_whitelist": _FORMATS}
            if origin_us is not None:
                # Else FFmpeg looks at every fragment there is before it gives the first packet.
                options["fflags"] = "ignidx"
            container = stack.enter_context(av.open(file, "r", options=options))
        except (OSError, FFmpegError, ValueError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise ClippingFailed(f"the recording cannot be read: {words}", "unreadable") from None
        recording = OpenRecording(container, origin_us)
        if not recording.tracks:
            raise ClippingFailed("the recording has neither pictures nor sound", "unreadable")
        yield recording


def _open(source: Source, from_ms: int) -> RecordingFile:
    if isinstance(source, Path):
        return RecordingFile(source.open("rb"))
    return source(from_ms)


def to_us(ticks: int, time_base: Fraction) -> int:
    return round(ticks * time_base * 1_000_000)
