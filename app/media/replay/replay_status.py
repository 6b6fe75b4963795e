"""What a replay tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Phase = Literal["opening", "seeking", "playing", "waiting", "ended", "failed"]
"""waiting: the samples have run out, and more are to come."""


@dataclass(frozen=True, slots=True)
class ReplayStatus:
    """Told with each change; where it stands is asked for with `position_us`."""

    phase: Phase = "opening"
    is_paused: bool = False
    duration_us: int = 0
    reason: str = ""
    """In English, of a failure."""


class ReplayFigures(NamedTuple):
    """Since the start; for statistics and benches."""

    pictures: int
    overtaken: int
    errors: int
    reads: int
    queued_bytes: int
    first_picture_us: int | None
    """From the last jump, or the start, to its first picture."""
    exact_picture_us: int | None
    """The same to the picture of that very moment."""
