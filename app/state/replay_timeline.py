"""What happened in a recording around the moment that is played. Pure; bounded.

Pages of the relay's timeline come in order and cover a stretch without holes: from `from_ms` up to
`covered_ms`. A jump out of it begins another stretch, `LOOK_BACK_MS` before the moment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from wire.chat_events import LikesCounted
from wire.coin_events import GiftSent
from wire.event_base import DanmakuPosted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wire.events import TimelineEntry, TimelinePage

LOOK_BACK_MS: Final = 30_000
"""A danmaku crosses in 16 s at the slowest; the rest is for the list beside it."""
AHEAD_MS: Final = 30_000
"""More is asked for when less than this is known."""
ENTRIES_MAX: Final = 6_000
SHOWN_MAX: Final = 300
"""Messages in the list beside the picture."""
FOREVER_MS: Final = 1 << 53
NEWS_MS: Final = 2_000
"""How often the end of a recording that still grows is asked for."""


class Wanted(NamedTuple):
    """What to ask the relay for next."""

    from_ms: int
    after: str = ""


class Totals(NamedTuple):
    """What there was by a moment; None: nobody knows."""

    likes: int | None = None
    gift_coins: int | None = None

    def after(self, entries: Iterable[TimelineEntry]) -> Totals:
        likes, coins = self
        for entry in entries:
            event = entry.event
            if isinstance(event, LikesCounted):
                likes = event.total
            elif isinstance(event, GiftSent) and coins is not None:
                coins += event.coins
        return Totals(likes, coins)


class ReplayTimeline:
    """Belongs to one thread."""

    def __init__(self, *, is_growing: bool = False) -> None:
        self._is_growing = is_growing
        self._times: list[int] = []
        self._entries: list[TimelineEntry] = []
        self._totals = Totals()
        """Before the first of them."""
        self._next = ""
        self._asked: Wanted | None = None
        self._asked_at_ms = -float("inf")
        self.from_ms = 0
        self.covered_ms = -1
        """All that happened up to here is known; nothing is where it is before `from_ms`."""

    def want(self, at_ms: int, now_ms: float) -> Wanted | None:
        """What to ask for now, once; `add` or `fail` is to follow. `now_ms` is of any clock."""
        if self._asked is not None:
            return None
        is_too_late = self.from_ms > max(0, at_ms - LOOK_BACK_MS // 2)
        if is_too_late or not self._is_within_reach(at_ms):
            self._asked = Wanted(max(0, at_ms - LOOK_BACK_MS))
        elif at_ms + AHEAD_MS <= self.covered_ms:
            return None
        elif self._next:
            self._asked = Wanted(self.from_ms, self._next)
        elif self._is_growing and now_ms - self._asked_at_ms >= NEWS_MS:
            self._asked_at_ms = now_ms
            self._asked = Wanted(self._times[-1] if self._times else self.from_ms)
        return self._asked

    def _is_within_reach(self, at_ms: int) -> bool:
        """Known, or in what is asked for next: another page, or the end of one that grows."""
        if self._next:
            return at_ms <= self.covered_ms + AHEAD_MS
        return at_ms <= self.covered_ms or (self._is_growing and self.covered_ms >= 0)

    def add(self, page: TimelinePage) -> int | None:
        """The page that was asked for. Returns the first moment of which something is new; None
        where nothing is."""
        asked, self._asked = self._asked, None
        if asked is None:
            return None
        is_more = bool(asked.after) or (
            self._is_growing and bool(self._times) and asked.from_ms == self._times[-1]
        )
        if not is_more:
            self._times, self._entries = [], []
            self.from_ms, self.covered_ms = asked.from_ms, asked.from_ms - 1
            self._totals = Totals(page.likes, page.gift_coins)
        known = self._entries[-64:] if is_more else []
        fresh = [one for one in page.entries if one not in known]
        self._times += [one.at_ms for one in fresh]
        self._entries += fresh
        self._next = page.next
        if page.next:
            self.covered_ms = self._times[-1] - 1 if self._times else self.covered_ms
        else:
            last_ms = self._times[-1] if self._times else self.from_ms
            self.covered_ms = last_ms if self._is_growing else FOREVER_MS
        if not is_more:
            return self.from_ms
        return fresh[0].at_ms if fresh else None

    def fail(self) -> None:
        """What was asked for did not come; it is asked for again."""
        self._asked = None

    def forget_before(self, at_ms: int) -> None:
        """What is long over, where there is much of it."""
        if len(self._entries) <= ENTRIES_MAX:
            return
        cut = min(bisect_left(self._times, at_ms - LOOK_BACK_MS), len(self._times) - 1)
        if cut > 0:
            # Not the first of what is left: where nothing happened for a while that is too late.
            self.from_ms = max(self.from_ms, at_ms - LOOK_BACK_MS)
            self._totals = self._totals.after(self._entries[:cut])
            del self._times[:cut], self._entries[:cut]

    def between(self, after_ms: float, to_ms: float) -> list[TimelineEntry]:
        """What happened after the one moment and up to the other, in order."""
        first = bisect_right(self._times, after_ms)
        return self._entries[first : bisect_right(self._times, to_ms)]

    def totals(self, at_ms: float) -> Totals:
        """Hearts and gifts by then, since the beginning."""
        return self._totals.after(self._entries[: bisect_right(self._times, at_ms)])

    def messages(self, at_ms: float) -> tuple[DanmakuPosted, ...]:
        """The last that were said by then."""
        found: list[DanmakuPosted] = []
        for entry in reversed(self._entries[: bisect_right(self._times, at_ms)]):
            if isinstance(entry.event, DanmakuPosted):
                found.append(entry.event)
                if len(found) >= SHOWN_MAX:
                    break
        return tuple(reversed(found))
