"""A room whose links are reset at random, 200 times: what is stuck, doubled or lost in the end.

The publisher, the viewers and people who chat and give gifts all live behind a proxy that breaks
one of their connections after the other, in mid-packet or mid-answer, wherever they are.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.harness import report
from benchmarks.harness.processes import raise_open_files_limit
from benchmarks.harness.reset_storm import storm
from tests.faults.seeds import fault_seed


def main() -> int:
    options = _parse_options()
    raise_open_files_limit()
    seed = fault_seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        outcome = asyncio.run(storm(Path(folder) / "data", options.resets, seed))
    failures = outcome.failures()
    healed_s = max((max(took) for took in outcome.healed_s.values()), default=0.0)
    report.say(
        report.make_table(
            ["what", "figure"],
            [
                ["resets", str(options.resets)],
                ["seconds", f"{outcome.seconds:.0f}"],
                ["all viewers back after the last one, s", f"{healed_s:.1f}"],
                ["reconnects of viewers", str(outcome.far_reconnects)],
                ["broadcasts", str(outcome.broadcasts)],
                ["pictures seen", str(outcome.pictures)],
                ["mixed, garbled or out of order", str(sum(outcome.wrong.values()))],
                ["messages acknowledged", str(outcome.said)],
                ["lost / doubled", f"{outcome.chat_lost} / {outcome.chat_doubled}"],
                ["gifts acknowledged", str(outcome.gifts)],
                ["asked for again with their key", str(outcome.gifts_asked_again)],
                ["coins wrong", str(outcome.coins_wrong)],
                ["commands without an answer", str(outcome.stuck)],
                ["unhandled exceptions", str(outcome.unhandled)],
            ],
        )
    )
    for line in failures:
        report.say(f"FAILED: {line}")
    report.say("" if failures else "holds")
    report.write_json(
        options.json,
        {"bench": "resets", "machine": report.describe_machine(), **asdict(outcome)},
    )
    return 1 if failures else 0


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench resets", description=__doc__)
    parser.add_argument("--resets", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
