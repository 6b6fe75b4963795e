"""A newcomer's first minute: from an empty folder to a second window that sees and hears it.

Two real windows on this machine, driven by mouse and keyboard as the tests drive them, with a
virtual microphone and loudspeaker and no camera. Times are from the first program's start, and
what a person needs to read and to aim is not in them: a click comes as soon as its button is there.
Needs a display (`dev.py bench` brings one) and PulseAudio.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from app.media.capture.devices import list_cameras
from benchmarks.harness import report
from benchmarks.harness.processes import machine_busy_s
from tests.e2e.sound_card import find_what_lacks, running_sound_card
from tests.support.desktop_process import DesktopFailed
from tests.support.first_minute import TONE_LEVEL, FirstMinute, first_minute

TARGET_S_MAX = 60.0
CLICKS_MAX = 6


class Round(NamedTuple):
    """One first minute, with everything before it forgotten."""

    marks: dict[str, float]
    """Seconds since the start at which each step was done."""
    clicks: list[str]
    keys: list[str]
    level: float
    """Of the tone from the loudspeaker; what went into the microphone has `TONE_LEVEL`."""
    busy_cores: float
    """Of the whole machine, everything of ours included."""

    @property
    def total_s(self) -> float:
        return max(self.marks.values())


def main() -> int:
    options = _parse_options()
    if lacks := _find_what_lacks():
        report.progress(f"first_minute: {lacks}")
        return 1
    rounds: list[Round] = []
    try:
        for number in range(options.rounds):
            rounds.append(_run_round())
            report.progress(
                f"round {number + 1}/{options.rounds} {rounds[-1].total_s:.1f} s, "
                f"{rounds[-1].busy_cores:.1f} cores busy"
            )
    except DesktopFailed as failure:
        report.progress(f"first_minute: {failure}")
        return 1
    _show(rounds)
    report.write_json(options.json, _to_json(options, rounds))
    return 0


def _find_what_lacks() -> str:
    if list_cameras():
        return "there is a camera: nobody shall be filmed by a bench"
    return find_what_lacks()


def _run_round() -> Round:
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        with running_sound_card() as card, first_minute(Path(folder), card) as minute:
            began_s, busy_s = time.monotonic(), machine_busy_s()
            _walk(minute)
            elapsed_s = time.monotonic() - began_s
            busy_cores = (machine_busy_s() - busy_s) / elapsed_s
            level = minute.level
        return Round(
            marks={name: round(at_s, 3) for name, at_s in minute.marks.items()},
            clicks=[*minute.host.clicks, *minute.guest.clicks],
            keys=[*minute.host.keys, *minute.guest.keys],
            level=round(level, 3),
            busy_cores=round(busy_cores, 2),
        )


def _walk(minute: FirstMinute) -> None:
    minute.open_house()
    minute.go_live()
    minute.invite()
    minute.join()
    minute.watch()


def _show(rounds: list[Round]) -> None:
    report.say("Seconds since the start; median (lowest-highest) of the rounds\n")
    names = list(rounds[0].marks)
    report.say(
        report.make_table(
            ["step", "done at"],
            [[name, report.Spread.of(one.marks[name] for one in rounds).text(1)] for name in names],
        )
    )
    one = rounds[0]
    report.say(f"\n{len(one.clicks)} clicks: {', '.join(one.clicks)}")
    report.say(f"{len(one.keys)} keys: {', '.join(one.keys)}\n")
    total = report.Spread.of(each.total_s for each in rounds)
    meets = _judge(rounds)
    clicks = max(len(each.clicks) for each in rounds)
    rows = [
        ["all of it", f"<= {TARGET_S_MAX:.0f} s", f"{total.text(1)} s", meets["total"]],
        ["clicks", f"<= {CLICKS_MAX}", str(clicks), meets["clicks"]],
    ]
    report.say(
        report.make_table(
            ["target", "", "measured", "met"],
            [[*words, report.tell_meets(meets=bool(met))] for *words, met in rows],
        )
    )


def _judge(rounds: list[Round]) -> dict[str, bool]:
    return {
        "total": max(one.total_s for one in rounds) <= TARGET_S_MAX,
        "clicks": max(len(one.clicks) for one in rounds) <= CLICKS_MAX,
    }


def _to_json(options: argparse.Namespace, rounds: list[Round]) -> dict[str, Any]:
    return {
        "bench": "first_minute",
        "machine": report.describe_machine(),
        "parameters": {"rounds": options.rounds, "tone_level": TONE_LEVEL},
        "targets": {"total_s_max": TARGET_S_MAX, "clicks_max": CLICKS_MAX},
        "figures": {"total_s": report.Spread.of(one.total_s for one in rounds).to_json()},
        "meets": _judge(rounds),
        "rounds": [one._asdict() for one in rounds],
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench first_minute",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("rounds are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
