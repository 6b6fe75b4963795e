"""Whether the publisher's own link is the cause of what viewers see. Pure: time is an argument.

A viewer whose picture stands still says so, and cannot know whose link was slow. Here it shows: a
packet that comes later after its moment than others did, or none for a while, was late before it
reached the relay.
"""

from __future__ import annotations

from typing import Final

LATE_S: Final = 0.3
"""Above what a steady uplink varies by; a viewer's own buffer is about as long."""
EXCUSE_S: Final = 10.0
"""Trouble at the source shows in reports for so long: they come by seconds and are summed up."""
DRIFT: Final = 0.001
"""Seconds a second by which the two clocks may part."""


class SourceLateness:
    """Of one publisher. `begin` anew with each that comes."""

    def __init__(self) -> None:
        self._least_s: float | None = None
        self._arrived_s = 0.0
        self._late_at_s = -1e9

    def begin(self) -> None:
        """Another publisher, or another connection: its packets are measured among themselves."""
        self._least_s = None

    def note(self, now_s: float, pts_us: int) -> None:
        """A packet came."""
        behind_s = now_s - pts_us / 1e6
        if self._least_s is None:
            self._least_s = behind_s
        else:
            drifted_s = self._least_s + DRIFT * (now_s - self._arrived_s)
            self._least_s = min(behind_s, drifted_s)
        if behind_s - self._least_s > LATE_S:
            self._late_at_s = now_s
        self._arrived_s = now_s

    def is_to_blame(self, now_s: float) -> bool:
        """Whether the source was late a moment ago, or is silent now."""
        if self._least_s is not None and now_s - self._arrived_s > LATE_S:
            self._late_at_s = now_s
        return now_s - self._late_at_s < EXCUSE_S
