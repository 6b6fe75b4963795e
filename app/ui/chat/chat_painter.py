"""How a row of the chat list is measured and drawn. Every word is plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.chat.row_text import RowText, lay_out_row
from app.ui.plain_text import one_line
from app.ui.room_emotes import RoomEmotes
from app.ui.theme import current

if TYPE_CHECKING:
    from app.state.chat_rows import ChatRow
    from app.ui.chat.chat_model import ChatModel
    from app.ui.theme.tokens import Theme

PADDING_X: Final = 12
PADDING_Y: Final = 5
DIVIDER_HEIGHT: Final = 26
_QUOTE_GAP: Final = 2
_BAR_WIDTH: Final = 3
_HEIGHTS_MAX: Final = 4_000

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class ChatWords:
    """The painter's own words, translated by who owns it."""

    badges: dict[str, str]
    """By role; a role without one is not here."""
    unread: str = ""
    unknown_quote: str = ""


class ChatPainter(QStyledItemDelegate):
    """Measures each row once for a width: a list of a thousand is laid out at every append."""

    def __init__(self, view: QAbstractItemView, model: ChatModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._heights: dict[str, int] = {}
        self._measured: tuple[int, str] = (0, "")
        """The width and the font of the heights."""
        self.words = ChatWords({})
        self.unread_id = ""
        """Above this message stands the line of the unread ones."""
        self.needle = ""
        self.emotes = RoomEmotes(self)

    def forget_heights(self) -> None:
        self._heights.clear()

    def forget_height(self, message_id: str) -> None:
        """Its words have changed."""
        self._heights.pop(message_id, None)

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = self._model.row(index.row())
        width = self._view.viewport().width()
        self._check_measure(width)
        height = self._heights.get(row.message_id)
        if height is None:
            height = self._measure(row, width)
            if len(self._heights) > _HEIGHTS_MAX:
                self._heights.clear()
            self._heights[row.message_id] = height
        if row.message_id == self.unread_id:
            height += DIVIDER_HEIGHT
        # Narrower than the view: a list never scrolls sideways for a rounding.
        return QSize(1, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = self._model.row(index.row()), current.theme()
        # The stubs of the binding do not know the fields of style options.
        rect, state = cast("QRect", cast("Any", option).rect), cast("Any", option).state
        painter.save()
        if row.message_id == self.unread_id:
            self._paint_divider(painter, QRect(rect.topLeft(), QSize(rect.width(), DIVIDER_HEIGHT)))
            rect = rect.adjusted(0, DIVIDER_HEIGHT, 0, 0)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.raised))
        elif row.is_mention:
            painter.fillRect(rect, QColor(theme.selected))
        if row.is_mention:
            bar = QRect(rect.left(), rect.top(), _BAR_WIDTH, rect.height())
            painter.fillRect(bar, QColor(theme.accent))
        y = rect.top() + PADDING_Y
        if row.quoted is not None:
            y += self._paint_quote(painter, row, rect, y)
        text = self._lay_out(row, self._view.viewport().width(), theme)
        painter.setPen(QColor(theme.text))
        at = QPointF(rect.left() + PADDING_X, y)
        text.draw(painter, at, self._view.devicePixelRatioF())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.focus))
            painter.drawRect(rect.adjusted(1, 0, -2, -1))
        painter.restore()

    def is_on_name(self, index: _Index, point: QPoint) -> bool:
        """Whether a point of the viewport is on the row's name."""
        row = self._model.row(index.row())
        rect = self._view.visualRect(index)
        top = rect.top() + PADDING_Y
        if row.message_id == self.unread_id:
            top += DIVIDER_HEIGHT
        if row.quoted is not None:
            top += self._quote_metrics().height() + _QUOTE_GAP
        layout = self._lay_out(row, self._view.viewport().width(), current.theme()).layout
        x, y = point.x() - rect.left() - PADDING_X, point.y() - top
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            if line.y() <= y < line.y() + line.height():
                is_within = 0 <= x <= line.naturalTextWidth()
                cursor = cast("int", cast("Any", line).xToCursor(float(x)))
                return is_within and cursor < len(one_line(row.name))
        return False

    # --- within -----------------------------------------------------------------------------------

    def _check_measure(self, width: int) -> None:
        measure = (width, self._view.font().key())
        if measure != self._measured:
            self._measured = measure
            self._heights.clear()

    def _measure(self, row: ChatRow, width: int) -> int:
        height = round(self._lay_out(row, width, current.theme()).height) + 2 * PADDING_Y
        if row.quoted is not None:
            height += self._quote_metrics().height() + _QUOTE_GAP
        return height

    def _lay_out(self, row: ChatRow, width: int, theme: Theme) -> RowText:
        return lay_out_row(
            row,
            badge=self.words.badges.get(row.role, "") if row.name else "",
            needle=self.needle,
            width=width - 2 * PADDING_X,
            font=self._view.font(),
            theme=theme,
            art=self.emotes,
        )

    def _quote_font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(12)
        return font

    def _quote_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._quote_font())

    def _paint_quote(self, painter: QPainter, row: ChatRow, rect: QRect, y: int) -> int:
        """Returns the height that it took."""
        name, text = row.quoted or ("", "")
        words = f"{one_line(name)}: {one_line(text)}" if name else self.words.unknown_quote
        metrics, theme = self._quote_metrics(), current.theme()
        left, width = rect.left() + PADDING_X, rect.width() - 2 * PADDING_X
        painter.fillRect(QRect(left, y + 1, 2, metrics.height() - 2), QColor(theme.text_soft))
        painter.setFont(self._quote_font())
        painter.setPen(QColor(theme.text_soft))
        area = QRect(left + 8, y, width - 8, metrics.height())
        self._paint_quoted(painter, words, area)
        painter.setFont(self._view.font())
        return metrics.height() + _QUOTE_GAP

    def _paint_quoted(self, painter: QPainter, words: str, area: QRect) -> None:
        """One line, cut where it is too long; its emotes are as small as its letters."""
        metrics, side = self._quote_metrics(), area.height()
        for run in self.emotes.split(words):
            if area.width() < side:
                return
            advance = side
            if run.is_emote:
                pixmap = self.emotes.pixmap(run.words, side, self._view.devicePixelRatioF())
                painter.drawPixmap(QRect(area.topLeft(), QSize(side, side)), pixmap)
            else:
                elided = metrics.elidedText(run.words, Qt.TextElideMode.ElideRight, area.width())
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), elided)
                advance = metrics.horizontalAdvance(elided)
            area = area.adjusted(advance, 0, 0, 0)

    def _paint_divider(self, painter: QPainter, rect: QRect) -> None:
        color = QColor(current.theme().accent_text)
        metrics = self._quote_metrics()
        wide = metrics.horizontalAdvance(self.words.unread) + 16
        middle, center = rect.center().y(), rect.center().x()
        painter.setPen(color)
        painter.drawLine(rect.left() + PADDING_X, middle, center - wide // 2, middle)
        painter.drawLine(center + wide // 2, middle, rect.right() - PADDING_X, middle)
        painter.setFont(self._quote_font())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self.words.unread)
        painter.setFont(self._view.font())
