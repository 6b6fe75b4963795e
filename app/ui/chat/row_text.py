"""The text of a chat row laid out: name, badge, words, and emotes as pictures in their places.

An emote stands in the text as one no-break space that is drawn as wide as the picture, so that
wrapping and right-to-left words are left to Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from app.state.chat_rows import ChatRow
    from app.ui.room_emotes import RoomEmotes
    from app.ui.theme.tokens import Theme

EMOTE_PX: Final = 20
EMOTE_GAP_PX: Final = 2
_PLACE: Final = "\u00a0"
_LINE_GAP_PX: Final = 2.0
_WIDTH_MIN: Final = 40


@dataclass(frozen=True)
class RowText:
    """Laid out for one width; `draw` paints it."""

    layout: QTextLayout
    emotes: tuple[tuple[int, str], ...]
    """Where each stands in the layout's text, and its name."""
    art: RoomEmotes

    @property
    def height(self) -> float:
        last = self.layout.lineAt(self.layout.lineCount() - 1)
        return last.y() + last.height()

    def draw(self, painter: QPainter, at: QPointF, ratio: float) -> None:
        self.layout.draw(painter, at)
        for place, name in self.emotes:
            line = self.layout.lineForTextPosition(place)
            if not line.isValid():
                continue
            ends = [cast("Any", line).cursorToX(spot)[0] for spot in (place, place + 1)]
            x = at.x() + min(ends) + EMOTE_GAP_PX / 2
            y = at.y() + line.y() + (line.height() - EMOTE_PX) / 2
            pixmap = self.art.pixmap(name, EMOTE_PX, ratio)
            painter.drawPixmap(QRect(round(x), round(y), EMOTE_PX, EMOTE_PX), pixmap)


def lay_out_row(
    row: ChatRow,
    *,
    badge: str,
    needle: str,
    width: int,
    font: QFont,
    theme: Theme,
    art: RoomEmotes,
) -> RowText:
    """A row without a name is a note of the room: its words stand alone, softly."""
    name = one_line(row.name)
    badge = f"\u2009{badge}\u2009" if badge else ""
    head = f"{name} {badge}" if badge else name
    head = f"{head}  " if head else ""
    text, places = _place_emotes(one_line(row.text), art)
    layout = QTextLayout(head + text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats = [_range(0, len(name), _name_format(row, theme))] if name else []
    if not name:
        formats.append(_range(0, len(text), _note_format(theme)))
    if badge:
        formats.append(_range(len(name) + 1, len(badge), _badge_format(theme)))
    formats += _find_needles(name, needle, 0, theme)
    formats += _find_needles(text, needle, len(head), theme)
    emotes = tuple((len(head) + place, emote) for place, emote in places)
    wide = _emote_format(font) if emotes else None
    formats += [_range(place, 1, wide) for place, _ in emotes if wide is not None]
    layout.setFormats(formats)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(_WIDTH_MIN, width))
        line.setPosition(QPointF(0, y))
        y += line.height() + _LINE_GAP_PX
    layout.endLayout()
    return RowText(layout, emotes, art)


def _place_emotes(text: str, art: RoomEmotes) -> tuple[str, list[tuple[int, str]]]:
    """The text with one place for each emote, and which stands where."""
    parts: list[str] = []
    places: list[tuple[int, str]] = []
    length = 0
    for run in art.split(text):
        part = run.words
        if run.is_emote:
            places.append((length, run.words))
            part = _PLACE
        parts.append(part)
        length += len(part)
    return "".join(parts), places


def _find_needles(
    text: str, needle: str, offset: int, theme: Theme
) -> list[QTextLayout.FormatRange]:
    found: list[QTextLayout.FormatRange] = []
    needle, folded = needle.casefold(), text.casefold()
    if not needle or len(folded) != len(text):
        return []
    start = folded.find(needle)
    while start >= 0:
        mark = QTextCharFormat()
        mark.setBackground(QColor(theme.accent))
        mark.setForeground(QColor(theme.on_accent))
        found.append(_range(offset + start, len(needle), mark))
        start = folded.find(needle, start + len(needle))
    return found


def _range(start: int, length: int, text_format: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    fields = cast("Any", made)  # the stubs of the binding do not know them
    fields.start, fields.length, fields.format = start, length, text_format
    return made


def _name_format(row: ChatRow, theme: Theme) -> QTextCharFormat:
    colors = {"streamer": theme.accent_text, "moderator": theme.good, "admin": theme.warn}
    made = QTextCharFormat()
    made.setForeground(QColor(colors.get(row.role, theme.text_soft)))
    made.setFontWeight(600)
    return made


def _note_format(theme: Theme) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(theme.accent_text))
    return made


def _badge_format(theme: Theme) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(theme.text_soft))
    made.setBackground(QColor(theme.raised))
    made.setProperty(QTextCharFormat.Property.FontPixelSize, 11)
    return made


def _emote_format(font: QFont) -> QTextCharFormat:
    made = QTextCharFormat()
    own = QFontMetricsF(font).horizontalAdvance(_PLACE)
    made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
    made.setFontLetterSpacing(EMOTE_PX + EMOTE_GAP_PX - own)
    return made
