"""What counts as a like, and when a room is told. The time is an argument, monotonic."""

from __future__ import annotations

from collections import OrderedDict, deque
from math import ceil
from typing import TYPE_CHECKING, Final

from server.rates import KEYS_MAX

if TYPE_CHECKING:
    from wire.ids import UserId

TAP_WINDOW_S: Final = 1.0
TAPS_PER_WINDOW_MAX: Final = 10
"""About what a quick thumb does. Guests are not counted: a socket costs nothing, so a limit for
each socket would be none."""
SAY_INTERVAL_S: Final = 0.25
"""At most four events a second of a room."""
RATE_WINDOW_S: Final = 2.0


class TapWindows:
    """At most `taps_max` taps of a user count in any `window_s`, in all rooms together."""

    def __init__(
        self,
        *,
        window_s: float = TAP_WINDOW_S,
        taps_max: int = TAPS_PER_WINDOW_MAX,
        users_max: int = KEYS_MAX,
    ) -> None:
        self._window_s = window_s
        self._taps_max = taps_max
        self._users_max = users_max
        self._counted: OrderedDict[UserId, deque[tuple[float, int]]] = OrderedDict()
        """When and how many, the newest last; at most `taps_max` entries a user."""

    def __len__(self) -> int:
        return len(self._counted)

    def count(self, user_id: UserId, taps: int, now_mono_s: float) -> int:
        """How many of the taps count."""
        counted = self._counted.setdefault(user_id, deque())
        self._counted.move_to_end(user_id)
        if len(self._counted) > self._users_max:
            self._counted.popitem(last=False)
        while counted and counted[0][0] <= now_mono_s - self._window_s:
            counted.popleft()
        left = self._taps_max - sum(number for _, number in counted)
        taken = max(0, min(taps, left))
        if taken:
            counted.append((now_mono_s, taken))
        return taken


class LikeCount:
    """The likes of one broadcast: their total, their rate, and what the room was told last."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._recent: deque[tuple[float, int]] = deque()
        """When and how many, for the rate; one entry for each moment of telling at most."""
        self._told = (total, 0)
        self._told_at_s: float | None = None

    def add(self, taps: int, now_mono_s: float) -> None:
        self.total += taps
        if self._recent and now_mono_s - self._recent[-1][0] < SAY_INTERVAL_S / 4:
            at, number = self._recent.pop()
            self._recent.append((at, number + taps))
        else:
            self._recent.append((now_mono_s, taps))

    def rate_per_s(self, now_mono_s: float) -> int:
        """Rounded up, so that it is 0 only when nobody tapped for a while."""
        while self._recent and self._recent[0][0] <= now_mono_s - RATE_WINDOW_S:
            self._recent.popleft()
        return ceil(sum(number for _, number in self._recent) / RATE_WINDOW_S)

    def take_news(self, now_mono_s: float) -> tuple[int, int] | None:
        """Total and rate, when they changed and the room was not told just now."""
        if self._told_at_s is not None and now_mono_s - self._told_at_s < SAY_INTERVAL_S:
            return None
        news = (self.total, self.rate_per_s(now_mono_s))
        if news == self._told:
            return None
        self._told, self._told_at_s = news, now_mono_s
        return news

    def is_settled(self, now_mono_s: float) -> bool:
        """Nothing is left to tell until somebody taps again."""
        return self._told == (self.total, self.rate_per_s(now_mono_s)) == (self.total, 0)
