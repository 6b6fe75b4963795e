"""Which pictures are keyframes on all layers: every two seconds, and when somebody asks.

Decided before the layers' queues, by pts, so that layers agree whatever each of them drops.
"""

from __future__ import annotations

from typing import Final

KEYFRAME_INTERVAL_US: Final = 2_000_000
REQUEST_INTERVAL_US_MIN: Final = 250_000
"""Requests closer than this are one: a crowd of joiners must not turn each picture into one."""

_JITTER_US: Final = 5_000


class KeyframeSchedule:
    """`is_due` belongs to the capturing thread; `request` may be called from any."""

    def __init__(self) -> None:
        self._last_us: int | None = None
        self._requested = False

    def request(self) -> None:
        self._requested = True

    def is_due(self, pts_us: int) -> bool:
        """Whether the picture at `pts_us` is to be a keyframe."""
        if self._last_us is not None:
            elapsed_us = pts_us - self._last_us
            wanted_us = REQUEST_INTERVAL_US_MIN if self._requested else KEYFRAME_INTERVAL_US
            if 0 <= elapsed_us < wanted_us - _JITTER_US:
                return False
        self._requested = False
        self._last_us = pts_us
        return True
