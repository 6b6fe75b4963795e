"""The real window fails in every way it can; the next start has the report."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.windows import WindowProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")

Start = Callable[..., WindowProcess]
LOOK = """
from app.ui.crash_offer import CrashOffer
def look():
    offers = desktop.window.findChildren(CrashOffer)
    for offer in offers:
        offer.show_button.click()
        say("TITLE " + offer._title.text())
        say(offer.text.toPlainText())
        offer.dismiss_button.click()
    say(f"offers {len(offers)}")
    desktop.window.close()
QTimer.singleShot(200, look)
"""
SLOT = """
from PySide6.QtWidgets import QPushButton
button = QPushButton()
button.clicked.connect(lambda: {}["lost in a slot"])
button.click()
when(desktop.window._toast.isVisible, lambda: (
    say("TOAST " + desktop.window._toast.text()), desktop.window.close()))
"""
THREAD = """
import threading
threading.Thread(target=lambda: {}["lost in a thread"], name="worker").start()
when(desktop.window._toast.isVisible, desktop.window.close)
"""
LOOP = """
async def fail():
    raise ZeroDivisionError("lost on the loop")
desktop._loop.submit(fail())
when(desktop.window._toast.isVisible, desktop.window.close)
"""
SEGFAULT = """
import ctypes
QTimer.singleShot(200, lambda: ctypes.string_at(0))
"""
ABORT = """
from PySide6.QtCore import qFatal
QTimer.singleShot(200, lambda: qFatal("Qt gives up"))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    made = []

    def make(work: str, *arguments: str) -> WindowProcess:
        made.append(WindowProcess(tmp_path, work, *arguments))
        return made[-1]

    yield make
    for window in made:
        window.kill()


def run(start: Start, work: str) -> tuple[int, str]:
    window = start(work)
    said, _ = window.process.communicate(timeout=60)
    return window.process.returncode, said


@pytest.mark.parametrize(
    ("work", "code", "title", "trace"),
    [
        (SLOT, 0, "Something failed inside", "KeyError: 'lost in a slot'"),
        (THREAD, 0, "Something failed inside", "KeyError: 'lost in a thread'"),
        (LOOP, 0, "Something failed inside", "ZeroDivisionError: lost on the loop"),
        (SEGFAULT, -signal.SIGSEGV, "did not end well", "Segmentation fault"),
        (ABORT, -signal.SIGABRT, "did not end well", "Aborted"),
    ],
    ids=["slot", "thread", "loop", "segfault", "abort"],
)
def test_window_when_it_fails_then_the_next_start_offers_the_report_once(
    start: Start, work: str, code: int, title: str, trace: str
) -> None:
    ended, said = run(start, work)
    assert ended == code
    if work is SLOT:
        assert "TOAST Something failed inside Livehouse, and it goes on." in said
    ended, said = run(start, LOOK)
    assert ended == 0
    assert title in said
    assert trace in said
    assert "version: " in said
    assert "offers 1" in said
    ended, said = run(start, LOOK)
    assert (ended, said.strip()) == (0, "offers 0")


def test_window_when_it_is_killed_then_the_next_start_does_not_nag(start: Start) -> None:
    window = start('QTimer.singleShot(200, lambda: say("ready"))')
    window.wait_ready()
    window.end(signal.SIGKILL)
    window.wait_end()
    ended, said = run(start, LOOK)
    assert (ended, said.strip()) == (0, "offers 0")
    assert not (window.data_dir / "crashes").exists()
