"""From the command to the painted window, from source and packaged, first and later starts.

The screen is looked at from outside, so what counts is what a person sees: more than a bare window.
Needs X11 (`dev.py bench` brings a screen). The packaged program is taken from dist/livehouse where
`dev.py package` has built it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.harness import report
from distribution.screen import Screen

TARGETS_S: Final = {"from source": 1.5, "packaged": 2.5}
"""Of a later start, when the files are in memory."""
PAINTED_TIMEOUT_S: Final = 60.0
CLOSED_TIMEOUT_S: Final = 20.0
OPEN_S: Final = 4
_PACKAGED: Final = Path("dist") / "livehouse" / "livehouse"


def main() -> int:
    options = _parse_options()
    if not os.environ.get("DISPLAY"):
        report.progress("startup: there is no X11 display")
        return 1
    commands = {"from source": [sys.executable, "-m", "app"]}
    if _PACKAGED.exists():
        commands["packaged"] = [str(_PACKAGED)]
    else:
        report.progress("startup: nothing in dist/livehouse; `dev.py package` builds it")
    screen = Screen()
    took_s: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(options.rounds + 1):
        # One after the other within a round, so that a busy machine is busy for both.
        for name, command in commands.items():
            took_s[name].append(_start(command, screen))
            report.progress(f"round {number}/{options.rounds} {name} {took_s[name][-1]:.2f} s")
    rows = [_row(name, seconds) for name, seconds in took_s.items()]
    header = ("start", "first s", "later s, median", "least", "most", "bound", "meets")
    report.say(report.make_table(header, rows))
    report.write_json(options.json, {"machine": report.describe_machine(), "seconds": took_s})
    return 0


def _start(command: list[str], screen: Screen) -> float:
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        arguments = ["--data-dir", folder, "--seconds", str(OPEN_S)]
        began_s = time.monotonic()
        process = subprocess.Popen([*command, *arguments], stderr=subprocess.DEVNULL)
        try:
            if not screen.wait_until_painted(PAINTED_TIMEOUT_S):
                raise SystemExit("startup: no window was painted")
            took_s = time.monotonic() - began_s
            process.wait(OPEN_S + CLOSED_TIMEOUT_S)
        finally:
            process.kill()
            process.wait()
        screen.wait_until_empty(CLOSED_TIMEOUT_S)
        return took_s


def _row(name: str, seconds: list[float]) -> list[str]:
    later = seconds[1:]
    figures = (seconds[0], statistics.median(later), min(later), max(later), TARGETS_S[name])
    meets = report.tell_meets(meets=statistics.median(later) <= TARGETS_S[name])
    return [name, *(f"{figure:.2f}" for figure in figures), meets]


def _parse_options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7, help="later starts of each kind")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
