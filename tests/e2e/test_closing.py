"""Closing the window in any state: exit code 0, and no process or file of it stays behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.windows import WindowProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")

Start = Callable[..., WindowProcess]
KNOWN_FILES = {
    "accounts.json",
    "relays.json",
    "settings.json",
    "studio.json",
    "window.ini",
    "relay",
}
END_TIMEOUT_S = 30
"""The relay's own 10 s and what the loop's work may take, on a busy machine."""

HOST = """
def ready():
    say("ready")
def host(then):
    desktop.first_start.start_host()
    when(lambda: desktop.window.current_key == "studio", then)
def preview(then):
    host(lambda: when(lambda: desktop.studio._preview._picture is not None, then))
def go_live(then):
    def press():
        desktop.studio.live_button.click()
        when(lambda: desktop.studio._state.phase == "live", then)
    preview(press)
def watch(then):
    def enter():
        desktop._on_room_chosen(str(desktop._house.state.home_room_id))
        when(lambda: desktop.room.stage.has_picture, then)
    go_live(enter)
def small_window():
    desktop.room.controls.picture_in_picture_wanted.emit()
def close():
    desktop.window.close()
def modal():
    from PySide6.QtWidgets import QApplication
    assert QApplication.activeModalWidget() is not None
    ready()
def later(then):
    QTimer.singleShot(300, then)
"""
ENDED_BY_SIGTERM = {
    "first start": "ready()",
    "relay starting": "desktop.first_start.start_host(); later(ready)",
    "previewing": "preview(ready)",
    "live": "go_live(ready)",
    "watching": "watch(ready)",
    "small window": "watch(lambda: (small_window(), later(ready)))",
    "full screen": "watch(lambda: (desktop.room.controls.full_screen_wanted.emit(), later(ready)))",
    "modal dialog": "later(modal); desktop.studio._menus._ask_text()",
    "file dialog": "later(modal); desktop.studio._menus._ask_file()",
    "shortcuts": "desktop.window._shortcuts.toggle(); later(ready)",
    "question": "go_live(lambda: (close(), later(modal)))",
}
ENDED_BY_HAND = {
    "first start": "later(close)",
    "relay starting": "desktop.first_start.start_host(); later(close)",
    "previewing": "preview(close)",
    "twice": "preview(lambda: (close(), close()))",
    "small window": """
def leave():
    desktop.studio._desk.session and desktop._loop.submit(desktop.studio._desk.session.end())
    when(lambda: not desktop.studio.closing_question(), close)
watch(lambda: (small_window(), later(leave)))
""",
    "live and asked": """
def answer():
    assert desktop.window.isVisible()
    desktop.window._question.yes_button.click()
go_live(lambda: (close(), close(), later(answer)))
""",
}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made = []

    def make(work: str) -> WindowProcess:
        made.append(WindowProcess(tmp_path, HOST + work))
        return made[-1]

    yield make
    for window in made:
        window.kill()


def check_nothing_stays(window: WindowProcess, words: str) -> None:
    assert window.process.returncode == 0, words
    assert "Traceback" not in words
    assert "QThread" not in words
    assert window.find_living_children() == []
    assert list(window.temp_dir.iterdir()) == []
    assert {path.name for path in window.data_dir.iterdir()} <= KNOWN_FILES


@pytest.mark.parametrize("state", ENDED_BY_SIGTERM)
def test_window_when_it_is_told_to_end_then_ends_and_nothing_stays(
    start: Start, state: str
) -> None:
    window = start(ENDED_BY_SIGTERM[state])
    window.wait_ready()
    window.end()
    check_nothing_stays(window, window.wait_end(END_TIMEOUT_S))


@pytest.mark.parametrize("state", ENDED_BY_HAND)
def test_window_when_it_is_closed_by_hand_then_ends_and_nothing_stays(
    start: Start, state: str
) -> None:
    window = start(ENDED_BY_HAND[state])
    check_nothing_stays(window, window.wait_end(90))


def test_window_when_it_is_told_twice_then_ends_once(start: Start) -> None:
    window = start("preview(ready)")
    window.wait_ready()
    window.end()
    window.end(signal.SIGINT)
    check_nothing_stays(window, window.wait_end(END_TIMEOUT_S))


def test_window_when_its_relay_stands_still_then_ends_all_the_same(start: Start) -> None:
    window = start(
        """
go_live(lambda: (ready(), when(lambda: desktop.studio._state.phase == "waiting", ready)))
"""
    )
    window.wait_ready()
    relay = window.find_relay()
    relay.suspend()
    window.wait_ready()  # it noticed, and tries to come back
    window.end()
    check_nothing_stays(window, window.wait_end(END_TIMEOUT_S))


def test_window_when_a_thread_of_it_waits_within_the_system_then_ends_all_the_same(
    start: Start, tmp_path: Path
) -> None:
    """As for a file on a disk that is gone: nothing can end that."""
    os.mkfifo(tmp_path / "pipe")
    window = start(
        f"""
import asyncio, os
from app.live.loop_thread import LoopThread
LoopThread.stop.__kwdefaults__["timeout_s"] = 3
def wait(then):
    desktop._loop.submit(asyncio.to_thread(os.open, {str(tmp_path / "pipe")!r}, os.O_RDONLY))
    later(then)
wait(ready)
"""
    )
    window.wait_ready()
    window.end()
    check_nothing_stays(window, window.wait_end(END_TIMEOUT_S))


def test_window_when_live_and_the_answer_is_to_stay_then_the_broadcast_goes_on(
    start: Start,
) -> None:
    window = start(
        """
def stay():
    desktop.window._question.no_button.click()
    assert desktop.window.isVisible()
    assert desktop.studio._state.phase == "live"
    ready()
go_live(lambda: (close(), later(stay)))
"""
    )
    window.wait_ready()
    window.end()
    check_nothing_stays(window, window.wait_end(END_TIMEOUT_S))
