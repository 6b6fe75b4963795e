"""A broadcast of the real clip with 200 danmaku, killed at some moment, over and over.

Between 3 and 7 s after the start the relay gets SIGKILL, or, by turns, the publisher's connection
is torn as its kill would tear it. Then the relay is started again where it was killed, and the
recording is judged: how much earlier than the kill it ends in ffprobe, whether ffmpeg decodes it
without a word, how far any packet of either track is from where it was live, and whether its
danmaku are those that were shown, where they were shown.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from benchmarks.harness import report
from tests.support.recording_kills import (
    LOST_MS_MAX,
    STEP_MS_MAX,
    Judgement,
    Victim,
    kill_in_mid_broadcast,
)

HEADER = ("killed", "kills", "lost ms, at most", "out of step ms", "danmaku", "missing", "moved ms")


def main() -> int:
    options = _parse_options()
    chance = random.Random(options.seed)  # noqa: S311 # when to kill, not a secret
    judged: list[Judgement] = []
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        for number in range(options.kills):
            victim: Victim = "relay" if number % 2 == 0 else "publisher"
            data_dir = Path(folder) / f"data{number}"
            judged.append(
                asyncio.run(kill_in_mid_broadcast(data_dir, options.clip, victim, chance))
            )
            report.progress(f"{number + 1}/{options.kills} {judged[-1]}")
    report.say(report.make_table(HEADER, [_row(victim, judged) for victim in get_args(Victim)]))
    is_kept = all(
        one.lost_ms <= LOST_MS_MAX
        and one.step_ms <= STEP_MS_MAX
        and not one.missing
        and not one.problems
        for one in judged
    )
    report.say(f"\nTo within 1 s of the kill, in step within 40 ms, nothing missing: {is_kept}.")
    report.write_json(
        options.json,
        {
            "bench": "recording_kills",
            "machine": report.describe_machine(),
            "kept": is_kept,
            "kills": [asdict(one) for one in judged],
        },
    )
    return 0 if is_kept else 1


def _row(victim: str, judged: list[Judgement]) -> list[str]:
    some = [one for one in judged if one.victim == victim]
    return [
        victim,
        str(len(some)),
        str(max((one.lost_ms for one in some), default=0)),
        f"{max((one.step_ms for one in some), default=0.0):.2f}",
        str(sum(one.danmaku for one in some)),
        str(sum(one.missing for one in some)),
        str(max((one.moved_ms for one in some), default=0)),
    ]


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench recording_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--clip", type=Path, default=Path("../shared/media/bigbuckbunny.mp4"), help="a video file"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
