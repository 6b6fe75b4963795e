"""The programs that a bench runs: started, read line by line, measured, ended by their own id."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

ROOT = Path(__file__).parents[2]
READY_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
ERROR_LINES_SHOWN = 15


class ProcessFailed(Exception):
    """A program of the bench did not do its part. The words hold the end of what it said."""


class BenchProcess:
    """A child that says what it does in JSON lines on stdout, and stops when stdin is closed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        cores: frozenset[int] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 # closed in `stop`
        with started_on(cores):
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(env or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                encoding="utf-8",
            )
        self._lines: queue.Queue[str | None] = queue.Queue(maxsize=1_000)
        """None once stdout has ended."""
        self._reader = threading.Thread(target=self._read_lines, name=f"{name} lines", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def read_json(self, timeout_s: float = READY_TIMEOUT_S) -> dict[str, Any]:
        """The next line. Raises ProcessFailed when none comes in time or it is not an object."""
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            raise self.failure(f"said nothing for {timeout_s:.0f} s") from None
        if line is None:
            raise self.failure("ended early")
        try:
            value = json.loads(line)
        except ValueError:
            raise self.failure(f"said {line[:200]!r} instead of JSON") from None
        if not isinstance(value, dict):
            raise self.failure(f"said {line[:200]!r} instead of an object")
        return value

    def read_event(self, event: str, timeout_s: float = READY_TIMEOUT_S) -> dict[str, Any]:
        """The next line, which must have this `event`."""
        value = self.read_json(timeout_s)
        if value.get("event") != event:
            raise self.failure(f"said {value} instead of {event!r}")
        return value

    def ask(
        self, name: str, /, *, timeout_s: float = READY_TIMEOUT_S, **fields: object
    ) -> dict[str, Any]:
        """Write `{"do": name, ...}` and return its answer, the event of that name."""
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps({"do": name, **fields}) + "\n")
                stdin.flush()
        except BrokenPipeError:
            raise self.failure("ended early") from None
        return self.read_event(name, timeout_s)

    def tell(self, line: str = "") -> None:
        """Write one line to it."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(f"{line}\n")
                self._process.stdin.flush()

    def cpu_s(self) -> float:
        """User and system time of this process alone, so far."""
        try:
            times = psutil.Process(self.pid).cpu_times()
        except psutil.NoSuchProcess:
            raise self.failure("ended early") from None
        return float(times.user + times.system)

    def children_cpu_s(self) -> float:
        """The same of the children that it has now."""
        try:
            times = [child.cpu_times() for child in psutil.Process(self.pid).children()]
        except psutil.NoSuchProcess:
            return 0.0
        return float(sum(one.user + one.system for one in times))

    def memory_bytes(self) -> int:
        return int(psutil.Process(self.pid).memory_info().rss)

    def close_input(self) -> None:
        """Ask for the end."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def wait(self, timeout_s: float = STOP_TIMEOUT_S) -> int:
        """The exit code. Raises ProcessFailed when it does not end."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise self.failure(f"did not end within {timeout_s:.0f} s") from None

    def stop(self) -> None:
        """End it, politely first. Safe to call twice."""
        self.close_input()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._reader.join(STOP_TIMEOUT_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _read_lines(self) -> None:
        """In a thread of its own: a pipe cannot be read with a timeout on every system."""
        if self._process.stdout is not None:
            for line in self._process.stdout:
                with contextlib.suppress(queue.Full):
                    self._lines.put_nowait(line)
        self._lines.put(None)

    def failure(self, what: str) -> ProcessFailed:
        """To be raised: what is wrong, and the end of what the program wrote to stderr."""
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").splitlines()[-ERROR_LINES_SHOWN:]
        return ProcessFailed("\n".join([f"{self.name} {what}", *said]))


def machine_busy_s() -> float:
    """Core seconds that the whole machine has worked, since it started."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # guest time is in user time already
    return float(sum(value for name, value in times.items() if name not in idle))


def children_cpu_s(pid: int) -> float:
    """User and system time of all that a process has started, and those have."""
    total_s = 0.0
    for child in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            total_s += times.user + times.system
    return total_s


def display_cpu_s() -> float:
    """Of the X server that `dev.py` has started beside the bench, else of all that are here."""
    parent = psutil.Process().parent()
    beside = parent.children() if parent is not None else []
    servers = [one for one in beside if _is_display(one)]
    total_s = 0.0
    for server in servers or [one for one in psutil.process_iter() if _is_display(one)]:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            times = server.cpu_times()
            total_s += times.user + times.system
    return total_s


def _is_display(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return process.name() in {"Xvfb", "Xorg", "Xwayland"}
    return False


class RelayRoom(NamedTuple):
    """Where the relay of a bench is, and the room in which it happens."""

    process: BenchProcess
    url: str
    room_id: str
    publish_key: str


@contextlib.contextmanager
def running_relay(
    *arguments: str,
    cores: frozenset[int] | None = None,
    room: str = "bench",
    prepare: Callable[[Path], None] | None = None,
) -> Iterator[RelayRoom]:
    """The real relay with an empty data folder, serving; stopped and wiped at the end.

    `prepare` may fill the folder before the relay starts.
    """
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as data_dir:
        if prepare is not None:
            prepare(Path(data_dir))
        command = [
            *(sys.executable, "-m", "server", "run", "--data-dir", data_dir),
            *("--host", "127.0.0.1", "--port", "0", "--print-ready", "--room", room),
            *arguments,
        ]
        with BenchProcess("the relay", command, cores=cores) as process:
            ready = process.read_json()
            first = ready["rooms"][0]
            yield RelayRoom(process, ready["url"], first["id"], first["publish_key"])


class CoreSplit(NamedTuple):
    """None where processes cannot be pinned or there is one core only."""

    sender: frozenset[int] | None
    """One core for the relay (or the C sender), which it shares with nothing of ours."""
    load: frozenset[int] | None
    """All others: publisher and viewers."""


def split_cores() -> CoreSplit:
    if not hasattr(os, "sched_getaffinity"):
        return CoreSplit(None, None)
    first, *others = sorted(os.sched_getaffinity(0))
    if not others:
        return CoreSplit(None, None)
    return CoreSplit(frozenset([first]), frozenset(others))


@contextlib.contextmanager
def started_on(cores: frozenset[int] | None) -> Iterator[None]:
    """Children started within have these cores from their first instruction on, in all threads."""
    if cores is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_open_files_limit() -> None:
    """As far as the system lets us, for us and our children: a viewer is an open file."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 # does not exist on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def wait_s(seconds: float) -> None:
    threading.Event().wait(seconds)
