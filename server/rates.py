"""Rate limits as values: token buckets and failure windows. The time is an argument, monotonic.

Both remember at most `keys_max` keys and forget the one that was used longest ago, so that no
flood of names or addresses fills the memory.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from math import ceil
from typing import Final, Generic, TypeVar

from wire.errors import ErrorCode, WireError

KEYS_MAX: Final = 20_000

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_s` a second."""

    burst: float
    per_s: float


class TokenBuckets(Generic[Key]):
    """One bucket for each key."""

    def __init__(self, rate: Rate, *, keys_max: int = KEYS_MAX) -> None:
        self._rate = rate
        self._keys_max = keys_max
        self._levels: OrderedDict[Key, tuple[float, float]] = OrderedDict()
        """Tokens and when they were counted."""

    def __len__(self) -> int:
        return len(self._levels)

    def wait_s(self, key: Key, now_mono_s: float) -> float:
        """How long until `take` would succeed; 0 when it would now."""
        return max(0.0, (1.0 - self._level(key, now_mono_s)) / self._rate.per_s)

    def take(self, key: Key, now_mono_s: float) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one."""
        level = self._level(key, now_mono_s)
        if level < 1.0:
            return (1.0 - level) / self._rate.per_s
        self._levels[key] = (level - 1.0, now_mono_s)
        self._levels.move_to_end(key)
        if len(self._levels) > self._keys_max:
            self._levels.popitem(last=False)
        return 0.0

    def _level(self, key: Key, now_mono_s: float) -> float:
        level, counted_at = self._levels.get(key, (self._rate.burst, now_mono_s))
        gained = max(0.0, now_mono_s - counted_at) * self._rate.per_s
        return min(self._rate.burst, level + gained)


class FailureWindows(Generic[Key]):
    """At most `failures_max` failures of a key in any `window_s`.

    An attempt counts as a failure from its start, so that a hundred at once cannot all pass the
    check before the first has failed; `forgive` takes it back.
    """

    def __init__(self, failures_max: int, window_s: float, *, keys_max: int = KEYS_MAX) -> None:
        self._failures_max = failures_max
        self._window_s = window_s
        self._keys_max = keys_max
        self._times: OrderedDict[Key, deque[float]] = OrderedDict()

    def wait_s(self, key: Key, now_mono_s: float) -> float:
        """How long until another attempt is allowed; 0 when it is now."""
        times = self._times.get(key)
        if times is None:
            return 0.0
        while times and times[0] <= now_mono_s - self._window_s:
            times.popleft()
        if len(times) < self._failures_max:
            return 0.0
        return times[0] + self._window_s - now_mono_s

    def begin(self, key: Key, now_mono_s: float) -> None:
        self._times.setdefault(key, deque()).append(now_mono_s)
        self._times.move_to_end(key)
        if len(self._times) > self._keys_max:
            self._times.popitem(last=False)

    def forgive(self, key: Key) -> None:
        """The attempt that began last did not fail."""
        times = self._times.get(key)
        if times:
            times.pop()
        if not times:
            self._times.pop(key, None)

    def clear(self, key: Key) -> None:
        self._times.pop(key, None)


def rate_limited(wait_s: float, words: str = "too many requests; wait a moment") -> WireError:
    return WireError(ErrorCode.RATE_LIMITED, words, retry_after_ms=max(1, ceil(wait_s * 1000)))
