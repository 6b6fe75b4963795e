"""Which window is meant by a text, and how it is grabbed."""

from __future__ import annotations

import pytest

from app.media.capture.window import (
    WindowFinder,
    WindowGrabber,
    find_windows_grabber,
    find_x11_grabber,
    pick_window,
)
from app.media.capture.x11 import Area, X11Window
from app.media.errors import SourceNotFound, SourceUnsupported

WINDOWS = [
    X11Window(0x10, "Notes"),
    X11Window(0x20, "Slides - Editor"),
    X11Window(0x30, "notes"),
    X11Window(0x40, "Slides - Notes of today"),
]


class Display:
    """An X server with WINDOWS, of which some have been closed."""

    def __init__(self, *closed: int) -> None:
        self.windows = [window for window in WINDOWS if window.id not in closed]

    def list_windows(self) -> list[X11Window]:
        return self.windows

    def size_of(self, window: int) -> tuple[int, int] | None:
        return (10, 10) if any(one.id == window for one in self.windows) else None


@pytest.mark.parametrize(
    ("title", "window"),
    [("notes", 0x30), ("Slides", 0x40), ("editor", 0x20), ("absent", None), ("", None)],
)
def test_pick_when_titles_match_then_the_newest_of_the_closest(
    title: str, window: int | None
) -> None:
    picked = pick_window(WINDOWS, title)
    assert (picked.id if picked is not None else None) == window


@pytest.mark.parametrize(
    ("text", "window", "title", "name"),
    [
        ("0x2A00007", 0x2A00007, "", "window 0x2A00007"),
        ("0x2a00007 Notes 2", 0x2A00007, "Notes 2", "window Notes 2"),
        ("Notes", 0, "Notes", "window Notes"),
        ("0xylophone", 0, "0xylophone", "window 0xylophone"),
    ],
)
def test_finder_when_a_text_names_a_window_then_by_id_title_or_both(
    text: str, window: int, title: str, name: str
) -> None:
    finder = WindowFinder(text)
    assert (finder.id, finder.title, finder.name) == (window, title, name)


def test_finder_when_the_window_lives_then_its_id_counts_and_not_its_new_title() -> None:
    finder = WindowFinder("0x20 An old title")
    assert finder.find(Display()) == 0x20


def test_finder_when_the_window_was_closed_then_the_next_of_that_title() -> None:
    finder = WindowFinder("0x99 Notes")
    assert finder.find(Display()) == 0x30
    assert finder.find(Display(0x30)) == 0x10
    with pytest.raises(SourceNotFound, match="Absent is not open"):
        WindowFinder("0x99 Absent").find(Display())
    with pytest.raises(SourceNotFound):
        WindowFinder("0x99").find(Display())


def test_grabbers_when_a_window_is_named_then_by_id_on_x11_and_by_title_on_windows() -> None:
    grabber = find_x11_grabber(":7", 0x20, Area(5, 0, 640, 480))
    assert (grabber.address, grabber.format) == (":7", "x11grab")
    assert grabber.options["window_id"] == "32"
    assert grabber.options["video_size"] == "640x480"
    assert (grabber.options["grab_x"], grabber.options["grab_y"]) == ("5", "0")
    grabber = find_windows_grabber(WindowFinder("0x1 Notes"))
    assert (grabber.address, grabber.format) == ("title=Notes", "gdigrab")


def test_window_when_the_system_has_no_x_then_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(SourceUnsupported, match="choose testcard"):
        WindowGrabber(WindowFinder("Notes"))
    monkeypatch.setattr("app.media.capture.window.sys.platform", "darwin")
    with pytest.raises(SourceUnsupported, match="macOS"):
        WindowGrabber(WindowFinder("Notes"))
