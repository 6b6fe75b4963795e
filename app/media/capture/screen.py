"""The screen, through the grabbers that FFmpeg has for each system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import av

from app.media.errors import SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME_RATE: Final = "30"


class Grabber(NamedTuple):
    """What to open and how."""

    address: str
    format: str
    options: dict[str, str]


def find_grabber(platform: str, environment: Mapping[str, str]) -> Grabber:
    """The grabber of a system. Raises SourceUnsupported."""
    if platform == "win32":
        return Grabber("desktop", "gdigrab", {"framerate": FRAME_RATE})
    if platform == "darwin":
        options = {"framerate": FRAME_RATE, "capture_cursor": "1"}
        return Grabber("Capture screen 0:none", "avfoundation", options)
    display = environment.get("DISPLAY")
    if display:
        return Grabber(display, "x11grab", {"framerate": FRAME_RATE, "draw_mouse": "1"})
    if environment.get("WAYLAND_DISPLAY"):
        raise SourceUnsupported(
            "the screen of a Wayland session without X cannot be captured yet: log in with an X11 "
            "session, or choose camera or testcard"
        )
    raise SourceUnsupported("there is no screen here (DISPLAY is not set): choose testcard")


class ScreenGrabber:
    """An open screen: a FrameReader. Raises SourceError."""

    def __init__(self) -> None:
        grabber = find_grabber(sys.platform, os.environ)
        try:
            self._container = av.open(
                grabber.address, format=grabber.format, options=grabber.options
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SourceNotFound(f"the screen cannot be captured: {reason}") from error
        stream = self._container.streams.video[0]
        self.width = stream.codec_context.width
        self.height = stream.codec_context.height
        self._frames: Iterator[av.VideoFrame] = self._container.decode(stream)

    def read(self) -> av.VideoFrame:
        """Blocks until the next picture is due. Raises SourceNotFound when the screen is gone."""
        try:
            frame = next(self._frames, None)
        except av.FFmpegError as error:
            raise SourceNotFound(f"the screen is gone: {error.strerror}") from error
        if frame is None:
            raise SourceNotFound("the screen gives no picture")
        return frame

    def close(self) -> None:
        self._container.close()
