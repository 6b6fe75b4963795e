"""What the rounds of the fan-out bench come to: spreads, ratios, targets. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.harness.packet_schedule import PACKETS_PER_S
from benchmarks.harness.report import Spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.harness.fanout_round import Round, SenderName

CPU_RATIO_COALESCING_MAX: Final = 1.2
CPU_RATIO_NOT_COALESCING_MAX: Final = 1.8
DELAY_P99_MS_MAX: Final = 50.0
RECORDING_RATIO_MAX: Final = 1.05
"""CPU of a relay that records, to the same relay that does not, in the round just before."""
VIEWERS_ON_ONE_CORE_MIN: Final = 900

DELIVERED_SHARE_MIN: Final = 0.98
"""Of the packets that the publisher owes each viewer; fewer, and a delay says nothing. Less than 1
because a window may begin just after a burst and end just before one."""

LADDER: Final = (600, 800, 900, 1_000, 1_200, 1_400, 1_600, 1_800)
STEP_VIEWERS: Final = 50
PASSES_TO_HOLD: Final = 2
"""Of three rounds at most: one burst of noise decides nothing."""


class SenderFigures(NamedTuple):
    """One sender's rounds together."""

    sender: SenderName
    rounds: int
    cpu_ms_per_viewer_s: Spread
    cpu_ratio: Spread | None
    """To the C sender's round just before; None where there is none."""
    delay_ms: dict[str, dict[str, Spread]]
    """By kind (video, audio) and figure (p50, p99, max)."""
    lost: int
    closed: int
    generator_load_max: float
    memory_bytes_max: int

    def to_json(self) -> dict[str, Any]:
        return {
            **self._asdict(),
            "cpu_ms_per_viewer_s": self.cpu_ms_per_viewer_s.to_json(),
            "cpu_ratio": self.cpu_ratio and self.cpu_ratio.to_json(),
            "delay_ms": {
                kind: {figure: spread.to_json() for figure, spread in figures.items()}
                for kind, figures in self.delay_ms.items()
            },
            "generator_load_max": round(self.generator_load_max, 3),
        }


def summarize(
    sender: SenderName, rounds: Sequence[Round], c_rounds: Sequence[Round]
) -> SenderFigures:
    """`c_rounds` stand in the same order, or are empty."""
    ratios = [
        one.cpu_ms_per_viewer_s / c.cpu_ms_per_viewer_s
        for one, c in zip(rounds, c_rounds, strict=False)
        if c.cpu_ms_per_viewer_s > 0
    ]
    return SenderFigures(
        sender=sender,
        rounds=len(rounds),
        cpu_ms_per_viewer_s=Spread.of(one.cpu_ms_per_viewer_s for one in rounds),
        cpu_ratio=Spread.of(ratios) if ratios else None,
        delay_ms={
            kind: {
                figure: Spread.of(one.delay_ms(kind, figure) for one in rounds)
                for figure in ("p50", "p99", "max")
            }
            for kind in ("video", "audio")
        },
        lost=sum(one.lost for one in rounds),
        closed=sum(one.closed for one in rounds),
        generator_load_max=max(one.generator_load for one in rounds),
        memory_bytes_max=max(one.memory_bytes for one in rounds),
    )


def judge(figures: Mapping[SenderName, SenderFigures], most: int | None) -> dict[str, bool | None]:
    """Each target by its medians; None where it was not measured."""
    coalescing, calm = figures["always"], figures["never"]
    return {
        "cpu_coalescing": _is_at_most(coalescing.cpu_ratio, CPU_RATIO_COALESCING_MAX),
        "cpu_not_coalescing": _is_at_most(calm.cpu_ratio, CPU_RATIO_NOT_COALESCING_MAX),
        "delay_p99": worst_p99_ms((coalescing, calm)) <= DELAY_P99_MS_MAX,
        "nothing_lost": not any(one.lost or one.closed for one in (coalescing, calm)),
        "viewers_on_one_core": None if most is None else most >= VIEWERS_ON_ONE_CORE_MIN,
    }


def find_recording_ratio(rounds: Mapping[SenderName, Sequence[Round]]) -> Spread | None:
    """None where nothing was recorded."""
    pairs = zip(rounds.get("recording", ()), rounds.get("always", ()), strict=False)
    ratios = [
        one.cpu_ms_per_viewer_s / plain.cpu_ms_per_viewer_s
        for one, plain in pairs
        if plain.cpu_ms_per_viewer_s > 0
    ]
    return Spread.of(ratios) if ratios else None


def worst_p99_ms(some: Sequence[SenderFigures]) -> float:
    """The largest of their medians, video and audio."""
    return max(one.delay_ms[kind]["p99"].median for one in some for kind in ("video", "audio"))


def holds(result: Round) -> bool:
    """Whether a round at the limit counts: everybody there, everything delivered, video in time."""
    owed = result.viewers * PACKETS_PER_S * float(result.watched["seconds"])
    delivered = int(result.watched["video_packets"]) + int(result.watched["audio_packets"])
    return (
        result.closed == 0
        and result.lost == 0
        and delivered >= DELIVERED_SHARE_MIN * owed
        and result.delay_ms("video", "p99") <= DELAY_P99_MS_MAX
    )


def collect_outcomes(rounds: Sequence[Round]) -> dict[int, list[bool]]:
    """By number of viewers, whether each round held."""
    outcomes: dict[int, list[bool]] = {}
    for one in rounds:
        outcomes.setdefault(one.viewers, []).append(holds(one))
    return outcomes


def find_next_size(outcomes: Mapping[int, Sequence[bool]]) -> int | None:
    """How many viewers to try next, or None when `find_most` is settled.

    Up the ladder until a rung fails twice, then halve the gap, then confirm what held only once.
    """
    failed = [size for size, results in outcomes.items() if results.count(False) >= 2]
    ceiling = min(failed, default=None)
    for rung in LADDER:
        if ceiling is not None and rung >= ceiling:
            break
        if True not in outcomes.get(rung, ()):
            return rung
    held = [
        size
        for size, results in outcomes.items()
        if True in results and (ceiling is None or size < ceiling)
    ]
    floor = max(held, default=0)
    if ceiling is not None and ceiling - floor > STEP_VIEWERS:
        return _middle(floor, ceiling)
    if floor and list(outcomes[floor]).count(True) < PASSES_TO_HOLD:
        return floor
    return None


def find_most(outcomes: Mapping[int, Sequence[bool]]) -> int:
    """The largest number that held, below any that failed; 0 when none did."""
    ceiling = min(
        (size for size, results in outcomes.items() if results.count(False) >= 2), default=None
    )
    return max(
        (
            size
            for size, results in outcomes.items()
            if list(results).count(True) >= PASSES_TO_HOLD and (ceiling is None or size < ceiling)
        ),
        default=0,
    )


def _middle(floor: int, ceiling: int) -> int:
    steps = (ceiling - floor) // STEP_VIEWERS
    return floor + max(1, steps // 2) * STEP_VIEWERS


def _is_at_most(spread: Spread | None, bound: float) -> bool | None:
    return None if spread is None else spread.median <= bound
