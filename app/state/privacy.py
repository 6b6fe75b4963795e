"""What Me shows of one's own data. Frozen and pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.privacy_events import DataCount

SHOWN: Final = (
    "messages",
    "rooms",
    "broadcasts",
    "follows",
    "followers",
    "moderating",
    "polls",
    "poll_votes",
    "draws",
    "draw_entries",
    "announcements",
    "coins",
    "watched_minutes",
    "sessions",
    "devices",
)
"""What is named one by one, in this order; the rest is summed up."""
_MADE_SHARE: Final = 0.7
"""Of the bar, for the relay's part; then comes the way to the disk."""


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is."""

    rows_done: int = 0
    rows: int = 0
    bytes_done: int = 0
    size_bytes: int = 0
    """0 while the relay is making it."""

    @property
    def share(self) -> float:
        """0..1, never going back."""
        if self.size_bytes:
            return _MADE_SHARE + (1 - _MADE_SHARE) * min(1.0, self.bytes_done / self.size_bytes)
        return _MADE_SHARE * min(1.0, self.rows_done / self.rows) if self.rows else 0.0


def sort_counts(counts: tuple[DataCount, ...]) -> tuple[tuple[str, int], ...]:
    """What there is any of, in the order of `SHOWN`; last "other", which newer relays may have."""
    known = {one.name: one.rows for one in counts if one.rows > 0}
    shown = [(name, known.pop(name)) for name in SHOWN if name in known]
    other = sum(known.values())
    return (*shown, ("other", other)) if other else tuple(shown)
