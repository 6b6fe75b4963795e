"""The house's figures over time, in three steps of memory: an hour, a day, and what is stored.

Every few seconds the totals of the relay's parts are read; two readings make a sample, and samples
are merged into longer ones. All of it is bounded and pure; who reads the clock is in sampling.py.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

SAMPLE_S: Final = 5.0
FINE_MAX: Final = 720
"""An hour of samples of 5 s."""
COARSE_MS: Final = 120_000
COARSE_MAX: Final = 720
DAY_MS: Final = 24 * 3_600_000
"""A day of samples of 2 min."""
STORED_MS: Final = 900_000
STORED_MAX: Final = 672
"""A week of samples of 15 min: the part of what is stored that is shown."""
POINTS_MAX: Final = 360
"""Of one answer: more than a graph has pixels would be bytes for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Gauges as they are and counters since the start, at one moment."""

    at_mono_s: float
    at_unix_ms: int
    viewers: int
    rooms_live: int
    sockets: int
    bytes_in: int
    bytes_out: int
    cpu_s: float
    memory_bytes: int
    lag_s_max: float
    """Since the reading before."""
    messages: int
    coins: int
    refusals: int
    sanctions: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The fields of `Overview`, in its order."""

    at_unix_ms: int
    viewers: int
    rooms_live: int
    sockets: int
    bytes_in_per_s: int
    bytes_out_per_s: int
    cpu_permille: int
    memory_bytes: int
    lag_us_max: int
    messages: int
    coins: int
    refusals: int
    sanctions: int


FIGURES: Final[tuple[str, ...]] = tuple(field.name for field in fields(Sample))[1:]
_PEAKS: Final = frozenset(
    {"viewers", "rooms_live", "sockets", "memory_bytes", "lag_us_max", "sanctions"}
)
"""Merged by their highest; the others, which are paces, by their mean."""


def measure(before: Reading, after: Reading) -> Sample:
    """What went on between two readings."""
    elapsed_s = max(0.001, after.at_mono_s - before.at_mono_s)

    def pace(total_before: float, total_after: float, of_s: float = 1.0) -> int:
        return max(0, round((total_after - total_before) / elapsed_s * of_s))

    return Sample(
        at_unix_ms=after.at_unix_ms,
        viewers=after.viewers,
        rooms_live=after.rooms_live,
        sockets=after.sockets,
        bytes_in_per_s=pace(before.bytes_in, after.bytes_in),
        bytes_out_per_s=pace(before.bytes_out, after.bytes_out),
        cpu_permille=pace(before.cpu_s, after.cpu_s, 1_000.0),
        memory_bytes=after.memory_bytes,
        lag_us_max=round(after.lag_s_max * 1_000_000),
        messages=pace(before.messages, after.messages, 60.0),
        coins=pace(before.coins, after.coins, 60.0),
        refusals=pace(before.refusals, after.refusals, 60.0),
        sanctions=after.sanctions,
    )


def merge(samples: Sequence[Sample]) -> Sample:
    """One sample for several, at the last one's time. At least one."""
    rows = [astuple(sample)[1:] for sample in samples]
    merged = [
        max(column) if name in _PEAKS else round(sum(column) / len(column))
        for name, column in zip(FIGURES, zip(*rows, strict=True), strict=True)
    ]
    return Sample(samples[-1].at_unix_ms, *merged)


def thin(samples: Sequence[Sample], points_max: int = POINTS_MAX) -> list[Sample]:
    """At most so many, by merging neighbours: no peak is lost."""
    if len(samples) <= points_max:
        return list(samples)
    width = -(-len(samples) // points_max)
    return [merge(samples[start : start + width]) for start in range(0, len(samples), width)]


def columns(samples: Iterable[Sample]) -> dict[str, tuple[int, ...]]:
    """By figure, with the times: what `Overview` wants."""
    rows = [astuple(sample) for sample in samples]
    names = ("at_unix_ms", *FIGURES)
    if not rows:
        return dict.fromkeys(names, ())
    return {
        name: tuple(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }


class Series:
    """Samples of one length; the oldest go."""

    def __init__(self, step_ms: int, samples_max: int) -> None:
        self._step_ms = step_ms
        self._gathered: list[Sample] = []
        self._kept: deque[Sample] = deque(maxlen=samples_max)

    def add(self, sample: Sample) -> Sample | None:
        """The merged sample that this one begins a new step after; None within a step."""
        done = None
        if self._gathered and self._step_of(sample) != self._step_of(self._gathered[0]):
            done = merge(self._gathered)
            self._kept.append(done)
            self._gathered.clear()
        self._gathered.append(sample)
        return done

    def put_back(self, samples: Iterable[Sample]) -> None:
        """Those that were stored in an earlier life, the oldest first."""
        self._kept.extend(samples)

    def after(self, since_unix_ms: int) -> list[Sample]:
        """With what the step under way has so far, so that the newest end is never empty."""
        found = [sample for sample in self._kept if sample.at_unix_ms > since_unix_ms]
        if self._gathered:
            found.append(merge(self._gathered))
        return found

    def _step_of(self, sample: Sample) -> int:
        return sample.at_unix_ms // self._step_ms


class History:
    """The three series."""

    def __init__(self) -> None:
        self._fine: deque[Sample] = deque(maxlen=FINE_MAX)
        self._coarse = Series(COARSE_MS, COARSE_MAX)
        self._stored = Series(STORED_MS, STORED_MAX)

    def add(self, sample: Sample) -> Sample | None:
        """The quarter of an hour that is over with this sample, to be stored; mostly None."""
        self._fine.append(sample)
        self._coarse.add(sample)
        return self._stored.add(sample)

    def put_back(self, stored: Sequence[Sample]) -> None:
        """What an earlier life stored: the day begins with its end, in longer steps."""
        self._stored.put_back(stored)
        newest = stored[-1].at_unix_ms if stored else 0
        self._coarse.put_back(one for one in stored if one.at_unix_ms > newest - DAY_MS)

    def hour(self, since_unix_ms: int) -> list[Sample]:
        return thin([sample for sample in self._fine if sample.at_unix_ms > since_unix_ms])

    def day(self, since_unix_ms: int) -> list[Sample]:
        return thin(self._coarse.after(since_unix_ms))

    def week(self, since_unix_ms: int) -> list[Sample]:
        return thin(self._stored.after(since_unix_ms))
