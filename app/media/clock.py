"""One clock for all that a broadcast captures.

Frames and sounds carry microseconds of this clock, which runs on the monotonic clock. Wall time is
sampled once, when the clock is started: a step of the system's time bends no timestamp and no
measured delay.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class _Anchor(NamedTuple):
    monotonic_ns: int
    pts_us: int
    unix_us: int


class MediaClock:
    """Microseconds since the broadcast's origin. Safe to read from any thread."""

    def __init__(
        self,
        *,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        unix_ns: Callable[[], int] = time.time_ns,
        first_pts_us: int = 0,
    ) -> None:
        self._monotonic_ns = monotonic_ns
        self._unix_ns = unix_ns
        self._anchor = self._anchor_at(first_pts_us)

    def start_at(self, first_pts_us: int) -> None:
        """Let now be `first_pts_us`. Only before the sources start: pts would jump afterwards."""
        self._anchor = self._anchor_at(first_pts_us)

    def now_us(self) -> int:
        """Microseconds since the broadcast's origin."""
        anchor = self._anchor
        return anchor.pts_us + (self._monotonic_ns() - anchor.monotonic_ns) // 1000

    def unix_us(self, pts_us: int) -> int:
        """The Unix time, in microseconds, of an instant of this clock."""
        anchor = self._anchor
        return anchor.unix_us + pts_us - anchor.pts_us

    def _anchor_at(self, pts_us: int) -> _Anchor:
        return _Anchor(self._monotonic_ns(), pts_us, self._unix_ns() // 1000)
