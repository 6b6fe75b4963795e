"""A text shows when the picture that it was said to is on this viewer's screen. Pure.

The relay is ahead of every screen by what the network and the viewer's chosen delay take; a text
that showed at once would give away the goal before it falls. It waits for the picture, but never
longer than `WAIT_MS_MAX`: where the picture stands, or is another broadcast's, talk goes on.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT_MS_MAX: Final = 5000.0
"""The longest delay that a viewer may choose is 2 s, and a group of pictures is another 2."""
HELD_MAX: Final = 2000
"""Beyond it the oldest show at once."""
STALE_MS: Final = 1000.0
"""Without a new picture for so long nobody waits for the next."""

Item = TypeVar("Item")


class PictureTiming(Generic[Item]):
    """Holds texts back until their moment. Kept in the order in which they came."""

    def __init__(self) -> None:
        self._held: deque[tuple[int, float, Item]] = deque()
        """Moment in the broadcast, when it came, the text."""
        self._shown_us: int | None = None
        self._shown_ms = 0.0

    def __len__(self) -> int:
        return len(self._held)

    def show_picture(self, pts_us: int, now_ms: float) -> None:
        """This picture is on the screen now."""
        if pts_us != self._shown_us:
            self._shown_us, self._shown_ms = pts_us, now_ms

    def offer(self, item: Item, media_time_us: int | None, now_ms: float) -> Iterator[Item]:
        """Those that are due with it; it is among them unless its picture is still to come."""
        if media_time_us is None or self._is_reached(media_time_us, now_ms):
            yield item
            return
        self._held.append((media_time_us, now_ms, item))
        while len(self._held) > HELD_MAX:
            yield self._held.popleft()[2]

    def take_due(self, now_ms: float) -> list[Item]:
        """Those whose picture is there, or that waited long enough."""
        due: list[Item] = []
        still: deque[tuple[int, float, Item]] = deque()
        for one in self._held:
            media_time_us, since_ms, item = one
            is_over = now_ms - since_ms >= WAIT_MS_MAX
            if is_over or self._is_reached(media_time_us, now_ms):
                due.append(item)
            else:
                still.append(one)
        if due:
            self._held = still
        return due

    def drop(self, is_unwanted: Callable[[Item], bool]) -> None:
        """These show at no time."""
        self._held = deque(one for one in self._held if not is_unwanted(one[2]))

    def clear(self) -> None:
        """Another room, or a jump."""
        self._held.clear()
        self._shown_us = None

    def _is_reached(self, media_time_us: int, now_ms: float) -> bool:
        if self._shown_us is None or now_ms - self._shown_ms > STALE_MS:
            return True
        return media_time_us <= self._shown_us
