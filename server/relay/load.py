"""How busy the relay's loop is, and whether to coalesce.

Two signals: the lag of a timer (the loop is late for everybody), and the share of the last moments
that went into writing to subscribers. The second is needed because the fan-out yields: a loop that
does nothing but send is saturated long before a timer of it is late.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.settings import CoalesceMode

TICK_S: Final = 0.1
LAG_ON_S: Final = 0.005
LAG_OFF_S: Final = 0.003
BUSY_ON: Final = 0.35
BUSY_OFF: Final = 0.15
"""While it coalesces the same load costs about half, so "off" lies below half of "on"."""
WINDOW_TICKS: Final = 10
CALM_TICKS: Final = 30
"""Coalescing ends after 3 s of calm in one piece."""


class LoadMeter:
    """Fed by a timer each TICK_S and by the fan-out; time is an argument."""

    def __init__(self, mode: CoalesceMode) -> None:
        self._mode = mode
        self.coalescing = mode == "always"
        self.lag_s = 0.0
        """The newest timer's lag."""
        self._lag_s_max = 0.0
        self.busy_s_total = 0.0
        self._busy_s = 0.0
        self._busy_shares: deque[float] = deque(maxlen=WINDOW_TICKS)
        self._calm_ticks = 0

    def add_busy(self, seconds: float) -> None:
        """Time spent writing to subscribers."""
        self._busy_s += seconds
        self.busy_s_total += seconds

    def take_lag_max(self) -> float:
        """The largest lag since this was last asked."""
        lag_s, self._lag_s_max = self._lag_s_max, 0.0
        return lag_s

    @property
    def busy_share(self) -> float:
        """Share of the last second that went into writing, 0 to 1."""
        return sum(self._busy_shares) / len(self._busy_shares) if self._busy_shares else 0.0

    def tick(self, elapsed_s: float) -> None:
        """Called by a timer meant for every TICK_S; `elapsed_s` is how long it really took."""
        self.lag_s = max(0.0, elapsed_s - TICK_S)
        self._lag_s_max = max(self._lag_s_max, self.lag_s)
        self._busy_shares.append(min(1.0, self._busy_s / max(elapsed_s, 1e-6)))
        self._busy_s = 0.0
        if self._mode != "auto":
            return
        if self.busy_share > BUSY_ON or (self.lag_s > LAG_ON_S and self.busy_share > BUSY_OFF):
            self.coalescing = True
            self._calm_ticks = 0
        elif self.coalescing and self.lag_s < LAG_OFF_S and self.busy_share < BUSY_OFF:
            self._calm_ticks += 1
            if self._calm_ticks >= CALM_TICKS:
                self.coalescing = False
        else:
            self._calm_ticks = 0
