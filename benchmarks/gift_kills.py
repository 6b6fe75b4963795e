"""The relay killed 200 times in the middle of gifts: acknowledged, lost, doubled, and the book.

Each time gifts run on two sockets without waiting for answers, and SIGKILL comes after a random
number of acknowledgements. Then the book is verified and every acknowledged gift looked for; in
the end the last round's gifts are asked for once more with the same keys.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.harness import report
from tests.support.gift_kills import kill_in_mid_gift


def main() -> int:
    options = _parse_options()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        chance = random.Random(options.seed)  # noqa: S311 # when to kill, not a secret
        try:
            tally = asyncio.run(kill_in_mid_gift(Path(folder) / "data", options.kills, chance))
        except AssertionError as failure:
            report.progress(f"gift_kills: {failure}")
            return 1
    seconds = time.monotonic() - began_s
    sys.stdout.write(
        f"{tally.kills} kills in {seconds:.0f} s: {tally.acknowledged} of {tally.keys} gifts were "
        f"acknowledged, 0 lost, 0 doubled; {tally.gifts_in_book} in the book, which held "
        "each time\n"
    )
    report.write_json(options.json, {"seconds": round(seconds), **asdict(tally)})
    return 0


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench gift_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
