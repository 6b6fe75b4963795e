"""The real window in a process of its own, driven by mouse and keyboard from here."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
ANSWER_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 30.0
LOOK_INTERVAL_S = 0.05
END_AND_CLOSE = "End and close"


class DesktopFailed(AssertionError):
    """The window did not do what a person would expect of it."""


class DesktopProcess:
    """A context manager; ends in order when all went well, else by force."""

    def __init__(
        self,
        name: str,
        data_dir: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.data_dir = data_dir
        self.clicks: list[str] = []
        """What was clicked, in order."""
        self.keys: list[str] = []
        """What was pressed or typed."""
        self._arguments = arguments
        # A newcomer's own language would change the names by which a test finds things.
        self._environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
        self._environment |= environment or {}
        self._log = data_dir.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue(maxsize=16)
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None:
            self.stop()
        else:
            self.kill()

    # --- the process ------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.support.desktop_driver"),
                    *("--data-dir", str(self.data_dir), *self._arguments),
                ],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._answers = queue.Queue(maxsize=16)
        self._reader = threading.Thread(
            target=_read_lines, args=(self._process, self._answers), name=f"{self.name} answers"
        )
        self._reader.start()

    def find_relay(self) -> psutil.Process:
        """The relay that it hosts."""
        for child in psutil.Process(self.pid).children():
            if {"server", "run"} <= set(child.cmdline()):
                return child
        raise DesktopFailed(f"{self.name} hosts no relay")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    def stop(self) -> None:
        """As a person closes the window. The exit code must be 0 and nothing may be left."""
        process = self._running()
        if process.poll() is None:
            family = self.children()
            self._close()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
                raise DesktopFailed(f"{self.name} did not end: {self.log[-2000:]}") from None
            _, alive = psutil.wait_procs(family, timeout=1)
            if alive:
                raise DesktopFailed(f"{self.name} left {alive} behind")
        self._finish()
        if process.returncode != 0 or "Traceback" in self.log:
            raise DesktopFailed(f"{self.name} ended with {process.returncode}: {self.log[-4000:]}")

    def _close(self) -> None:
        """A window that is live asks back, and stays until it is answered."""
        is_closed = self._ask({"do": "close"})
        if not is_closed:
            self._do_when_possible({"do": "click", "name": END_AND_CLOSE}, ANSWER_TIMEOUT_S)

    def kill(self) -> None:
        """As a power cut would; its relay goes by itself."""
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        self._finish()

    # --- mouse, keyboard and eyes -----------------------------------------------------------------

    def click(self, name: str, timeout_s: float = ANSWER_TIMEOUT_S) -> None:
        """As soon as it can be clicked."""
        self.clicks.append(name)
        self._do_when_possible({"do": "click", "name": name}, timeout_s)

    def press(self, keys: str) -> None:
        self.keys.append(keys)
        self._ask({"do": "press", "keys": keys})

    def type(self, text: str) -> None:
        self.keys.append(text)
        self._ask({"do": "type", "text": text})

    def look(self) -> list[dict[str, Any]]:
        """Every widget that is to be seen and says anything."""
        return self._ask({"do": "look"})

    def sees(self, words: str) -> bool:
        """Whether these words stand anywhere in the window, for eyes or for a screen reader."""
        return any(
            words in str(widget[part])
            for widget in self.look()
            for part in ("name", "text", "description")
        )

    def texts(self) -> set[str]:
        """All that is written."""
        return {str(widget["text"]) for widget in self.look()}

    def description(self, name: str) -> str:
        """What a screen reader says of the first widget of this name; empty where there is none."""
        return next((w["description"] for w in self.look() if w["name"] == name), "")

    def clipboard(self) -> str:
        return self._ask({"do": "clipboard"})

    def grab(self, to: Path, name: str = "") -> Path:
        """A picture of one widget, or of the whole window."""
        self._do_when_possible({"do": "grab", "name": name, "to": str(to)}, ANSWER_TIMEOUT_S)
        return to

    def wait_for(self, words: str, timeout_s: float = ANSWER_TIMEOUT_S) -> float:
        """Until the window says so; the seconds that it took."""
        return self.wait_until(lambda: self.sees(words), f"{words!r}", timeout_s)

    def wait_until(
        self, holds: Callable[[], object], what: str, timeout_s: float = ANSWER_TIMEOUT_S
    ) -> float:
        began_s = time.monotonic()
        while not holds():
            if time.monotonic() - began_s > timeout_s:
                said = sorted(self.texts() - {""})
                raise DesktopFailed(f"{self.name} shows no {what} in {timeout_s:.0f} s: {said}")
            time.sleep(LOOK_INTERVAL_S)
        return time.monotonic() - began_s

    # --- within -----------------------------------------------------------------------------------

    def _do_when_possible(self, order: dict[str, Any], timeout_s: float) -> None:
        deadline_s = time.monotonic() + timeout_s
        while True:
            answer = self._send_and_read(order)
            if answer["ok"]:
                return
            if time.monotonic() > deadline_s:
                raise DesktopFailed(f"{self.name}: {answer['words']}")
            time.sleep(LOOK_INTERVAL_S)

    def _ask(self, order: dict[str, Any]) -> Any:
        answer = self._send_and_read(order)
        if not answer["ok"]:
            raise DesktopFailed(f"{self.name}: {answer['words']}")
        return answer["value"]

    def _send_and_read(self, order: dict[str, Any]) -> dict[str, Any]:
        self._send(order)
        try:
            line = self._answers.get(timeout=ANSWER_TIMEOUT_S)
        except queue.Empty:
            raise DesktopFailed(f"{self.name} stands still: {self.log[-2000:]}") from None
        if not line:
            raise DesktopFailed(f"{self.name} has ended: {self.log[-2000:]}")
        return msgspec.json.decode(line)

    def _send(self, order: dict[str, Any]) -> None:
        orders = self._running().stdin
        assert orders is not None
        with contextlib.suppress(BrokenPipeError):
            orders.write(msgspec.json.encode(order) + b"\n")
            orders.flush()

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process

    def _finish(self) -> None:
        process = self._running()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        if self._reader is not None:
            self._reader.join()


def _read_lines(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    """Each line, then an empty one. What nobody waits for any more is dropped."""
    assert process.stdout is not None
    for line in process.stdout:
        with contextlib.suppress(queue.Full):
            answers.put_nowait(line)
    with contextlib.suppress(queue.Full):
        answers.put_nowait(b"")
