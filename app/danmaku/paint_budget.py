"""How much of the crowd the painter can carry. Pure; time is an argument."""

from __future__ import annotations

import math
from typing import Final

BUDGET_MS: Final = 8.0
"""Painting that takes longer than this at the 95th percentile is too much."""
WINDOW_MS: Final = 1000.0
FEWER: Final = 0.8
MORE: Final = 1.1
SHARE_MIN: Final = 0.2
SAMPLES_MAX: Final = 512


class PaintBudget:
    """Watches how long painting takes and says which share of the texts to admit."""

    def __init__(self) -> None:
        self.share = 1.0
        self._samples_ms: list[float] = []
        self._window_from_ms: float | None = None
        self._credit = 0.0

    def observe(self, paint_ms: float, now_ms: float) -> None:
        """One painting took this long. Judged once a second."""
        if self._window_from_ms is None:
            self._window_from_ms = now_ms
        if len(self._samples_ms) < SAMPLES_MAX:
            self._samples_ms.append(paint_ms)
        if now_ms - self._window_from_ms < WINDOW_MS:
            return
        ordered = sorted(self._samples_ms)
        p95_ms = ordered[math.ceil(0.95 * len(ordered)) - 1]
        if p95_ms > BUDGET_MS:
            self.share = max(SHARE_MIN, self.share * FEWER)
        else:
            self.share = min(1.0, self.share * MORE)
        self._samples_ms.clear()
        self._window_from_ms = now_ms

    def admit(self) -> bool:
        """Whether the next text may fly: evenly spread, so that `share` of all may."""
        self._credit += self.share
        if self._credit >= 1.0 - 1e-9:
            self._credit -= 1.0
            return True
        return False
