"""Links of a real publisher and a real viewer, cut for 3, 15 and 60 s: how soon each is back.

"Silent": nothing passes and neither end is told, as when a cable is pulled. "Refused": the
connection is reset and new ones are refused meanwhile. In the end there must be one broadcast, and
what the viewer recorded must play and be in order.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from benchmarks.harness import report
from tests.e2e.cut_venue import BACK_WITHIN_S, CutVenue, cut_venue

if TYPE_CHECKING:
    from tests.e2e.cut_venue import CutKind

KINDS: Final = ("silent", "refused")
ENDS: Final = ("publisher", "viewer")
HEALED_S_MAX: Final = 60.0
FLOWING_BYTES: Final = 30_000
"""Half a second of the stream: a viewer that is back, and not only knocking."""


def main() -> int:
    options = _parse_options()
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        try:
            rows = asyncio.run(_cut_all(Path(folder), options.seconds))
        except AssertionError as failure:
            report.progress(f"cuts: {failure}")
            return 1
    report.say(
        report.make_table(
            ["link of", "cut", "for", "back after", f"within {BACK_WITHIN_S:.0f} s"],
            [
                [row["end"], row["kind"], f"{row['cut_s']:.0f} s", f"{row['back_s']:.1f} s",
                 report.tell_meets(meets=row["back_s"] <= BACK_WITHIN_S)]
                for row in rows
            ],
        )
    )  # fmt: skip
    meets = all(row["back_s"] <= BACK_WITHIN_S for row in rows)
    report.say("one broadcast, in order; the recording plays")
    report.write_json(
        options.json,
        {"bench": "cuts", "machine": report.describe_machine(), "cuts": rows, "meets": meets},
    )
    return 0 if meets else 1


async def _cut_all(folder: Path, seconds: list[float]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    async with cut_venue(folder) as venue:
        for cut_s in seconds:
            for end in ENDS:
                for kind in KINDS:
                    back_s = await _cut(venue, end, cast("CutKind", kind), cut_s)
                    rows.append({"end": end, "kind": kind, "cut_s": cut_s, "back_s": back_s})
                    report.progress(f"{end}, {kind}, {cut_s:.0f} s: back after {back_s:.1f} s")
                    await venue.go_on_for(3.0)
    return rows


async def _cut(venue: CutVenue, end: str, kind: CutKind, cut_s: float) -> float:
    if end == "publisher":
        healed_us = await venue.cut(kind, cut_s, venue.up)
        began_s = time.monotonic()
        await venue.wait_for_picture_after(healed_us, HEALED_S_MAX)
        return time.monotonic() - began_s
    await venue.cut(kind, cut_s, venue.down)
    began_s, before = time.monotonic(), venue.down.carried_bytes
    await _until(lambda: venue.down.carried_bytes - before > FLOWING_BYTES)
    return time.monotonic() - began_s


async def _until(holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + HEALED_S_MAX
    while not holds():
        if time.monotonic() >= deadline_s:
            raise AssertionError(f"not back within {HEALED_S_MAX:.0f} s")
        await asyncio.sleep(0.02)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench cuts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, nargs="+", default=[3.0, 15.0, 60.0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
