"""Over which of two ways up a picture goes. Pure.

Keyframes and sound go over every way that is open, so that losing one costs at most the pictures up
to the next keyframe, and a way that was lost is joined again at a keyframe. All other pictures go
over the better one: the one on which less waits. It is changed only for a clear difference, since
packets of the new way overtake those that still wait on the old one; and at once where it does not
acknowledge what it was given, for then it may swallow all that goes into it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

CHANGE_MS: Final = 100.0
"""The other way must be better by so much."""


def choose_path(
    current: int, waiting_ms: Sequence[float | None], silent: Collection[int] = ()
) -> int:
    """The number of the way for ordinary pictures. `waiting_ms` is what waits on each, None where
    it is closed; `silent` are those that are not to be trusted. While all are closed the current
    one stays, and while none is to be trusted, they are all as good."""
    is_open = {number: waits for number, waits in enumerate(waiting_ms) if waits is not None}
    is_open = {n: waits for n, waits in is_open.items() if n not in silent} or is_open
    if not is_open:
        return current
    best = min(is_open, key=lambda number: is_open[number])
    here = is_open.get(current)
    if here is None or is_open[best] < here - CHANGE_MS:
        return best
    return current
