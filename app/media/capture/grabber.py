"""A device of FFmpeg that grabs a screen or a window: what to open, and what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import av

from app.media.errors import SourceNotFound

if TYPE_CHECKING:
    from collections.abc import Iterator


class Grabber(NamedTuple):
    """What to open and how."""

    address: str
    format: str
    options: dict[str, str]


class OpenGrabber:
    """A FrameReader. Raises SourceNotFound."""

    def __init__(self, grabber: Grabber, name: str) -> None:
        self._name = name
        try:
            self._container = av.open(
                grabber.address, format=grabber.format, options=grabber.options
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SourceNotFound(f"the {name} cannot be captured: {reason}") from error
        stream = self._container.streams.video[0]
        self.width = stream.codec_context.width
        self.height = stream.codec_context.height
        self._frames: Iterator[av.VideoFrame] = self._container.decode(stream)

    def read(self) -> av.VideoFrame:
        """Blocks until the next picture is due. Raises SourceNotFound when it is gone."""
        try:
            frame = next(self._frames, None)
        except av.FFmpegError as error:
            raise SourceNotFound(f"the {self._name} is gone: {error.strerror}") from error
        if frame is None:
            raise SourceNotFound(f"the {self._name} gives no picture")
        return frame

    def close(self) -> None:
        self._container.close()
