"""What waits for one target, and what is given up first. Pure.

The drop rule: when more than WAITING_US_MAX or WAITING_BYTES_MAX waits, all of it goes, and the
target goes on at the next keyframe, which is asked for. A target without a connection keeps
nothing. So a target that is slow or dead costs itself pictures, and nobody else anything.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal, NamedTuple

WAITING_US_MAX: Final = 3_000_000
WAITING_BYTES_MAX: Final = 8 * 1024 * 1024


class PushItem(NamedTuple):
    """One tag's body, with the set-up that a decoder needs before it."""

    kind: Literal["video", "audio"]
    pts_us: int
    body: bytes
    setup: bytes
    is_keyframe: bool = False


class PushQueue:
    """Not thread-safe: its owner holds a lock around each call."""

    def __init__(self) -> None:
        self._items: deque[PushItem] = deque()
        self._bytes = 0
        self._is_open = False
        self._is_waiting = True
        """For a keyframe."""
        self._has_lost = False
        """Whether it waits because something was given up."""
        self.dropped = 0
        """Pictures given up because the target took too little."""

    def open(self) -> None:
        self._forget()
        self._is_open = True

    def close(self) -> None:
        self._forget()
        self._is_open = False

    def push(self, item: PushItem) -> bool:
        """Whether a keyframe should be asked for."""
        if not self._is_open:
            return False
        if self._is_waiting:
            if not item.is_keyframe:
                self.dropped += self._has_lost and item.kind == "video"
                return False
            self._is_waiting = self._has_lost = False
        self._items.append(item)
        self._bytes += len(item.body)
        waiting_us = item.pts_us - self._items[0].pts_us
        if waiting_us <= WAITING_US_MAX and self._bytes <= WAITING_BYTES_MAX:
            return False
        self.dropped += sum(waiting.kind == "video" for waiting in self._items)
        self._forget()
        self._has_lost = True
        return True

    def pop(self) -> PushItem | None:
        if not self._items:
            return None
        item = self._items.popleft()
        self._bytes -= len(item.body)
        return item

    def _forget(self) -> None:
        self._items.clear()
        self._bytes = 0
        self._is_waiting = True
        self._has_lost = False
