"""A publisher's uplink of 5 Mbit/s falls to 0.6 and comes back: how the stream follows.

`livehouse publish`, the relay and a proxy in between are the real programs. "Waits" is the media in
the publisher's own queue and from its socket to the relay, as it measures it itself; the picture's
age is a viewer's beside the relay: how old the newest picture had become when the next one came.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import report
from tests.support.uplink_course import NARROW_BPS, WIDE_BPS, run_uplink_course, write_busy_clip

if TYPE_CHECKING:
    from tests.support.uplink_course import UplinkCourse

FOLLOWED_S_MAX = 10.0
QUEUED_MS_MAX = 3_000.0
CALM_S_MAX = 15.0
AGE_MS_MAX = 3_000.0
BACK_S_MAX = 60.0
BEFORE_S = 6.0
AFTER_S = 90.0
ROW_S = 2.0


def main() -> int:
    options = _parse_options()
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        clip = options.clip
        if clip is None:
            clip = Path(folder) / "busy.mp4"
            write_busy_clip(clip)
        course = asyncio.run(
            run_uplink_course(
                Path(folder),
                source=f"file:{clip.resolve()}",
                layers=options.layers,
                before_s=BEFORE_S,
                narrow_s=options.narrow_s,
                after_s=AFTER_S,
            )
        )
    rows = _judge(course)
    _show(course, rows, options)
    report.write_json(options.json, _to_json(course, rows, options))
    return 0


_Row = tuple[str, float | None, float, str]


def _judge(course: UplinkCourse) -> list[_Row]:
    """Name, measured, bound, unit."""
    return [
        ("rate below the narrow link's after", course.followed_s, FOLLOWED_S_MAX, "s"),
        ("media waiting, at the most", course.queued_ms_max, QUEUED_MS_MAX, "ms"),
        ("media waiting under 300 ms again after", course.calm_s, CALM_S_MAX, "s"),
        ("connections lost", course.reconnects, 0, ""),
        ("picture's age, at the most", course.picture_age_ms_max, AGE_MS_MAX, "ms"),
        ("all as the user chose again after", course.back_s, BACK_S_MAX, "s"),
    ]


def _meets(row: _Row) -> bool:
    return row[1] is not None and row[1] <= row[2]


def _show(course: UplinkCourse, rows: list[_Row], options: argparse.Namespace) -> None:
    report.say(
        f"{options.layers}: {course.cap_bps / 1e6:.1f} Mbit/s on {WIDE_BPS / 1e6:.0f}, from 0 s to "
        f"{course.narrow_s:.0f} s on {NARROW_BPS / 1e6:.1f} Mbit/s\n"
    )
    report.say(
        report.make_table(
            ["at, s", "rate, kbit/s", "relay took", "waits, ms", "age, ms", "best", "layers"],
            [_course_row(course, at_s) for at_s in _moments(course)],
        )
    )
    report.say()
    report.say(
        report.make_table(
            ["target", "", "measured", "met"],
            [
                [
                    name,
                    f"<= {bound:g} {unit}".strip(),
                    "never" if value is None else f"{value:g} {unit}".strip(),
                    report.tell_meets(meets=_meets((name, value, bound, unit))),
                ]
                for name, value, bound, unit in rows
            ],
        )
    )


def _moments(course: UplinkCourse) -> list[float]:
    at_s, found = course.points[0].at_s, []
    while at_s < course.points[-1].at_s:
        found.append(at_s)
        at_s += ROW_S
    return found


def _course_row(course: UplinkCourse, from_s: float) -> list[str]:
    points = [point for point in course.points if from_s <= point.at_s < from_s + ROW_S]
    if not points:
        return [f"{from_s:.0f}", *["-"] * 6]
    last = points[-1]
    return [
        f"{from_s:.0f}",
        f"{last.bit_rate_bps / 1000:.0f}",
        f"{sum(point.received_bps for point in points) / len(points) / 1000:.0f}",
        f"{max(point.queued_ms for point in points):.0f}",
        f"{max(point.picture_age_ms for point in points):.0f}",
        f"{last.height}p",
        str(last.layers),
    ]


def _to_json(course: UplinkCourse, rows: list[_Row], options: argparse.Namespace) -> dict[str, Any]:
    return {
        "bench": "uplink",
        "machine": report.describe_machine(),
        "parameters": {
            "layers": options.layers,
            "clip": options.clip.name if options.clip is not None else "drifting noise",
            "wide_bps": WIDE_BPS,
            "narrow_bps": NARROW_BPS,
            "narrow_s": options.narrow_s,
        },
        "figures": {name: value for name, value, _, _ in rows},
        "meets": {row[0]: _meets(row) for row in rows},
        "decisions": course.decisions,
        "course": [vars(point) for point in course.points],
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench uplink",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--layers", default="720p", help="as for `livehouse publish`")
    parser.add_argument("--clip", type=Path, help="a media file; by default drifting noise")
    parser.add_argument("--narrow-s", type=float, default=25.0, help="how long it is narrow")
    options = parser.parse_args()
    if options.narrow_s <= 0:
        parser.error("--narrow-s is above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
