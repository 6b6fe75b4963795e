"""Real windows on a real X server, captured: resized, hidden, closed, opened again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.media.capture.devices import list_open_windows
from app.media.capture.sources import open_sources, parse_source
from app.media.capture.window import list_windows
from app.media.clock import MediaClock
from app.media.events import PipelineEvent, SourceLost, SourceRestored
from tests.e2e.programs import PROJECT, wait_until

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or not os.environ.get("DISPLAY"),
    reason="needs an X server (dev.py test starts one)",
)

WAIT_S = 20.0
RED, BLUE = (255, 0, 0), (0, 0, 255)


@contextmanager
def window(title: str, colour: str, place: str = "60 40 401 301") -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.window_child", title, colour, *place.split()],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"}, cwd=PROJECT, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "shown\n"
        wait_until(lambda: title in names(), WAIT_S, "the window in the list")
        yield process
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(WAIT_S)
        finally:
            process.kill()  # nothing where it has ended
            process.wait(WAIT_S)


def names() -> list[str]:
    return [device.name for device in list_open_windows()]


def order(process: subprocess.Popen, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")


class Watcher:
    """An opened source, and the newest picture of it."""

    def __init__(self, address: str) -> None:
        self._changed = threading.Condition()
        self._frame: VideoFrame | None = None
        self.events: list[PipelineEvent] = []
        self.source = open_sources(
            parse_source(address), None, clock=MediaClock(), on_event=self._on_event, loop=False
        ).video
        self.source.start(self._on_frame)

    def until_picture(self, colour: tuple[int, int, int], width: int, height: int) -> None:
        def is_so() -> bool:
            if self._frame is None:
                return False
            pixels = self._frame.image.to_ndarray(format="rgb24")
            return pixels.shape == (height, width, 3) and bool((pixels == colour).all())

        self._until(is_so, f"a picture of {width}x{height} in {colour}")

    def until_event(self, kind: type[PipelineEvent]) -> PipelineEvent:
        self._until(lambda: any(type(event) is kind for event in self.events), kind.__name__)
        return next(event for event in self.events if type(event) is kind)

    def _until(self, is_so: Callable[[], bool], what: str) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, WAIT_S), f"{what} never came: {self.events}"

    def _on_frame(self, frame: VideoFrame) -> None:
        with self._changed:
            self._frame = frame
            self._changed.notify_all()

    def _on_event(self, event: PipelineEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()


@contextmanager
def watching(address: str) -> Iterator[Watcher]:
    watcher = Watcher(address)
    try:
        yield watcher
    finally:
        watcher.source.stop()


def test_window_when_resized_and_pushed_over_the_edge_then_it_goes_on_without_a_break() -> None:
    with window("Lecture: red", "#ff0000") as child, watching("window:Lecture: red") as watcher:
        watcher.until_picture(RED, 401, 301)
        order(child, "size 640 480")
        watcher.until_picture(RED, 640, 480)
        order(child, "size 300 200")
        watcher.until_picture(RED, 300, 200)
        order(child, "move -100 -50")
        watcher.until_picture(RED, 200, 150)
        assert watcher.events == []


def test_window_when_closed_then_no_signal_until_one_of_its_title_is_open() -> None:
    with window("Slides", "#ff0000"):
        address = next(one.address for one in list_open_windows() if one.name == "Slides")
        watcher = Watcher(address)
        try:
            watcher.until_picture(RED, 401, 301)
        except BaseException:
            watcher.source.stop()
            raise
    try:
        assert "Slides" in str(watcher.until_event(SourceLost))
        assert watcher.source.state == "no_signal"
        with window("Slides", "#0000ff", "200 100 320 240"):
            watcher.until_event(SourceRestored)
            watcher.until_picture(BLUE, 320, 240)
    finally:
        watcher.source.stop()


def test_window_when_hidden_then_no_signal_until_it_is_shown() -> None:
    with window("Notes", "#0000ff") as child, watching("window:notes") as watcher:
        watcher.until_picture(BLUE, 401, 301)
        order(child, "hide")
        watcher.until_event(SourceLost)
        order(child, "show")
        watcher.until_event(SourceRestored)
        watcher.until_picture(BLUE, 401, 301)


def test_windows_when_several_are_open_then_each_by_its_own_picture() -> None:
    with (
        window("One & only", "#ff0000", "0 0 200 200"),
        window("Zwei – 窗口", "#0000ff", "300 0 202 200"),
    ):
        found = {one.title: one.id for one in list_windows()}
        with watching(f"window:{found['Zwei – 窗口']:#x}") as watcher:
            watcher.until_picture(BLUE, 202, 200)
        with watching("window:one & only") as watcher:
            watcher.until_picture(RED, 200, 200)


def test_screen_when_its_number_is_given_then_its_whole_picture() -> None:
    with watching("screen:0") as one, watching("screen") as every:
        assert one.source.info.width <= every.source.info.width
        assert one.source.info.width > 0
