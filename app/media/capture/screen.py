"""The screen, through the grabbers that FFmpeg has for each system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from app.media.capture.grabber import Grabber, OpenGrabber
from app.media.capture.x11 import Area, open_display
from app.media.errors import SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    import av

FRAME_RATE: Final = "30"


def find_grabber(
    platform: str,
    environment: Mapping[str, str],
    number: int | None = None,
    monitors: Sequence[Area] = (),
) -> Grabber:
    """The grabber of a system for all screens or one. Raises SourceError."""
    if platform == "win32":
        if number is not None:
            raise SourceUnsupported("on Windows all screens are captured together: choose screen")
        return Grabber("desktop", "gdigrab", {"framerate": FRAME_RATE})
    if platform == "darwin":
        options = {"framerate": FRAME_RATE, "capture_cursor": "1"}
        return Grabber(f"Capture screen {number or 0}:none", "avfoundation", options)
    display = environment.get("DISPLAY")
    if not display:
        raise SourceUnsupported(explain_no_x(environment))
    options = {"framerate": FRAME_RATE, "draw_mouse": "1"}
    if number is not None:
        if number >= len(monitors):
            raise SourceNotFound(f"screen {number} is not there: there are {len(monitors)}")
        area = monitors[number]
        options |= {
            "grab_x": str(area.x),
            "grab_y": str(area.y),
            "video_size": f"{area.width}x{area.height}",
        }
    return Grabber(display, "x11grab", options)


def explain_no_x(environment: Mapping[str, str]) -> str:
    """Why a system without an X server has nothing to capture."""
    if environment.get("WAYLAND_DISPLAY"):
        return (
            "the screen of a Wayland session without X cannot be captured yet: log in with an X11 "
            "session, or choose camera or testcard"
        )
    return "there is no screen here (DISPLAY is not set): choose testcard"


def list_monitors() -> tuple[Area, ...]:
    """One area for each number of `screen:N`; empty where the system does not tell."""
    if sys.platform in {"win32", "darwin"} or not os.environ.get("DISPLAY"):
        return ()
    try:
        with open_display() as display:
            return tuple(display.list_monitors())
    except OSError:
        return ()


class ScreenGrabber:
    """An open screen, or all of them for None: a FrameReader. Raises SourceError."""

    def __init__(self, number: int | None = None) -> None:
        monitors = () if number is None else list_monitors()
        grabber = find_grabber(sys.platform, os.environ, number, monitors)
        self._grabber = OpenGrabber(grabber, "screen")
        self.width, self.height = self._grabber.width, self._grabber.height

    def read(self) -> av.VideoFrame:
        """Blocks until the next picture is due. Raises SourceNotFound when the screen is gone."""
        return self._grabber.read()

    def close(self) -> None:
        self._grabber.close()
