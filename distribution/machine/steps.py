"""Running other programs, shown as what they are to the user: a step, or what was asked for."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

ROOT = Path(__file__).resolve().parents[2]

STEP_REPORT_INTERVAL_S = 10.0


class Stop(Exception):
    """A reason to stop that needs no traceback; the text is all that the user has to read."""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def as_typed(command: Sequence[str]) -> str:
    return " ".join(shlex.quote(part) for part in command)


def run_step(title: str, command: Sequence[str], env: dict[str, str] | None = None) -> None:
    """Run one step of the set-up, shown as one line; its whole output is shown if it fails."""
    started = time.monotonic()
    reported = started
    is_terminal = sys.stdout.isatty()
    lines: list[str] = []
    if not is_terminal:
        say(f"- {title} ...")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 # PIPE above; tells the type checker
        for line in process.stdout:
            lines.append(line)
            elapsed_s = time.monotonic() - started
            if is_terminal:
                detail = f"- {title}  {elapsed_s:.0f} s  {line.strip()}"
                sys.stdout.write("\r\x1b[K" + detail[: shutil.get_terminal_size().columns - 1])
                sys.stdout.flush()
            elif time.monotonic() - reported >= STEP_REPORT_INTERVAL_S:
                reported = time.monotonic()
                say(f"    {elapsed_s:.0f} s: {line.strip()[:90]}")
    start = "\r\x1b[K" if is_terminal else ""
    elapsed_s = time.monotonic() - started
    if process.returncode != 0:
        say(f"{start}- {title}: failed after {elapsed_s:.1f} s. The command and what it said:")
        say(f"  {as_typed(command)}")
        say("".join(lines))
        raise Stop(f"{title}: exit code {process.returncode}")
    say(f"{start}- {title}: {elapsed_s:.1f} s")


def run_in_foreground(command: Sequence[str], env: dict[str, str] | None = None) -> int:
    """Run what the user asked for on this terminal and return its exit code.

    Ctrl+C reaches the child by itself, so here it only means "go on waiting": the child may have
    a broadcast to end. SIGTERM reaches this process alone and is handed on.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=env)

    def hand_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    previous = signal.signal(signal.SIGTERM, hand_on)
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue
            return code if code >= 0 else 128 - code
    finally:
        signal.signal(signal.SIGTERM, previous)
