"""One window of another program, through FFmpeg's grabbers for X11 and Windows.

X11's grabber keeps the size that the window had when it was opened: a window that was resized,
or pushed over the screen's edge, is opened anew without a break. A window that is closed or
minimised gives no picture until it, or one of its title, is there again.
"""

from __future__ import annotations

import os
import re
import sys
import time
from typing import TYPE_CHECKING, Final

from app.media.capture.grabber import Grabber, OpenGrabber
from app.media.capture.screen import FRAME_RATE, explain_no_x
from app.media.capture.x11 import X11Display, X11Window, open_display
from app.media.errors import SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    import av

    from app.media.capture.x11 import Area

SIZE_INTERVAL_S: Final = 0.25
"""How long a window that grew is shown at its old size. Asking takes a tenth of a millisecond."""
NAME_CHARS_MAX: Final = 40
_ID: Final = re.compile(r"(0x[0-9a-fA-F]{1,8})(?:\s+(.+))?")


class WindowFinder:
    """A window as it was named; knows the one that was captured last."""

    def __init__(self, text: str) -> None:
        match = _ID.fullmatch(text)
        self.id = int(match[1], 16) if match else 0
        self.title = (match[2] or "" if match else text).strip()
        self.name = f"window {_shorten(self.title or text)}"

    def find(self, display: X11Display) -> int:
        """The same window while it lives, then one of its title. Raises SourceNotFound."""
        if self.id and display.size_of(self.id) is not None:
            return self.id
        found = pick_window(display.list_windows(), self.title)
        if found is None:
            raise SourceNotFound(f"the {self.name} is not open")
        self.id = found.id
        return found.id


class WindowGrabber:
    """An open window: a FrameReader. Raises SourceError."""

    def __init__(self, finder: WindowFinder) -> None:
        self._finder = finder
        self._display: X11Display | None = None
        self._area: Area | None = None
        self._asked_s = 0.0
        if sys.platform == "win32":
            self._grabber = OpenGrabber(find_windows_grabber(finder), finder.name)
        else:
            self._display = _open_display()
            try:
                self._grabber = self._open_area(self._display)
            except BaseException:
                self._display.close()
                raise
        self.width, self.height = self._grabber.width, self._grabber.height

    def read(self) -> av.VideoFrame:
        """Blocks until the next picture is due. Raises SourceNotFound when the window is gone."""
        display = self._display
        if display is None:
            return self._grabber.read()
        now_s = time.monotonic()
        if now_s - self._asked_s >= SIZE_INTERVAL_S:
            self._asked_s = now_s
            if display.visible_area(self._finder.id) != self._area:
                self._reopen(display)
        try:
            return self._grabber.read()
        except SourceNotFound:
            # It shrank or moved over the edge, if it is there at all.
            self._reopen(display)
            return self._grabber.read()

    def close(self) -> None:
        self._grabber.close()
        if self._display is not None:
            self._display.close()

    def _reopen(self, display: X11Display) -> None:
        self._grabber.close()
        self._grabber = self._open_area(display)

    def _open_area(self, display: X11Display) -> OpenGrabber:
        window = self._finder.find(display)
        self._area = display.visible_area(window)
        if self._area is None:
            raise SourceNotFound(f"the {self._finder.name} is minimised or outside the screen")
        grabber = find_x11_grabber(os.environ["DISPLAY"], window, self._area)
        return OpenGrabber(grabber, self._finder.name)


def find_x11_grabber(display: str, window: int, area: Area) -> Grabber:
    """The part of a window that can be seen."""
    options = {
        "framerate": FRAME_RATE,
        "draw_mouse": "1",
        "window_id": str(window),
        "grab_x": str(area.x),
        "grab_y": str(area.y),
        "video_size": f"{area.width}x{area.height}",
    }
    return Grabber(display, "x11grab", options)


def find_windows_grabber(finder: WindowFinder) -> Grabber:
    """Windows knows windows by their titles."""
    return Grabber(f"title={finder.title}", "gdigrab", {"framerate": FRAME_RATE})


def pick_window(windows: list[X11Window], title: str) -> X11Window | None:
    """The newest whose title is this, else the newest whose title holds it."""
    wanted = title.casefold()
    if not wanted:
        return None
    same = [window for window in windows if window.title.casefold() == wanted]
    near = [window for window in windows if wanted in window.title.casefold()]
    return next(reversed(same or near), None)


def list_windows() -> tuple[X11Window, ...]:
    """Windows of other programs; empty where they cannot be captured or listed."""
    if sys.platform in {"win32", "darwin"} or not os.environ.get("DISPLAY"):
        return ()
    try:
        with open_display() as display:
            return tuple(display.list_windows(not_of_pid=os.getpid()))
    except OSError:
        return ()


def _shorten(title: str) -> str:
    """For messages: some titles are whole sentences."""
    is_long = len(title) > NAME_CHARS_MAX
    return f"{title[: NAME_CHARS_MAX - 3]}..." if is_long else title


def _open_display() -> X11Display:
    if sys.platform == "darwin":
        raise SourceUnsupported(
            "on macOS a single window cannot be captured: choose screen, or screen:1 for another"
        )
    if not os.environ.get("DISPLAY"):
        raise SourceUnsupported(explain_no_x(os.environ))
    try:
        return X11Display()
    except OSError as error:
        raise SourceNotFound(f"the screen cannot be captured: {error}") from error
