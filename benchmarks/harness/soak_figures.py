"""What a soak came to: samples of the relay's process, and whether they stay flat. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WARM_SHARE: Final = 1 / 3
"""Of the samples: caches and histories fill first, and that is no leak."""
PAIRS_MAX: Final = 200
"""Samples that the slope looks at, evenly chosen: pairs grow with their square."""
HEALED_S_MAX: Final = 5.0
SLOPE_MB_PER_H_MAX: Final = 12.0
"""4 MB in a soak of 20 minutes; what the allocator does by itself stays well below."""
SLOPE_NEEDS_S: Final = 900.0
"""A shorter soak shows its slope, and nothing is concluded from it."""
LEFT_OVER_MAX: Final = 8
"""File descriptors and tasks above those at the beginning, once everybody has gone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Of the relay, at one moment."""

    at_s: float
    memory_mb: float
    open_files: int
    tasks: int
    sockets: int
    lag_max_s: float


@dataclass(frozen=True, slots=True)
class Range:
    """A figure in the first and in the last third of a run."""

    early: float
    late: float
    highest: float

    @property
    def grown(self) -> float:
        return self.late - self.early


def slope_per_h(samples: Sequence[Sample]) -> float:
    """MB an hour after the warm-up: the median of all pairs' slopes, which no peak moves."""
    warm = _warm(samples)
    step = max(1, -(-len(warm) // PAIRS_MAX))
    chosen = warm[::step]
    slopes = [
        (after.memory_mb - before.memory_mb) / (after.at_s - before.at_s)
        for index, before in enumerate(chosen)
        for after in chosen[index + 1 :]
        if after.at_s > before.at_s
    ]
    return statistics.median(slopes) * 3600 if slopes else 0.0


def range_of(values: Sequence[float]) -> Range:
    """Medians of the second and the last third. Raises ValueError when there are none."""
    if not values:
        raise ValueError("no samples")
    third = max(1, len(values) // 3)
    early = values[third : 2 * third] or values
    return Range(statistics.median(early), statistics.median(values[-third:]), max(values))


def _warm(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[int(len(samples) * WARM_SHARE) :]


@dataclass
class Outcome:
    """Everything that a soak has counted. What is a fault by itself stands in `failures`."""

    seed: int
    seconds: float = 0.0
    before: Sample | None = None
    after: Sample | None = None
    """Once everybody has gone."""
    samples: list[Sample] = field(default_factory=list)
    healed_s: dict[str, list[float]] = field(default_factory=dict)
    """By fault: until the last of the good viewers had a picture from after it."""
    never_healed: list[str] = field(default_factory=list)
    pictures: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    """Packets that are not what one publisher put into them, or that came in a wrong order."""
    near_gaps: int = 0
    """Pictures that viewers on good links did not get."""
    near_reconnects: int = 0
    far_reconnects: int = 0
    broadcasts: int = 0
    publishers: int = 0
    misbehaved: dict[str, int] = field(default_factory=dict)
    said: int = 0
    chat_lost: int = 0
    chat_doubled: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    stuck: int = 0
    """Commands that were neither answered nor ended by the socket's end."""
    gifts: int = 0
    gifts_asked_again: int = 0
    gifts_unanswered: int = 0
    coins_wrong: int = 0
    ledger_problems: tuple[str, ...] = ()
    unhandled: int = 0
    log_lines: int = 0
    bench_errors: list[str] = field(default_factory=list)
    """Of the bench's own peers, which must not fail either."""

    def failures(self) -> list[str]:
        """In words; empty when all of it holds."""
        found = [
            f"{count} {words}"
            for count, words in (
                (self.unhandled, "unhandled exceptions in the relay's log"),
                (sum(self.wrong.values()), "packets mixed, garbled or out of order"),
                (max(0, self.broadcasts - 1), "broadcasts too many"),
                (self.chat_lost, "acknowledged messages that a viewer never saw"),
                (self.chat_doubled, "messages seen twice"),
                (self.stuck, "commands without an answer"),
                (self.gifts_unanswered, "gifts that were never answered"),
                (self.coins_wrong, "coins too many or too few"),
                (len(self.ledger_problems), "problems in the ledger"),
                (len(self.never_healed), "faults that did not heal"),
                (len(self.bench_errors), "peers of the bench that failed"),
            )
            if count
        ]
        if self.before is not None and self.after is not None:
            for name, left in (
                ("file descriptors", self.after.open_files - self.before.open_files),
                ("tasks", self.after.tasks - self.before.tasks),
                ("sockets", self.after.sockets - self.before.sockets),
            ):
                if left > LEFT_OVER_MAX:
                    found.append(f"{left} {name} left over when everybody had gone")
        if self.seconds >= SLOPE_NEEDS_S and slope_per_h(self.samples) > SLOPE_MB_PER_H_MAX:
            found.append(f"memory grows by {slope_per_h(self.samples):.1f} MB an hour")
        return found
