"""The demo's house as a child process, so that its encoders never hold up the window.

It says where its relay is by one line of JSON on its standard output, and ends in order when its
standard input is closed: also when this program is gone, however it went.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from app.errors import LivehouseError, RelayUnreachable
from app.programs import desktop_command

if TYPE_CHECKING:
    from app.settings import DemoSettings

END_TIMEOUT_S: Final = 20.0
"""More than the audience's, the broadcasts' and the relay's own bounds together."""


class DemoReady(Struct, frozen=True, kw_only=True):
    """The line."""

    url: str
    pin: str | None = None


@contextlib.contextmanager
def running_demo_house(folder: Path, settings: DemoSettings) -> Iterator[DemoReady]:
    """Open from the beginning of the block to its end. Blocks while it opens.

    What the child has to say goes to standard error. Raises LivehouseError when it does not open.
    """
    process = subprocess.Popen(
        _command(folder, settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Ctrl+C reaches the whole console; the house goes last, when we say so.
        start_new_session=sys.platform != "win32",
        creationflags=_WINDOWS_FLAGS,
    )
    try:
        yield _read_ready(process)
    finally:
        _end(process)


def _command(folder: Path, settings: DemoSettings) -> list[str]:
    options = ["--data-dir", str(folder), "--viewers", str(settings.viewers)]
    options += ["--seed", str(settings.seed)]
    if settings.relay:
        options += ["--relay", settings.relay]
    if settings.pin:
        options += ["--pin", settings.pin]
    files = [str(file) for file in settings.files]
    return [*desktop_command(), "demo", "--as-child", *options, "--", *files]


def _read_ready(process: subprocess.Popen[bytes]) -> DemoReady:
    if process.stdout is None:
        raise RelayUnreachable("the demo house has no standard output")
    for line in process.stdout:
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(line, type=DemoReady)
    code = process.wait()
    raise LivehouseError(f"the demo house did not open (exit code {code})")


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_WINDOWS_FLAGS: Final = int(getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0))
