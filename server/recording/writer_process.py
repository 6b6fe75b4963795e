"""The relay's end of the process that writes.

What it does not take waits in a bounded buffer. Where that is full, recordings lose and viewers
never do: see `Recorder`.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.background import BackgroundTasks
from server.programs import relay_command
from server.recording.pipe import parse_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.recording.pipe import Report

_log = structlog.get_logger(__name__)

STOP_TIMEOUT_S: Final = 3.0
"""How long the files may take to be closed when the relay stops."""
GATHER_S: Final = 0.05
"""Packets wait so long for others: a write for each held the loop up four times as long (57 us)."""
GATHERED_BYTES: Final = 64 * 1024
REPORT_BYTES_MAX: Final = 4 * 1024 * 1024
"""One that goes on tells where it can be begun at: 30 bytes for every 2 s."""


class WriterProcess:
    """Started when something is first sent. Event loop's thread only."""

    def __init__(self, *, on_report: Callable[[Report], None], on_died: Callable[[], None]) -> None:
        self._on_report = on_report
        self._on_died = on_died
        self._process: asyncio.subprocess.Process | None = None
        self._gathered: list[bytes | memoryview] = []
        """What is to be written with the next write, or when it has started."""
        self._gathered_bytes = 0
        self._waiting_at_most = 0
        """The process only takes away from it: asking the transport costs more than the rest."""
        self._timer: asyncio.TimerHandle | None = None
        self._is_starting = False
        self._is_stopping = False
        self._tasks = BackgroundTasks()

    def waiting_bytes(self) -> int:
        """What it has not taken yet."""
        stdin = self._process.stdin if self._process is not None else None
        waiting = stdin.transport.get_write_buffer_size() if stdin is not None else 0
        return waiting + self._gathered_bytes

    def has_waiting_more_than(self, limit: int) -> bool:
        """The same as of `waiting_bytes`, for every packet."""
        if self._waiting_at_most > limit:
            self._waiting_at_most = self.waiting_bytes()
        return self._waiting_at_most > limit

    def send(self, head: bytes, body: bytes | memoryview = b"") -> None:
        """Never waits. Neither is copied before they are written."""
        if self._is_stopping:
            return
        self._gathered += (head, body)
        size = len(head) + len(body)
        self._gathered_bytes += size
        self._waiting_at_most += size
        if self._process is None:
            if not self._is_starting:
                self._is_starting = True
                self._tasks.start(self._run(), name="recordings")
        elif self._gathered_bytes >= GATHERED_BYTES:
            self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER_S, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        gathered, self._gathered, self._gathered_bytes = self._gathered, [], 0
        stdin = self._process.stdin if self._process is not None else None
        if gathered and stdin is not None and not stdin.transport.is_closing():
            stdin.write(b"".join(gathered))
            self._waiting_at_most = self.waiting_bytes()

    async def stop(self) -> None:
        """Let it close its files; their reports still come. Kill it where that takes too long."""
        self._is_stopping = True
        process = self._process
        if process is not None and process.stdin is not None:
            self._flush()
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    while len(self._tasks):
                        await self._tasks.wait_any()
            _kill(process)
        await self._tasks.close()

    async def _run(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *relay_command(),
                "write-recordings",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=REPORT_BYTES_MAX,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            _log.warning("nothing is recorded", cause=error.strerror)
            self._end()
            return
        self._process = process
        self._flush()
        try:
            await self._read(process)
        finally:
            _kill(process)
            self._end()
        await process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while True:
            try:
                line = await process.stdout.readline()
                if not line:
                    return
                report = parse_report(line)
            except (ValueError, OSError, msgspec.DecodeError) as error:
                _log.warning("the recordings' process failed", cause=type(error).__name__)
                return
            self._on_report(report)

    def _end(self) -> None:
        self._process, self._is_starting = None, False
        if self._timer is not None:
            # It would throw away what the next process is to hear first.
            self._timer.cancel()
            self._timer = None
        self._gathered, self._gathered_bytes, self._waiting_at_most = [], 0, 0
        if not self._is_stopping:
            self._on_died()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
