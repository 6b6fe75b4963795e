"""Hearts that rise over the stage: which ones, and where each is at a time. Time and chance are
arguments; the places are parts of the stage's height, so that a stage of any size looks alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

HEARTS_MAX: Final = 40
LIFE_MS: Final = 2_500.0
NEWS_INTERVAL_MS: Final = 250.0
"""The relay tells a room's total this often at most."""
HEARTS_PER_NEWS_MAX: Final = 4
"""With `HEARTS_MAX`: so many in each quarter of a second are always in the air."""
COLORS: Final = 6
OWN_UNSEEN_MAX: Final = 20
"""Own taps that a total may still bring; those that the relay did not count hide no more of
others' than this."""

Random = Callable[[], float]
"""From 0 up to 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a heart's middle is and how it looks."""

    right: float
    """From the stage's right edge, in stage heights."""
    up: float
    """From the stage's bottom, in stage heights."""
    size: float
    """In stage heights."""
    opacity: float


@dataclass(frozen=True, slots=True)
class Heart:
    """One heart, from its birth to its end `LIFE_MS` later."""

    born_ms: float
    is_own: bool
    color: int
    """0 up to `COLORS`."""
    right: float
    sway: float
    """From -1 to 1: how far it swings, and to which side first."""
    size: float

    def place(self, now_ms: float) -> Place | None:
        """None before its birth and after its end."""
        age = (now_ms - self.born_ms) / LIFE_MS
        if not 0.0 <= age < 1.0:
            return None
        grown = min(1.0, 0.4 + age * 6.0)
        return Place(
            right=self.right + 0.035 * self.sway * math.sin(age * 2.2 * math.pi),
            up=0.06 + 0.62 * (1.0 - (1.0 - age) ** 1.3),
            size=self.size * grown,
            opacity=min(1.0, (1.0 - age) * 2.5),
        )


class Hearts:
    """At most `HEARTS_MAX`; one's own come first where there is no room for all."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._hearts: list[Heart] = []

    def __len__(self) -> int:
        return len(self._hearts)

    def tap(self, now_ms: float) -> None:
        """One's own, at once."""
        self._forget_ended(now_ms)
        if len(self._hearts) >= HEARTS_MAX:
            others = (at for at, heart in enumerate(self._hearts) if not heart.is_own)
            del self._hearts[next(others, 0)]
        self._hearts.append(self._make(now_ms, is_own=True))

    def hear(self, taps: int, now_ms: float) -> None:
        """So many taps of others since the last news, spread until the next."""
        self._forget_ended(now_ms)
        shown = max(0, min(taps, HEARTS_PER_NEWS_MAX, HEARTS_MAX - len(self._hearts)))
        for number in range(shown):
            born = now_ms + NEWS_INTERVAL_MS * number / shown
            self._hearts.append(self._make(born, is_own=False))

    def clear(self) -> None:
        self._hearts.clear()

    def visible(self, now_ms: float) -> list[tuple[Heart, Place]]:
        """In the order of painting."""
        self._forget_ended(now_ms)
        placed = ((heart, heart.place(now_ms)) for heart in self._hearts)
        return [(heart, place) for heart, place in placed if place is not None]

    def is_moving(self, now_ms: float) -> bool:
        self._forget_ended(now_ms)
        return bool(self._hearts)

    def _forget_ended(self, now_ms: float) -> None:
        self._hearts = [heart for heart in self._hearts if now_ms - heart.born_ms < LIFE_MS]

    def _make(self, born_ms: float, *, is_own: bool) -> Heart:
        random = self._random
        return Heart(
            born_ms=born_ms,
            is_own=is_own,
            color=int(random() * COLORS) % COLORS,
            right=0.08 + 0.13 * random(),
            sway=2.0 * random() - 1.0,
            size=(0.058 if is_own else 0.045) * (0.85 + 0.3 * random()),
        )


class OthersTaps:
    """What others tapped, from totals that hold one's own taps as well."""

    def __init__(self, total: int = 0) -> None:
        self._total = total
        self._own_unseen = 0
        """Own taps that no total has held yet; some may never be counted."""

    def tap(self) -> None:
        self._own_unseen = min(OWN_UNSEEN_MAX, self._own_unseen + 1)

    def hear(self, total: int) -> int:
        """The others' part of what came since the last total."""
        grown = max(0, total - self._total)
        own = min(grown, self._own_unseen)
        self._total = total
        self._own_unseen -= own
        return grown - own

    def begin(self, total: int) -> None:
        """Another room or broadcast: nothing of before counts."""
        self._total, self._own_unseen = total, 0
