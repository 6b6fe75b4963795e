"""Decoded pictures of a replay until they are shown, and which of them is due: time is an argument.

Not locked by itself: its owner holds the lock of the player.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import av

PICTURES_MAX: Final = 8
POSTER_US: Final = 150_000
_LOOK_AGAIN_US: Final = 1_000_000


class Picture(NamedTuple):
    frame: av.VideoFrame
    pts_us: int


class ReplayPictures:
    """Oldest first. `target_us` is the moment of the last jump."""

    def __init__(self, target_us: int) -> None:
        self.target_us = target_us
        self.shown = self.overtaken = 0
        self.first_us: int | None = None
        """From the last jump to its first picture, and to the picture of that very moment."""
        self.exact_us: int | None = None
        self.has_exact = False
        """The picture of that very moment was shown."""
        self._has_first = False
        self._jumped_at_us = 0
        self._pictures: deque[Picture] = deque()

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def is_full(self) -> bool:
        return len(self._pictures) >= PICTURES_MAX

    def begin(self, now_us: int) -> None:
        """The wait for the first picture of all."""
        self._jumped_at_us = now_us

    def jump(self, target_us: int, now_us: int) -> None:
        self.target_us, self._jumped_at_us = target_us, now_us
        self.first_us = self.exact_us = None
        self.has_exact = self._has_first = False
        self._pictures.clear()

    def put(self, frames: Sequence[av.VideoFrame]) -> None:
        """Those before the target only fill the time until it comes."""
        for frame in frames:
            is_filling = not self.has_exact and bool(self._pictures)
            if is_filling and self._pictures[-1].pts_us < self.target_us:
                self._pictures.pop()
            self._pictures.append(Picture(frame, int(frame.pts or 0)))

    def choose(self, position_us: int, speed: float) -> tuple[Picture | None, int]:
        """The picture to show now, or how long to wait before the next look."""
        chosen: Picture | None = None
        while self._pictures and self._pictures[0].pts_us <= position_us:
            self.overtaken += chosen is not None
            chosen = self._pictures.popleft()
        if chosen is not None:
            self.shown += 1
            return chosen, 0
        if not self._pictures:
            return None, _LOOK_AGAIN_US
        return None, int((self._pictures[0].pts_us - position_us) / speed)

    def choose_first(self, now_us: int, *, is_last: bool) -> tuple[Picture | None, int]:
        """After a jump: the picture of that moment, or in its stead what is there by now.

        `is_last`: no more come.
        """
        if not self._pictures:
            return None, _LOOK_AGAIN_US
        first = self._pictures[0]
        waited_us = now_us - self._jumped_at_us
        is_exact = first.pts_us >= self.target_us or is_last
        if is_exact:
            self.has_exact = True
            self.exact_us = waited_us
        elif waited_us < POSTER_US or self._has_first:
            return None, POSTER_US
        if self.first_us is None:
            self.first_us = waited_us
        self._has_first = True
        self.shown += 1
        if is_exact:
            return self._pictures.popleft(), 0
        return first, 0
