"""Over which of two ways up a picture goes. Pure.

Keyframes and sound go over every way that is open, so that losing one costs at most the pictures up
to the next keyframe, and a way that was lost is joined again at a keyframe. All other pictures go
over the better one: the one on which less waits. It is changed only for a clear difference, since
packets of the new way overtake those that still wait on the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

CHANGE_MS: Final = 100.0
"""The other way must be better by so much."""


def choose_path(current: int, waiting_ms: Sequence[float | None]) -> int:
    """The number of the way for ordinary pictures. `waiting_ms` is what waits on each, None where
    it is closed. While all are closed the current one stays."""
    is_open = {number: waits for number, waits in enumerate(waiting_ms) if waits is not None}
    if not is_open:
        return current
    best = min(is_open, key=lambda number: is_open[number])
    here = is_open.get(current)
    if here is None or is_open[best] < here - CHANGE_MS:
        return best
    return current
