"""The bundled relay as a child of the desktop program.

It is spoken to exactly as any other relay. It says where it listens by one line of JSON on its
standard output; its log goes to a file beside its data.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from app.errors import BadInput, HouseUnusable, RelayUnreachable
from app.programs import RELAY_PROGRAM, relay_command

READY_TIMEOUT_S: Final = 40.0
"""From one sign of life to the next. A first start makes a database and a certificate; a new
version may bring a large database up to date, and its log says all the while that it is at it."""
NOT_THE_PORT: Final = (2, 3)
"""Exit codes of a relay whose settings or database cannot be used, on any port."""
LAST_WORDS_BYTES: Final = 4_096
NEWER: Final = "made by a newer Livehouse"
"""In the relay's words of a database; a test starts it on such a one."""
TERMINATE_TIMEOUT_S: Final = 10.0
"""The relay's own promise: SIGTERM to exit within 10 s."""
READY_LINE_BYTES_MAX: Final = 64 * 1024


class HostedRoom(Struct, frozen=True):
    """A room that the relay made sure of at its start."""

    id: str
    name: str
    publish_key: str

    def __repr__(self) -> str:
        return f"HostedRoom(id={self.id!r}, name={self.name!r}, publish_key=***)"


class ReadyLine(Struct, frozen=True):
    """What `--print-ready` prints."""

    ready: bool
    url: str
    data_dir: str = ""
    fingerprint: str = ""
    """SHA-256 of its certificate; empty without TLS."""
    rooms: tuple[HostedRoom, ...] = ()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


class RelayProcess:
    """A running relay child; `start` makes one."""

    def __init__(
        self, process: asyncio.subprocess.Process, ready: ReadyLine, log: IO[bytes]
    ) -> None:
        self._process = process
        self._log = log
        self.ready = ready

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """Until the relay ends by itself; its exit code."""
        return await self._process.wait()

    async def stop(self) -> None:
        """In order, and by force when that takes longer than the relay promises."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(TERMINATE_TIMEOUT_S):
                    await self._process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
        self._log.close()


async def start_relay(
    *, data_dir: Path, room: str = "", host: str = "127.0.0.1", port: int = 0
) -> RelayProcess:
    """Start the bundled relay; port 0 takes a free one. Raises RelayUnreachable, and HouseUnusable
    where its data cannot be used.

    Beyond loopback the relay speaks TLS by itself.
    """
    log_path = data_dir / "relay.log"
    log = _open_log(log_path)
    arguments = ["run", "--data-dir", str(data_dir), "--host", host]
    arguments += ["--port", str(port), "--print-ready", "--stop-with-stdin"]
    if room:
        arguments += ["--room", room]
    try:
        process = await asyncio.create_subprocess_exec(
            *relay_command(),
            *arguments,
            # Never written to: its end tells the relay that we are gone, however we went.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            limit=READY_LINE_BYTES_MAX,
            # Ctrl-C reaches the whole console; the relay goes last, when we say so.
            start_new_session=sys.platform != "win32",
            creationflags=_WINDOWS_FLAGS,
        )
    except OSError as error:
        log.close()
        raise RelayUnreachable(f"the bundled relay cannot be started: {error}") from None
    try:
        ready = await _read_ready(process, log_path, log.tell())
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        log.close()
        raise
    return RelayProcess(process, ready, log)


def _open_log(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError as error:
        raise BadInput(f"cannot write {path}: {error.strerror or error}") from None


_WINDOWS_FLAGS: Final = int(getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0))


async def _read_ready(
    process: asyncio.subprocess.Process, log_path: Path, log_start: int
) -> ReadyLine:
    stdout = process.stdout
    if stdout is None:
        raise RelayUnreachable("the bundled relay has no standard output")
    late = RelayUnreachable(
        f"the bundled relay was not ready within {READY_TIMEOUT_S:.0f} s; see {log_path}"
    )
    size = log_start
    while True:
        try:
            line = await asyncio.wait_for(stdout.readline(), READY_TIMEOUT_S)
        except ValueError:
            raise late from None
        except TimeoutError:
            before, size = size, _size(log_path)
            if size <= before:
                raise late from None
            continue
        if not line:
            break
        with contextlib.suppress(msgspec.DecodeError):
            ready = msgspec.json.decode(line, type=ReadyLine)
            if ready.ready:
                return ready
    code = await process.wait()
    words = _last_words(log_path, log_start)
    if words and code in NOT_THE_PORT:
        raise HouseUnusable(words, is_newer=NEWER in words)
    raise RelayUnreachable(words or f"the relay ended with exit code {code}; see {log_path}")


def _size(log_path: Path) -> int:
    try:
        return log_path.stat().st_size
    except OSError:
        return 0


def _last_words(log_path: Path, start: int) -> str:
    """Why it ended, in its own words; empty where it left none."""
    try:
        with log_path.open("rb") as log:
            log.seek(max(start, _size(log_path) - LAST_WORDS_BYTES))
            lines = log.read(LAST_WORDS_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return ""
    mark = f"{RELAY_PROGRAM}: "
    said = [line for line in lines if line.startswith(mark)]
    return said[-1].removeprefix(mark) if said else ""
