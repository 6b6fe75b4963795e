"""Texts of strangers on every surface of the window: shown as they are, never read as markup.

Qt guesses: a label, a tooltip or a message box that finds something like a tag in its text renders
it as HTML, and an `<img src="file:///...">` in a name then opens that file. Menus, buttons and tabs
take `&` for a shortcut. And text itself can lie: direction marks turn what follows, line separators
fake a new line. Whatever may hold a stranger's words goes through here; a test in
tests/architecture sees to it.
"""

from __future__ import annotations

import html
import unicodedata
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QTableWidgetItem, QWidget

CHARACTERS_MAX: Final = 4000
"""More than any text of ours; a stranger's endless line must not keep the layout busy."""
LINE_CHARACTERS_MAX: Final = 400
BUTTON_CHARACTERS_MAX: Final = 60
"""A menu is as wide as its longest line."""
LABEL_WIDTH_PX: Final = 280
"""What a label may ask for at the least. Texts of our own are shorter, or wrap."""
_TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Direction marks. Arabic and Hebrew themselves turn without them."""
_SEPARATORS: Final = {
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
}


def plain(text: str, characters_max: int = CHARACTERS_MAX) -> str:
    """Without direction marks and control characters, and bounded. Line ends stay."""
    kept = "".join(
        _SEPARATORS.get(c, c)
        for c in text.replace("\r\n", "\n")[: 4 * characters_max]
        if c in "\n\t" or c in _SEPARATORS or not (c in _TURNING or unicodedata.category(c) == "Cc")
    )
    return kept if len(kept) <= characters_max else f"{kept[: characters_max - 1]}…"


def one_line(text: str, characters_max: int = LINE_CHARACTERS_MAX) -> str:
    """The same on one line, without doubled spaces."""
    return plain(" ".join(plain(text).split()), characters_max)


def join_sentences(*sentences: str) -> str:
    """One after the other: behind Chinese marks there is no space."""
    parts = [one if one.endswith(("\u3002", "\uff1a")) else f"{one} " for one in sentences if one]
    return "".join(parts).strip()


def button_text(text: str) -> str:
    """For menus, buttons and tabs, where an ampersand makes a shortcut."""
    return one_line(text, BUTTON_CHARACTERS_MAX).replace("&", "&&")


def tooltip_text(text: str) -> str:
    """Tooltips cannot be told to be plain: what looks like markup is escaped."""
    words = plain(text)
    if "<" not in words:  # without a tag Qt never guesses
        return words
    return f"<span>{html.escape(words)}</span>".replace("\n", "<br>")


def set_tooltip(widget: QWidget | QTableWidgetItem, text: str) -> None:
    """The one place that sets a tooltip."""
    widget.setToolTip(tooltip_text(text))


class PlainLabel(QLabel):
    """The one label of the window: plain whatever it is given.

    A line too long for its place ends in "…" and never widens the window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:  # noqa: N802 # Qt's name
        super().setText(plain(text))

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return hint.boundedTo(QSize(LABEL_WIDTH_PX, hint.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        area, text = self.contentsRect(), self.text()
        fits = "\n" in text or super().sizeHint().width() <= self.width()
        if not text or self.wordWrap() or fits:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        elide = Qt.TextElideMode.ElideRight
        words = self.fontMetrics().elidedText(one_line(text), elide, area.width())
        self.style().drawItemText(
            painter,
            area,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            words,
            self.foregroundRole(),
        )
        painter.end()
