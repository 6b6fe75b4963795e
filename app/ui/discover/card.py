"""One room in Discover: picture, title, streamer, viewers, and why it is shown.

`PictureCard` is the frame of it, which recordings have too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from app.ui.plain_text import one_line, set_tooltip
from app.ui.room_title import room_title
from app.ui.theme import current
from app.ui.theme.icons import icon, pixmap

if TYPE_CHECKING:
    from wire import event_base

WIDTH_MIN: Final = 232
TEXT_HEIGHT: Final = 80
RADIUS: Final = 12.0
PAD: Final = 12.0
PILL: Final = QColor(0, 0, 0, 175)
LIVE: Final = QColor(214, 48, 74)
MENU_SIDE: Final = 32


class PictureCard(QWidget):
    """Painted whole: plain text only, elided, whatever a stranger wrote."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)
    """Of which card, and where on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = ""
        """What the card is of; empty: nothing yet."""
        self._picture: QImage | None = None
        self._is_chosen = False
        self.setMinimumWidth(WIDTH_MIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.more = QToolButton(self)
        self.more.setObjectName("oncard")
        self.more.setIcon(icon("more", "on_picture"))
        self.more.setIconSize(QSize(18, 18))
        self.more.setFixedSize(MENU_SIDE, MENU_SIDE)
        self.more.setCursor(Qt.CursorShape.ArrowCursor)
        self.more.clicked.connect(self._on_more)
        self.more.hide()

    def lines(self) -> tuple[str, str, str]:
        """The title, what is about it, and what is special, one line each."""
        return "", "", ""

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        """Over the picture."""

    def set_chosen(self, *, is_chosen: bool) -> None:
        """Where one of several is chosen to do something with it."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.update()

    def show_picture(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        width = max(self.width(), WIDTH_MIN)
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        return round(width * 9 / 16) + TEXT_HEIGHT

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(self.key)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.more.move(self.width() - MENU_SIDE - 8, 8)
        super().resizeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.more.isVisibleTo(self):
            is_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
            corner = self.more.geometry().bottomLeft()
            self.menu_wanted.emit(
                self.key, event.globalPos() if is_mouse else self.mapToGlobal(corner)
            )

    def _on_more(self) -> None:
        corner = self.more.geometry().bottomLeft()
        self.menu_wanted.emit(self.key, self.mapToGlobal(corner))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.key:
            return
        theme = current.theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, RADIUS, RADIUS)
        is_raised = self.underMouse() or self.hasFocus()
        painter.fillPath(shape, QColor(theme.raised if is_raised else theme.surface))
        painter.save()
        painter.setClipPath(shape)
        self._paint_picture(painter, box)
        painter.restore()
        self._paint_words(painter, box)
        edge, width = (theme.focus, 2.0) if self.hasFocus() else (theme.line, 1.0)
        if self._is_chosen and not self.hasFocus():
            edge, width = theme.accent, 2.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        painter.end()

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        area = QRectF(box.left(), box.top(), box.width(), self.height() - TEXT_HEIGHT)
        painter.fillRect(area, QColor(current.theme().ground))
        if self._picture is not None:
            painter.drawImage(area, self._picture, _covering(self._picture, area))
        else:
            mark = pixmap("danmaku", 40, "line", self.devicePixelRatioF())
            painter.drawPixmap(area.center().toPoint() - mark.rect().center(), mark)
        self.paint_marks(painter, area)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        theme = current.theme()
        top = self.height() - TEXT_HEIGHT + 8
        width = box.width() - 2 * PAD
        left = box.left() + PAD
        title, about, special = self.lines()
        lines = (
            (title, theme.text, True, 15),
            (about, theme.text_soft, False, 13),
            (special, theme.accent_text, False, 12),
        )
        for words, color, is_bold, size in lines:
            font = QFont(self.font())
            font.setPixelSize(size)
            font.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(color))
            elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
            painter.drawText(
                QRectF(left, top, width, 22), int(Qt.AlignmentFlag.AlignVCenter), elided
            )
            top += 22


class Card(PictureCard):
    """A room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.position = -1
        """In the recommended list; -1 where it is no part of one."""
        self._room: event_base.RoomInfo | None = None
        self._reason = ""
        self._state_words = ""

    @property
    def broadcast_id(self) -> str:
        broadcast = self._room.broadcast if self._room is not None else None
        return broadcast.broadcast_id if broadcast is not None else ""

    @property
    def room_id(self) -> str:
        return self.key

    @property
    def room(self) -> event_base.RoomInfo | None:
        return self._room

    def show_room(
        self, room: event_base.RoomInfo, *, reason: str, state_words: str, has_menu: bool = False
    ) -> None:
        if room.room_id != self.room_id or room.broadcast is None:
            self._picture = None
        self.key = room.room_id
        self._room, self._reason, self._state_words = room, reason, state_words
        name = f"{room_title(room)}, {one_line(room.owner.name)}, {state_words}"
        self.setAccessibleName(name)
        self.setAccessibleDescription(reason)
        words = QCoreApplication.translate("Card", "More about {0}")
        self.more.setAccessibleName(words.replace("{0}", room_title(room)))
        set_tooltip(self.more, QCoreApplication.translate("Card", "Not interested, why it is here"))
        self.more.setVisible(has_menu)
        self.update()

    def lines(self) -> tuple[str, str, str]:
        room = self._room
        if room is None:
            return "", "", ""
        about = " · ".join(
            part for part in (one_line(room.owner.name), one_line(room.category)) if part
        )
        return room_title(room), about, self._reason

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        room = self._room
        if room is None or room.broadcast is None:
            return
        is_live = room.broadcast.state == "live"
        paint_pill(
            painter, self._state_words, area.left() + 8, area.top() + 8, LIVE if is_live else PILL
        )


def _covering(picture: QImage, area: QRectF) -> QRectF:
    """The middle of the picture in the area's shape: a card has no black bars."""
    scale = min(picture.width() / area.width(), picture.height() / area.height())
    width, height = area.width() * scale, area.height() * scale
    return QRectF((picture.width() - width) / 2, (picture.height() - height) / 2, width, height)


def paint_pill(painter: QPainter, words: str, left: float, top: float, color: QColor) -> None:
    font = QFont(painter.font())
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    box = QRectF(left, top, metrics.horizontalAdvance(words) + 16, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
