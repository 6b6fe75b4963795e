"""How often a decoder child may be replaced: pure, time is an argument.

A stream that kills every child costs at most `BURST` of them at once and one each `REFILL_S` after
that (a start takes 0.06 s of a core), and a good stream still finds one within 2 s.
"""

from __future__ import annotations

from typing import Final

BURST: Final = 6
REFILL_S: Final = 1.5


class RestartBudget:
    """A bucket of `BURST` restarts."""

    def __init__(self) -> None:
        self._left = float(BURST)
        self._at_s: float | None = None

    def take(self, now_s: float) -> bool:
        """Whether one more is allowed now; it counts if it is."""
        if self._at_s is not None:
            gained = max(0.0, now_s - self._at_s) / REFILL_S
            self._left = min(float(BURST), self._left + gained)
        self._at_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
