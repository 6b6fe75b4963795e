"""What the rounds of the danmaku bench come to: percentiles, targets, the table."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.harness import report

if TYPE_CHECKING:
    from collections.abc import Sequence

STILL: Final = "no picture"
MOVING: Final = "720p30 moving"
PICTURES: Final = (STILL, MOVING)
FULL: Final = 100
"""Texts on the stage."""
TARGETS: Final = {
    "paint_ms_p95_max": 8.0,
    "interval_ms_p99_max": 25.0,
    "frames_a_second_at_100_min": 59.0,
    "rss_growth_mb_max": 8.0,
}
"""60 frames a second: one in a minute may be late."""


class Percentiles(NamedTuple):
    p50: float
    p95: float
    p99: float
    most: float


class DanmakuRound(NamedTuple):
    picture: str
    paint_ms: Percentiles
    worked_ms: Percentiles
    """Of the processor's time."""
    interval_ms: Percentiles
    frames_a_second: float
    frames_a_second_at_100: float | None
    """While at least `FULL` texts were on the stage; None where there never were."""
    on_stage_max: int
    rss_mb: float
    rss_growth_mb: float
    pixmaps_mb: float
    pixmaps_growth_mb: float
    offered: int
    shown: int
    merged: int
    hidden: int
    waiting: int
    share: float
    """Of the texts that the paint budget admitted at the end."""
    pictures_painted: int
    own_cores: float
    others_load: float

    @property
    def is_balanced(self) -> bool:
        return self.hidden == self.offered - self.shown - self.merged - self.waiting


def spread_of(values: Sequence[float]) -> Percentiles:
    return Percentiles(
        *(round(report.percentile(values, share), 2) for share in (0.5, 0.95, 0.99, 1.0))
    )


def rate_of_full(began_ms: Sequence[float], on_stage: Sequence[int]) -> float | None:
    """Frames a second, from the intervals at whose beginning the stage was full."""
    intervals = [
        later - sooner
        for (sooner, later), texts in zip(itertools.pairwise(began_ms), on_stage, strict=False)
        if texts >= FULL
    ]
    return round(1000 * len(intervals) / sum(intervals), 2) if intervals else None


def judge(one: DanmakuRound) -> dict[str, bool | None]:
    full = one.frames_a_second_at_100
    return {
        "paint": one.paint_ms.p95 <= TARGETS["paint_ms_p95_max"],
        "interval": one.interval_ms.p99 <= TARGETS["interval_ms_p99_max"],
        "frames_at_100": None if full is None else full >= TARGETS["frames_a_second_at_100_min"],
        "memory": one.rss_growth_mb <= TARGETS["rss_growth_mb_max"],
        "hidden": one.is_balanced,
    }


def show(rounds: Sequence[DanmakuRound], put_aside: int, messages_a_second: float) -> None:
    report.say(f"{messages_a_second:g} messages a second on a stage of 1920x1080\n")
    rows = [
        ["painting, ms, p50 / p95 / p99 / max", *(_in_line(one.paint_ms) for one in rounds)],
        ["... of which it worked, ms", *(_in_line(one.worked_ms) for one in rounds)],
        ["frame interval, ms", *(_in_line(one.interval_ms) for one in rounds)],
        ["frames a second", *(f"{one.frames_a_second:.1f}" for one in rounds)],
        [
            f"... with {FULL} texts",
            *(_or_dash(one.frames_a_second_at_100) for one in rounds),
        ],
        ["texts on the stage, most", *(str(one.on_stage_max) for one in rounds)],
        ["offered", *(str(one.offered) for one in rounds)],
        ["shown", *(str(one.shown) for one in rounds)],
        ["merged", *(str(one.merged) for one in rounds)],
        ["hidden", *(str(one.hidden) for one in rounds)],
        ["waiting at the end", *(str(one.waiting) for one in rounds)],
        ["admitted by the paint budget", *(f"{one.share:.0%}" for one in rounds)],
        ["memory after the warm-up, MB", *(f"{one.rss_mb:.0f}" for one in rounds)],
        ["... and its growth", *(f"{one.rss_growth_mb:+.1f}" for one in rounds)],
        ["texts kept as pixmaps, MB", *(f"{one.pixmaps_mb:.1f}" for one in rounds)],
        ["cores, own", *(f"{one.own_cores:.2f}" for one in rounds)],
        ["cores, other programs", *(f"{one.others_load:.2f}" for one in rounds)],
    ]
    report.say(report.make_table(["", *(one.picture for one in rounds)], rows))
    report.say(f"\n{put_aside} rounds were run again because of other programs.\n")
    words = {
        "paint": f"painting, p95 <= {TARGETS['paint_ms_p95_max']:g} ms",
        "interval": f"frame interval, p99 <= {TARGETS['interval_ms_p99_max']:g} ms",
        "frames_at_100": f"60 frames a second with {FULL} texts",
        "memory": f"memory grows by <= {TARGETS['rss_growth_mb_max']:g} MB",
        "hidden": "hidden = offered - shown - merged - waiting",
    }
    met = [judge(one) for one in rounds]
    table = [
        [text, *(report.tell_meets(meets=one[name]) for one in met)] for name, text in words.items()
    ]
    report.say(report.make_table(["target", *(one.picture for one in rounds)], table))


def _in_line(spread: Percentiles) -> str:
    return " / ".join(f"{value:.1f}" for value in spread)


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
