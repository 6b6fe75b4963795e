"""Danmaku that do not move: the newest texts as a short list, for reduced motion. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.danmaku.folding import fold_text

if TYPE_CHECKING:
    from app.danmaku.lanes import Text

SHOW_MS: Final = 8000.0
LEAST_MS: Final = 1000.0
"""A line is not pushed out sooner: it could not be read."""
LINES_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    text: Text
    since_ms: float
    count: int = 1


class TextList:
    """The oldest first. Always: offered = shown + merged + hidden."""

    def __init__(self) -> None:
        self.lines: tuple[Line, ...] = ()
        self._lines_max = LINES_MAX
        self.offered = self.shown = self.merged = self.hidden = 0

    def offer(self, text: Text, now_ms: float) -> None:
        """Equal texts count up; a full list loses its oldest line, once it could be read."""
        self.advance(now_ms)
        self.offered += 1
        fold = fold_text(text.text)
        for index, line in enumerate(self.lines):
            if not text.is_own and not line.text.is_own and fold_text(line.text.text) == fold:
                counted = replace(line, count=line.count + 1)
                self.lines = (*self.lines[:index], counted, *self.lines[index + 1 :])
                self.merged += 1
                return
        if len(self.lines) >= self._lines_max:
            is_read = now_ms - self.lines[0].since_ms >= LEAST_MS
            if not is_read and not text.is_privileged:
                self.hidden += 1
                return
            self.lines = self.lines[1:]
        self.lines = (*self.lines, Line(text, now_ms))
        self.shown += 1

    def fit(self, lines_max: int) -> None:
        """The stage is another: as many lines as it has room for, the newest."""
        self._lines_max = lines_max
        self.lines = self.lines[-lines_max:]

    def advance(self, now_ms: float) -> None:
        if self.lines and now_ms - self.lines[0].since_ms >= SHOW_MS:
            self.lines = tuple(one for one in self.lines if now_ms - one.since_ms < SHOW_MS)

    def refuse(self) -> None:
        """A text was left out before it came here."""
        self.offered += 1
        self.hidden += 1

    def take_back(self, key: str) -> None:
        kept = tuple(line for line in self.lines if line.text.key != key)
        taken = len(self.lines) - len(kept)
        self.offered -= taken
        self.shown -= taken
        self.lines = kept

    def remove(self, user_id: str = "", fold: str = "") -> None:
        """The viewer wants nothing more of a user or of a text."""
        self.lines = tuple(
            line
            for line in self.lines
            if not (user_id and line.text.user_id == user_id)
            and not (fold and fold in fold_text(line.text.text))
        )

    def clear(self) -> None:
        self.lines = ()
