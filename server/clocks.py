"""Time as an argument: handed in by the composition root, stood still by tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clocks:
    """Limits and timers run on `mono_s`; rows and display on the wall clock."""

    mono_s: Callable[[], float]
    unix_us: Callable[[], int]

    def unix_ms(self) -> int:
        return self.unix_us() // 1000
