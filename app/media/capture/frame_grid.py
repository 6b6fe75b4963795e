"""The instants of a constant frame rate, and which of them a captured picture takes.

Pure: pts are arguments. Instant k of a rate lies at k / rate seconds of the broadcast's clock,
rounded to a microsecond, so whole seconds are met exactly by whole rates.
"""

from __future__ import annotations

from fractions import Fraction

_US: int = 1_000_000


class FrameGrid:
    """The arithmetic of one frame rate."""

    def __init__(self, frame_rate: Fraction) -> None:
        if frame_rate <= 0:
            raise ValueError(f"frame rate {frame_rate} is not positive")
        self.frame_rate = frame_rate

    @property
    def interval_us(self) -> int:
        return round(_US / self.frame_rate)

    def pts_us(self, slot: int) -> int:
        return round(Fraction(slot * _US) / self.frame_rate)

    def slot_at(self, pts_us: int) -> int:
        """The last slot at or before an instant."""
        slot = int(pts_us * self.frame_rate / _US)
        while self.pts_us(slot + 1) <= pts_us:
            slot += 1
        while self.pts_us(slot) > pts_us:
            slot -= 1
        return slot

    def slot_after(self, pts_us: int) -> int:
        """The first slot at or after an instant."""
        slot = self.slot_at(pts_us)
        return slot if self.pts_us(slot) == pts_us else slot + 1


class FrameSlots:
    """Puts pictures that arrive with jitter onto the grid: one a slot, none twice.

    An arrival takes the next slot while it is within three quarters of an interval of it, so jitter
    around the middle between two slots neither doubles nor skips one.
    """

    def __init__(self, grid: FrameGrid, start_us: int = 0) -> None:
        """No picture gets a pts before `start_us`."""
        self._grid = grid
        self._first = grid.slot_after(start_us)
        self._last: int | None = None
        self.skipped = 0
        """Slots that got no picture at all."""

    def take(self, arrived_us: int) -> int | None:
        """The pts of a picture, or None when the source is faster than the grid."""
        exact = arrived_us * self._grid.frame_rate / _US
        if self._last is None:
            return self._put(max(self._first, round(exact)))
        distance = exact - (self._last + 1)
        if distance < Fraction(-3, 4):
            return None
        return self._put(self._last + 1 if distance <= Fraction(3, 4) else round(exact))

    def fill(self, now_us: int) -> int:
        """The pts of a stand-in for the picture that is overdue now."""
        if self._last is None:
            return self._put(max(self._first, self._grid.slot_at(now_us)))
        # One interval may pass before a stand-in is needed; more means that this thread was late.
        return self._put(max(self._last + 1, self._grid.slot_at(now_us) - 1))

    def next_due_us(self, now_us: int) -> int:
        """When the next slot's picture is overdue: a stand-in is wanted then."""
        if self._last is None:
            return now_us + self._grid.interval_us
        return self._grid.pts_us(self._last + 1) + self._grid.interval_us * 3 // 4

    def _put(self, slot: int) -> int:
        if self._last is not None:
            self.skipped += slot - self._last - 1
        self._last = slot
        return self._grid.pts_us(slot)


class FrameThinner:
    """Lets at most `frame_rate_max` pictures a second through, as evenly as they come."""

    def __init__(self, frame_rate_max: Fraction) -> None:
        self._interval_us = _US / frame_rate_max
        self._next_us: Fraction | None = None

    def is_wanted(self, pts_us: int) -> bool:
        """Whether the picture at `pts_us` goes on; pts must not fall."""
        due_us = Fraction(pts_us) if self._next_us is None else self._next_us
        # A tenth of an interval of grace: rounded pts of 60 a second are all wanted.
        if pts_us < due_us - self._interval_us / 10:
            return False
        self._next_us = max(due_us, pts_us - self._interval_us) + self._interval_us
        return True
