"""Percentiles of a stream in bounded memory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

RELATIVE_ERROR: Final = 0.01
_GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GAMMA: Final = math.log(_GAMMA)
_SMALLEST: Final = 0.01
"""Values below count as this one: 10 us where the unit is milliseconds."""
_BUCKETS_MAX: Final = 2048
"""From 0.01 to more than 1e15 at 1 % each."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a stream of values came to, in the unit of the values."""

    count: int
    p50: float
    p95: float
    p99: float
    maximum: float
    mean: float


class StreamingPercentiles:
    """Buckets that grow by 2 %, so that any percentile is within 1 % of the true one."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._sum = 0.0
        self.count = 0
        self.maximum = 0.0

    def add(self, value: float) -> None:
        """Take a value; negative ones count as 0 (a latency below the clocks' own error)."""
        value = max(value, 0.0)
        index = max(0, math.ceil(math.log(max(value, _SMALLEST) / _SMALLEST) / _LOG_GAMMA))
        index = min(index, _BUCKETS_MAX)
        self._buckets[index] = self._buckets.get(index, 0) + 1
        self._sum += value
        self.count += 1
        self.maximum = max(self.maximum, value)

    def percentile(self, share: float) -> float:
        """The value that `share` (0..1) of all do not exceed; 0 of an empty stream."""
        if not self.count:
            return 0.0
        rank = max(1, math.ceil(share * self.count))
        seen = 0
        for index in sorted(self._buckets):
            seen += self._buckets[index]
            if seen >= rank:
                middle = _SMALLEST * _GAMMA**index * (1 - RELATIVE_ERROR)
                return min(middle, self.maximum)
        return self.maximum

    def summary(self) -> Summary:
        return Summary(
            count=self.count,
            p50=self.percentile(0.50),
            p95=self.percentile(0.95),
            p99=self.percentile(0.99),
            maximum=self.maximum,
            mean=self._sum / self.count if self.count else 0.0,
        )


class RecentMaximum:
    """A high quantile of the last values: the p95 of a ring of 64, cheap enough for each frame."""

    SIZE: Final = 64

    def __init__(self, initial: float) -> None:
        self._values = [initial]
        self._next = 0

    def add(self, value: float) -> None:
        if len(self._values) < self.SIZE:
            self._values.append(value)
            return
        self._values[self._next] = value
        self._next = (self._next + 1) % self.SIZE

    def p95(self) -> float:
        return sorted(self._values)[int(0.95 * (len(self._values) - 1))]
