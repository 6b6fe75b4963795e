"""A number in few characters: 1.2k, or 1.2万 where people count in ten thousands."""

from __future__ import annotations

from typing import Final

Units = tuple[tuple[int, str], ...]
"""The largest first."""

THOUSANDS: Final[Units] = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))
TEN_THOUSANDS: Final[Units] = ((100_000_000, "亿"), (10_000, "万"))


def shorten(number: int, units: Units) -> str:
    """Rounded down, with one decimal below ten units, so that no count is ever shown too high."""
    for size, sign in units:
        if number >= size:
            whole, tenths = number // size, number * 10 // size % 10
            return f"{whole}.{tenths}{sign}" if tenths and whole < 10 else f"{whole}{sign}"
    return str(number)
