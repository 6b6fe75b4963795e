"""Combos, and how a red packet is split. Chance comes in as an argument."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

COMBO_S: Final = 5.0
"""The same gift by the same user in the same room within this counts on."""
PACKET_S: Final = 60.0
"""What nobody took by then goes back."""
PACKETS_OPEN_MAX: Final = 5
"""Of one room at once."""

Below = Callable[[int], int]
"""A random number from 0 to below n, all alike: `secrets.randbelow` in the program."""


def split(coins: int, shares: int, below: Below) -> tuple[int, ...]:
    """Shares of at least one coin each; every way to split is as likely as any other.

    `shares - 1` different cuts are drawn among the `coins - 1` gaps between coins (Floyd's way:
    one draw a cut, however near the two numbers are).
    """
    if not 1 <= shares <= coins:
        raise ValueError("a share is at least one coin")
    gaps, wanted = coins - 1, shares - 1
    cuts: set[int] = set()
    for top in range(gaps - wanted + 1, gaps + 1):
        cut = 1 + below(top)
        cuts.add(top if cut in cuts else cut)
    edges = [0, *sorted(cuts), coins]
    return tuple(high - low for low, high in pairwise(edges))


@dataclass(frozen=True)
class Streak:
    count: int
    at_s: float


def next_combo(last: Streak | None, count: int, now_s: float) -> int:
    """How many in a row with `count` more."""
    goes_on = last is not None and now_s - last.at_s <= COMBO_S
    return (last.count if goes_on and last is not None else 0) + count


class Combos:
    """The streaks that can still go on, by who, what and where. On the monotonic clock."""

    def __init__(self) -> None:
        self._streaks: OrderedDict[tuple[str, str, str], Streak] = OrderedDict()

    def next(self, user_id: str, gift_id: str, room_id: str, *, count: int, now_s: float) -> int:
        return next_combo(self._streaks.get((user_id, gift_id, room_id)), count, now_s)

    def note(self, user_id: str, gift_id: str, room_id: str, *, combo: int, now_s: float) -> None:
        """That many stand in the book now."""
        key = (user_id, gift_id, room_id)
        self._streaks[key] = Streak(combo, now_s)
        self._streaks.move_to_end(key)
        while self._streaks:
            oldest = next(iter(self._streaks))
            if now_s - self._streaks[oldest].at_s <= COMBO_S:
                return
            del self._streaks[oldest]
