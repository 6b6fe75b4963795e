"""A room with fifty viewers, of whom twenty misbehave, and a fault every 30 s: what leaks.

One publisher, 15 viewers near, 15 behind a bad link, 20 that read nothing, read slowly, fall
silent, break off or talk nonsense; six people who chat and give gifts over the bad link. The bad
link is cut, silent, late, narrow; the publisher is killed and replaced; the relay stands still.
Memory, file descriptors and tasks of the relay are to stay flat, its log without an unhandled
exception, and its book exact. An hour by hand says more: --minutes 60.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.harness import report
from benchmarks.harness.processes import raise_open_files_limit
from benchmarks.harness.soak_figures import (
    HEALED_S_MAX,
    SLOPE_NEEDS_S,
    Outcome,
    range_of,
    slope_per_h,
)
from benchmarks.harness.soak_run import Plan, soak
from tests.faults.seeds import fault_seed

LOG_KEPT: Final = 60
"""Lines of the relay's log that a failed run shows."""


def main() -> int:
    options = _parse_options()
    raise_open_files_limit()
    plan = Plan(options.minutes * 60, fault_seed(options.seed), options.every)
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        data_dir = Path(folder) / "data"
        outcome = asyncio.run(soak(data_dir, plan))
        failures = outcome.failures()
        log = data_dir.with_suffix(".log").read_text("utf-8", errors="replace")
        if options.log is not None:
            options.log.write_text(log, encoding="utf-8")
    _show(outcome)
    if failures:
        for line in failures:
            report.say(f"FAILED: {line}")
        telling = [line for line in log.splitlines() if "[info" not in line]
        report.progress("\n".join(telling[-LOG_KEPT:]))
    else:
        report.say("holds")
    report.write_json(options.json, _to_json(outcome, failures))
    return 1 if failures else 0


def _show(outcome: Outcome) -> None:
    report.say(f"{outcome.seconds / 60:.1f} minutes, seed {outcome.seed}\n")
    rows = []
    for name, unit, digits in (
        ("memory_mb", "MB", 1),
        ("open_files", "", 0),
        ("tasks", "", 0),
        ("sockets", "", 0),
    ):
        found = range_of([getattr(sample, name) for sample in outcome.samples])
        ends = [
            f"{getattr(sample, name):.{digits}f}" if sample is not None else "?"
            for sample in (outcome.before, outcome.after)
        ]
        figures = [f"{value:.{digits}f}" for value in (found.early, found.late, found.highest)]
        rows.append([f"{name.replace('_', ' ')} {unit}".strip(), ends[0], *figures, ends[1]])
    header = ["of the relay", "empty", "2nd third", "last third", "highest", "empty again"]
    report.say(report.make_table(header, rows))
    slope = slope_per_h(outcome.samples)
    note = "" if outcome.seconds >= SLOPE_NEEDS_S else " (too short a run to conclude from)"
    report.say(f"\nmemory slope {slope:+.1f} MB an hour{note}")
    lag_ms = max((sample.lag_max_s for sample in outcome.samples), default=0.0) * 1000
    report.say(f"event loop, longest lag {lag_ms:.0f} ms (it stood still on purpose)\n")
    report.say(
        report.make_table(
            ["fault", "times", "healed in s, longest", f"within {HEALED_S_MAX:.0f} s"],
            [
                [name, str(len(took)), f"{max(took):.1f}", report.tell_meets(
                    meets=max(took) <= HEALED_S_MAX)]
                for name, took in sorted(outcome.healed_s.items())
            ],
        )
    )  # fmt: skip
    report.say(
        f"\npictures seen {outcome.pictures}, wrong: {_counts(outcome.wrong) or 'none'}\n"
        f"viewers near: {outcome.near_gaps} gaps, {outcome.near_reconnects} reconnects; far: "
        f"{outcome.far_reconnects} reconnects\n"
        f"publishers {outcome.publishers}, broadcasts {outcome.broadcasts}\n"
        f"misbehaved: {_counts(outcome.misbehaved)}\n"
        f"chat: {outcome.said} acknowledged, {outcome.chat_lost} lost, "
        f"{outcome.chat_doubled} doubled; refused: {_counts(outcome.refusals) or 'none'}\n"
        f"gifts: {outcome.gifts} acknowledged, {outcome.gifts_asked_again} asked for again, "
        f"{outcome.gifts_unanswered} unanswered, coins wrong {outcome.coins_wrong}, "
        f"ledger verify {'ok' if not outcome.ledger_problems else 'NOT ok'}\n"
        f"unhandled exceptions in the relay's log: {outcome.unhandled} "
        f"({outcome.log_lines} lines)"
    )


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items()))


def _to_json(outcome: Outcome, failures: list[str]) -> dict[str, Any]:
    return {
        "bench": "soak",
        "machine": report.describe_machine(),
        "memory_slope_mb_per_h": round(slope_per_h(outcome.samples), 2),
        "failures": failures,
        **asdict(outcome),
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--log", type=Path, metavar="FILE", help="keep the relay's log there")
    options = parser.parse_args()
    if options.minutes <= 0 or options.every <= 0:
        parser.error("minutes and seconds are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
