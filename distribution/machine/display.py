"""A screen for what needs one, where there is none: an X server that goes with what it served."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from distribution.machine.steps import say

if TYPE_CHECKING:
    from collections.abc import Iterator

DISPLAY_TIMEOUT_S = 10.0
SCREEN = "1920x1080x24"


@contextlib.contextmanager
def a_display(screen: str = SCREEN, *, always: bool = False) -> Iterator[dict[str, str]]:
    """The environment for a child, on Linux with a screen of its own when there is none."""
    env = dict(os.environ)
    program = shutil.which("Xvfb")
    has_one = bool(env.get("DISPLAY")) and not always
    if not sys.platform.startswith("linux") or has_one or program is None:
        yield env
        return
    env.pop("WAYLAND_DISPLAY", None)
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", screen]
    # If this process is killed outright, the screen goes with it.
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        command = [setpriv, "--pdeathsig", "TERM", *command]
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl+C ends the tests first and the screen after them.
        process = subprocess.Popen(
            [*command, "-nolisten", "tcp", "-noreset"],
            pass_fds=(writing,),
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
        try:
            os.close(writing)
            number = read_display_number(reading)
            if number:
                env["DISPLAY"] = f":{number}"
            else:
                log.seek(0)
                say(f"Xvfb did not start:\n{log.read().decode(errors='replace')}")
            yield env
        finally:
            os.close(reading)
            process.terminate()
            process.wait()


def read_display_number(reading: int) -> str:
    """What Xvfb writes once it serves; "" when it ends or does not answer in time."""
    text = b""
    deadline = time.monotonic() + DISPLAY_TIMEOUT_S
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(reading, 32) if ready else b""
        if not part:
            return ""
        text += part
    return text.decode().strip()
