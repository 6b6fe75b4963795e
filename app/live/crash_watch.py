"""Crash reports of the window, in its data folder.

While the program runs, `run-PID.txt` lies there: what is running, the newest lines of the log, and,
if the process dies by a signal, faulthandler's traces at its end. An orderly end takes the file
away. The next start makes a report of a file with traces; one without them (kill -9, a power cut)
is dropped in silence, for there is nothing in it that anybody could mend, and whoever pulled the
plug need not be asked about it.

An exception that nobody caught, on whatever thread, becomes a report at once; the program goes on.
Reports wait for the next start's question, and are deleted with its answer. Nothing is ever sent.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import platform
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from app.errors import LivehouseError
from app.state.crash_text import clean, make_header, make_report, one_line, split_run
from wire.errors import WireError

if TYPE_CHECKING:
    from types import TracebackType

REPORTS_MAX: Final = 5
REPORTS_A_RUN_MAX: Final = 3
"""A fault in a loop must not push out the report of the first one."""
RUN_BYTES_MAX: Final = 64 * 1024
"""Of log in the run's file; then it begins again."""
LOG_LINES_MAX: Final = 200
LOG_LINE_CHARACTERS_MAX: Final = 500
TELL_INTERVAL_S: Final = 5.0
_LIBRARIES: Final = (
    "PySide6-Essentials",
    "av",
    "numpy",
    "opencv-python-headless",
    "opencv-python",
    "sounddevice",
    "websockets",
    "msgspec",
)
_log: Final = logging.getLogger(__name__)


class CrashWatch:
    """Watches from `with` to its end. Its hooks may be called on any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = str(Path.home())
        self._lock = threading.Lock()
        self._lines: deque[str] = deque(maxlen=LOG_LINES_MAX)
        self._handlers: tuple[logging.Handler, ...] = ()
        self._run_path = folder / f"run-{os.getpid()}.txt"
        self._run_file: IO[bytes] | None = None
        self._header = ""
        self._seen: set[tuple[str, ...]] = set()
        self._told_at_s = -TELL_INTERVAL_S
        self._pending: tuple[Path, ...] = ()
        self.on_failure: Callable[[], None] = lambda: None
        """Called on any thread when something failed and was written down."""

    def __enter__(self) -> Self:
        self._header = clean(make_header(_facts()), home=self._home)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._collect()
            self._run_file = self._run_path.open("wb", buffering=0)
            self._run_file.write(f"{self._header}\n".encode())
            faulthandler.enable(self._run_file, all_threads=True)
        except OSError as error:
            _log.warning("crash reports cannot be kept: %s", error)
        self._hook()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, LivehouseError):
            self._write_report(error, where="main", is_end=True)
        self._unhook()
        if self._run_file is not None:
            faulthandler.disable()
            self._run_file.close()
            self._run_file = None
        with contextlib.suppress(OSError):
            self._run_path.unlink(missing_ok=True)
            self._folder.rmdir()  # stays where reports are in it

    # --- the question of the next start ---------------------------------------------------------

    @property
    def has_crashed(self) -> bool:
        """Whether an earlier run ended by what waits; else it went on."""
        return any(path.name.startswith("crash-") for path in self._pending)

    def read_pending(self) -> str:
        """What earlier runs left, the newest first; empty where they left nothing."""
        found = []
        for path in self._pending:
            with contextlib.suppress(OSError):
                found.append(path.read_text("utf-8", errors="replace"))
        return f"\n{'-' * 72}\n\n".join(found)

    def forget_pending(self) -> None:
        for path in self._pending:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        self._pending = ()

    # --- what is left of earlier runs -----------------------------------------------------------

    def _collect(self) -> None:
        for path in sorted(self._folder.glob("run-*.txt")):
            if not _is_running(path):
                self._take_run(path)
        self._prune()
        reports = sorted(self._folder.glob("*-*.txt"), key=_age, reverse=True)
        self._pending = tuple(path for path in reports if not path.name.startswith("run-"))

    def _take_run(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            text = path.read_bytes()[-4 * RUN_BYTES_MAX :].decode("utf-8", "replace")
            began = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            path.unlink()  # another program's file that is open stays, on Windows
            header, log, fault = split_run(clean(text, home=self._home))
            if fault:
                title = "Livehouse crash report"
                self._save(
                    f"crash-{began:%Y%m%d-%H%M%S}",
                    make_report(title=title, header=header, trace=fault, log=log),
                )
            else:
                _log.info("the last run did not end in order, and left no traces")

    def _prune(self) -> None:
        reports = [p for p in self._folder.glob("*-*.txt") if not p.name.startswith("run-")]
        for path in sorted(reports, key=_age, reverse=True)[REPORTS_MAX:]:
            path.unlink(missing_ok=True)

    def _save(self, name: str, text: str) -> None:
        for number in range(REPORTS_MAX + 1):
            path = self._folder / f"{name}-{number}.txt"
            with contextlib.suppress(FileExistsError):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                return

    # --- what happens while the program runs ----------------------------------------------------

    def _hook(self) -> None:
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        # A handler of ours ends the default one that writes warnings to standard error: keep it.
        self._handlers = (_Tail(self._on_line, self._on_logged), _to_standard_error())
        for handler in self._handlers:
            logging.getLogger().addHandler(handler)
        logging.getLogger("app").setLevel(logging.INFO)

    def _unhook(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
        logging.getLogger("app").setLevel(logging.NOTSET)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._before[0](kind, error, trace)
        self._note(error, "main")

    def _on_thread_exception(self, told: threading.ExceptHookArgs) -> None:
        self._before[1](told)
        if told.exc_value is not None:
            self._note(told.exc_value, told.thread.name if told.thread is not None else "?")

    def _on_unraisable(self, told: sys.UnraisableHookArgs) -> None:
        self._before[2](told)
        if told.exc_value is not None:
            self._note(told.exc_value, threading.current_thread().name)

    def _on_logged(self, error: BaseException) -> None:
        self._note(error, threading.current_thread().name)

    def _note(self, error: BaseException, thread: str) -> None:
        if not isinstance(error, Exception):  # KeyboardInterrupt, SystemExit
            return
        self._write_report(error, where=thread, is_end=False)
        with self._lock:
            now_s = time.monotonic()
            is_told = now_s - self._told_at_s < TELL_INTERVAL_S
            if not is_told:
                self._told_at_s = now_s
        if not is_told:
            self.on_failure()

    def _write_report(self, error: Exception, *, where: str, is_end: bool) -> None:
        trace = "".join(traceback.format_exception(error))
        with self._lock:
            sign = _sign(error)
            if sign in self._seen or len(self._seen) >= REPORTS_A_RUN_MAX:
                return
            self._seen.add(sign)
            title = "Livehouse crash report" if is_end else "Livehouse error report"
            text = make_report(
                title=title,
                header=f"{self._header}thread: {where}\n",
                trace=clean(trace, home=self._home),
                log=tuple(self._lines),
            )
            stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
            with contextlib.suppress(OSError):
                self._save(f"{'crash' if is_end else 'error'}-{stamp}", text)
                self._prune()

    def _on_line(self, line: str) -> None:
        line = clean(one_line(line), home=self._home)[:LOG_LINE_CHARACTERS_MAX]
        with self._lock:
            self._lines.append(line)
            file = self._run_file
            if file is None:
                return
            with contextlib.suppress(OSError, ValueError):
                if file.tell() > RUN_BYTES_MAX:
                    file.seek(len(self._header.encode()) + 1)
                    file.truncate()
                file.write(f"{line}\n".encode("utf-8", "replace"))


class _Tail(logging.Handler):
    """Hands on each line, and each exception that our own code or asyncio logs as an error."""

    def __init__(
        self, on_line: Callable[[str], None], on_error: Callable[[BaseException], None]
    ) -> None:
        super().__init__(logging.INFO)
        self._on_line = on_line
        self._on_error = on_error

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        words = f"{at:%H:%M:%S} {record.levelname} {record.name}: {record.getMessage()}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            words += f" ({type(error).__name__}: {error})"
        self._on_line(words)
        is_foreseen = isinstance(error, LivehouseError | WireError)
        is_ours = record.name.partition(".")[0] in {"app", "asyncio"}
        if error is not None and record.levelno >= logging.ERROR and is_ours and not is_foreseen:
            self._on_error(error)


def _to_standard_error() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    return handler


def _facts() -> dict[str, str]:
    versions = []
    for name in _LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions.append(f"{name} {metadata.version(name)}")
    try:
        version = metadata.version("livehouse")
    except metadata.PackageNotFoundError:
        version = "unknown"
    return {
        "version": version,
        "python": sys.version,
        "platform": platform.platform(),
        "libraries": ", ".join(versions),
        "started": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }


def _sign(error: Exception) -> tuple[str, ...]:
    """The same fault again, whatever its message says this time."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return (type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames))


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_running(run_path: Path) -> bool:
    """Whether the run's process lives; on Windows the open file says so when it is deleted."""
    number = run_path.stem.removeprefix("run-")
    if not number.isdigit() or int(number) == os.getpid() or sys.platform == "win32":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
