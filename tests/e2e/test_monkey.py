"""A monkey at the window of a house that is live: whatever it does, nothing breaks, and it ends.

    python3 dev.py test tests/e2e/test_monkey.py

Another seed is another game: LIVEHOUSE_MONKEY_SEEDS="7 8 9" plays those.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_closing import HOST
from tests.e2e.windows import WindowProcess

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX"),
]

SEEDS = tuple(map(int, os.environ.get("LIVEHOUSE_MONKEY_SEEDS", "1 2").split()))
STEPS = 500
GAME_TIMEOUT_S = 300
"""A game takes twenty seconds; a busy machine may take its time."""
STEPS_TOLD = 40
FAULTS = ("Traceback", "QThread", "QObject", "QPainter", "QWidget", "never awaited", "retrieved")
"""What Qt and asyncio say of a program that uses them wrongly."""


@pytest.mark.parametrize("seed", SEEDS)
def test_window_when_a_monkey_plays_with_it_then_nothing_breaks_and_it_ends(
    tmp_path: Path, seed: int
) -> None:
    record = tmp_path / "steps.txt"
    window = WindowProcess(
        tmp_path,
        f"""{HOST}
from tests.support.monkey import Monkey
def play():
    global monkey
    monkey = Monkey(
        desktop,
        seed={seed},
        steps={STEPS},
        record=open({str(record)!r}, "w"),
        on_end=desktop.window.close_now,
    )
    monkey.begin()
watch(play)
""",
        HOME=str(tmp_path),
    )
    try:
        words = window.wait_end(GAME_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        window.end(signal.SIGABRT)  # it writes down where every thread stands
        words = window.wait_end()
    finally:
        steps = record.read_text().splitlines() if record.exists() else []
        window.kill()
    last = "\n".join(steps[-STEPS_TOLD:])
    told = f"seed {seed}, after:\n{last}\n{words[-8000:]}{read_crash(window)}"
    assert window.process.returncode == 0, told
    assert steps, told
    assert steps[-1] == "0 the end", told
    assert not [fault for fault in FAULTS if fault in words], told


def read_crash(window: WindowProcess) -> str:
    files = sorted((window.data_dir / "crashes").glob("*"))
    return "".join(file.read_text(errors="replace")[-8000:] for file in files)
