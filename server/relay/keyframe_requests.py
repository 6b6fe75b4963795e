"""How often a publisher is asked for a keyframe, whoever wants one. Pure: time is an argument.

Keyframes are large: at one bit rate, more of them make every picture worse for the whole room. So a
layer is asked for at most once in REQUEST_INTERVAL_S, a room has an allowance for all its layers
together, and each viewer one of its own within it. A publisher makes a keyframe every two seconds
anyway: whoever asks in vain waits no longer than without asking.
"""

from __future__ import annotations

from typing import Final

from server.rates import Rate, TokenBuckets
from wire.limits import KEYFRAME_REQUEST_INTERVAL_MS_MIN

REQUEST_INTERVAL_S: Final = KEYFRAME_REQUEST_INTERVAL_MS_MIN / 1000
FRESH_S: Final = 0.25
"""A keyframe that came so lately is on its way to whoever asks now."""
ROOM_REQUESTS: Final = Rate(burst=6, per_s=1 / 2)
VIEWER_REQUESTS: Final = Rate(burst=3, per_s=1 / 10)


class Allowance:
    """So many at once, then so many a second."""

    def __init__(self, rate: Rate) -> None:
        self._bucket: TokenBuckets[None] = TokenBuckets(rate, keys_max=1)

    def take(self, now_s: float) -> bool:
        return self._bucket.take(None, now_s) == 0.0


class KeyframeRequests:
    """Of one room's publisher."""

    def __init__(self) -> None:
        self._allowance = Allowance(ROOM_REQUESTS)
        self._asked_at_s: dict[int, float] = {}
        self._came_at_s: dict[int, float] = {}

    def begin(self) -> None:
        """Another publisher, or another connection of the same: it has not been asked yet."""
        self._asked_at_s.clear()
        self._came_at_s.clear()

    def note(self, layer: int, now_s: float) -> None:
        """A keyframe came."""
        self._came_at_s[layer] = now_s

    def is_under_way(self, layer: int, now_s: float) -> bool:
        """Whether one came just now, or was asked for just now."""
        came_s = now_s - self._came_at_s.get(layer, -1e9)
        return came_s < FRESH_S or now_s - self._asked_at_s.get(layer, -1e9) < REQUEST_INTERVAL_S

    def take(self, layer: int, now_s: float) -> bool:
        """Whether the publisher is to be asked now; then it counts as asked."""
        if now_s - self._asked_at_s.get(layer, -1e9) < REQUEST_INTERVAL_S:
            return False
        if not self._allowance.take(now_s):
            return False
        self._asked_at_s[layer] = now_s
        return True
