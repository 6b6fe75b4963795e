"""Starts `livehouse-relay` and `livehouse` as a user would, and stops what it started."""

from __future__ import annotations

import asyncio
import json
import os
import re
import selectors
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).parents[2]
READY_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 15.0


@dataclass(frozen=True)
class Room:
    id: str
    name: str
    publish_key: str


class RelayProgram:
    """A relay on a free port of this machine; a context manager."""

    def __init__(self, data_dir: Path, *, room: str = "hall", port: int = 0) -> None:
        self._data_dir = data_dir
        self._room_name = room
        self._port = port
        self.url = ""
        self.room = Room("", "", "")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._port

    @property
    def log(self) -> str:
        return self._log_path.read_text("utf-8")

    def metric(self, name: str) -> float:
        """One figure of its metrics page."""
        address = f"http://127.0.0.1:{self._port}/metrics"
        with urllib.request.urlopen(address, timeout=5) as response:  # our own relay
            text = response.read().decode()
        found = re.search(rf"^livehouse_{name} (\S+)$", text, re.MULTILINE)
        assert found is not None, f"no metric {name}"
        return float(found[1])

    @property
    def _log_path(self) -> Path:
        return self._data_dir.with_suffix(".log")

    def start(self) -> None:
        arguments = ["--data-dir", str(self._data_dir), "--host", "127.0.0.1"]
        arguments += ["--port", str(self._port), "--print-ready", "--room", self._room_name]
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", "run", *arguments],
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        ready = json.loads(read_line(self._process, READY_TIMEOUT_S))
        self.url = ready["url"]
        self._port = int(self.url.rpartition(":")[2])
        room = ready["rooms"][0]
        self.room = Room(**{field: room[field] for field in ("id", "name", "publish_key")})

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_TIMEOUT_S)
        _close_pipes(self._process)

    def stop(self) -> None:
        assert self._process is not None
        code = stop(self._process)
        assert code == 0, f"the relay ended with {code}: {self.log[-2000:]}"
        assert "Traceback" not in self.log


class LivehouseProgram:
    """`livehouse ...` in the background; a context manager, `running_livehouse` beside a loop.

    What it says stays readable as `log` after its end.
    """

    def __init__(
        self,
        *arguments: str,
        says_to: Path,
        publish_key: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._arguments = arguments
        self._says_to = says_to
        self._publish_key = publish_key
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None:
            self.stop()
        else:
            self.kill()

    @property
    def log(self) -> str:
        return self._says_to.read_text("utf-8")

    def start(self) -> None:
        self._process = start_livehouse(
            *self._arguments,
            publish_key=self._publish_key,
            errors_to=self._says_to,
            environment=self._environment,
        )

    def kill(self) -> None:
        """As a power cut would. Does nothing to one that has ended."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_TIMEOUT_S)

    def wait(self, timeout_s: float) -> None:
        """Until it has ended by itself, in order."""
        assert self._process is not None
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end in {timeout_s:.0f} s: {self.log}") from None
        self._check(code)

    def stop(self) -> None:
        """End it in order. Does nothing to one that has ended in order."""
        assert self._process is not None
        self._check(stop(self._process))

    def _check(self, code: int) -> None:
        assert code == 0, f"livehouse ended with {code}: {self.log}"
        assert "Traceback" not in self.log


@asynccontextmanager
async def running_livehouse(program: LivehouseProgram) -> AsyncIterator[LivehouseProgram]:
    """For a test whose own loop carries the program's bytes: its end must not block that loop."""
    program.start()
    try:
        yield program
        await asyncio.to_thread(program.stop)
    finally:
        program.kill()


def start_livehouse(
    *arguments: str,
    publish_key: str = "",
    errors_to: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """`livehouse ...` in the background; its standard error goes to a file."""
    variables = {**os.environ, **(environment or {})}
    variables.pop("LIVEHOUSE_PUBLISH_KEY", None)
    if publish_key:
        variables["LIVEHOUSE_PUBLISH_KEY"] = publish_key
    with errors_to.open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            cwd=PROJECT,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )


def read_line(process: subprocess.Popen[bytes], timeout_s: float) -> str:
    """The first line on a process's standard output."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if not selector.select(timeout_s):
            raise AssertionError(f"nothing was printed within {timeout_s:.0f} s")
    line = process.stdout.readline().decode()
    assert line, "the process ended without a line"
    return line


def stop(process: subprocess.Popen[bytes]) -> int:
    """End a process in order, by its id. Returns its exit code."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_TIMEOUT_S)
        raise
    finally:
        _close_pipes(process)
    return code


def wait_until(holds, timeout_s: float, what: str) -> None:
    """Ask again and again; AssertionError when it does not come true in time."""
    deadline_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"{what} did not happen within {timeout_s:.0f} s")
        time.sleep(0.05)


async def until(holds: Callable[[], object], timeout_s: float, what: str) -> None:
    """The same on an asyncio loop, for what no event tells: a file or another program's words."""
    deadline_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"{what} did not happen within {timeout_s:.0f} s")
        await asyncio.sleep(0.05)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is not None:
        process.stdout.close()
