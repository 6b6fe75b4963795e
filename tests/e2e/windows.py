"""The real window as a child process, driven from within by a few lines of Python.

The child's own script stands where `python -m app` would: it may reach the made `Desktop` and does
what a hand would do, on the GUI thread, one step after the other.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[2]
START_TIMEOUT_S: Final = 60
_SCRIPT: Final = """
import sys
from app import __main__
from app.ui.desktop import Desktop
from PySide6.QtCore import QTimer

def say(words):
    print(words, flush=True)

def when(is_so, then):
    '''`then` as soon as `is_so`.'''
    def look():
        if is_so():
            timer.stop()
            then()
    timer = QTimer(desktop.window)
    timer.timeout.connect(look)
    timer.start(20)

def after_open(made):
    global desktop
    desktop = made
    work()

def work():
{work}

opened = Desktop.open
def open_and_work(self, link=""):
    opened(self, link)
    QTimer.singleShot(0, lambda: after_open(self))
Desktop.open = open_and_work
sys.argv = ["livehouse", "--data-dir", sys.argv[1], *sys.argv[2:]]
__main__.main()
"""


class WindowProcess:
    """`work` says "ready" when the state that the test wants is there."""

    def __init__(self, folder: Path, work: str, *arguments: str, **variables: str) -> None:
        self.data_dir = folder / "data"
        self.temp_dir = folder / "temp"
        self.temp_dir.mkdir(exist_ok=True, parents=True)
        script = _SCRIPT.format(work=textwrap.indent(textwrap.dedent(work), "    "))
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "TMPDIR": str(self.temp_dir),
            "LIVEHOUSE_DEBUG": "1",
            **variables,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, str(self.data_dir), *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_ready(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        words = self.process.stderr.read() if self.process.stderr is not None else ""
        raise AssertionError(f"the window never came there: {words}")

    def find_children(self) -> list[psutil.Process]:
        """Whatever descends from it, however far and whether or not it still lives itself."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                is_ours = process.environ().get("TMPDIR") == str(self.temp_dir)
                if is_ours and process.pid != self.process.pid:
                    found.append(process)
        return found

    def find_relay(self) -> psutil.Process:
        (relay,) = [
            child
            for child in self.find_children()
            if "server" in child.cmdline() and "run" in child.cmdline()
        ]
        return relay

    def end(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def wait_end(self, timeout_s: float = 30) -> str:
        """What it said on standard error. Its children have `timeout_s` together with it."""
        _, words = self.process.communicate(timeout=timeout_s)
        return words

    def find_living_children(self) -> list[str]:
        """After its end, and a moment for the system to bury them."""
        _, alive = psutil.wait_procs(self.find_children(), timeout=2)
        return [" ".join(child.cmdline()) for child in alive]

    def kill(self) -> None:
        """Whatever is left of it; for the end of a test that failed."""
        for child in self.find_children():
            child.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
