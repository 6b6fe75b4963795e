"""A real relay in a process of its own: started, measured, stopped or killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psutil
from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
"""The promise: SIGTERM, exit code 0 within this."""


@dataclass
class RelayProcess:
    """One data folder, and the relay that serves it now. May be started again after its end."""

    data_dir: Path
    port: int = 0
    """0 until the first start; a later start takes the same port again."""
    rooms: tuple[str, ...] = ("hall",)
    arguments: tuple[str, ...] = ()
    """Further flags of `run`."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Server limits other than the defaults, set by a start script of the tests."""
    strangers: bool = False
    """Loopback addresses other than 127.0.0.1 are counted as peers elsewhere."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beside this process's own."""
    ready: dict[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    @property
    def log_path(self) -> Path:
        return self.data_dir.with_suffix(".log")

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    @property
    def room_id(self) -> str:
        return str(self.ready["rooms"][0]["id"])

    @property
    def publish_key(self) -> str:
        return str(self.ready["rooms"][0]["publish_key"])

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Return when it serves."""
        with self.log_path.open("ab") as log:
            self._process = process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
            )
        assert process.stdout is not None
        deadline = threading.Timer(START_TIMEOUT_S, process.kill)
        deadline.start()
        try:
            line = process.stdout.readline()
        finally:
            deadline.cancel()
        assert line, f"the relay did not start:\n{self.log()[-2000:]}"
        self.ready = msgspec.json.decode(line)
        self.port = int(self.url.rpartition(":")[2])

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> float:
        """SIGTERM. Returns the seconds that it took; the exit code must be 0."""
        assert self._process is not None
        began_s = time.monotonic()
        self._process.terminate()
        try:
            code = self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end the relay in {STOP_TIMEOUT_S} s") from None
        self._close_output()
        assert code == 0, f"exit code {code}:\n{self.log()[-2000:]}"
        return time.monotonic() - began_s

    def kill(self) -> None:
        """SIGKILL, as a power cut. Does nothing to a relay that has ended."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close_output()

    def log(self) -> str:
        return self.log_path.read_text("utf-8", errors="replace") if self.log_path.exists() else ""

    def rss_mb(self) -> float:
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP: the process holds its sockets and does nothing."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, content type and text of a page. Blocks; the relay is another process."""
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=5) as answer:  # our own address
            return answer.status, answer.headers["Content-Type"], answer.read().decode()

    def metrics(self) -> dict[str, float]:
        """Samples by name; those with a label as `name{cause}`."""
        _, _, text = self.get("/metrics")
        return {
            sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def _command(self) -> list[str]:
        if self.limits or self.strangers:
            wishes = {
                "data_dir": str(self.data_dir),
                "port": self.port,
                "rooms": self.rooms,
                "limits": dict(self.limits),
                "strangers": self.strangers,
            }
            script = Path(__file__).with_name("limited_relay.py")
            return [sys.executable, "-W", "error", str(script), json.dumps(wishes)]
        options = ["--data-dir", str(self.data_dir), "--port", str(self.port), "--print-ready"]
        options += [part for room in self.rooms for part in ("--room", room)]
        return [sys.executable, "-W", "error", "-m", "server", "run", *options, *self.arguments]

    def _close_output(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()


@contextlib.contextmanager
def running_relay(data_dir: Path, **options: Any) -> Iterator[RelayProcess]:
    """A relay that serves, and that ends in order when the test has passed."""
    relay = RelayProcess(data_dir, **options)
    relay.start()
    try:
        yield relay
        if relay.is_running():
            relay.stop()
        assert "Traceback" not in relay.log(), relay.log()[-4000:]
    finally:
        relay.kill()
