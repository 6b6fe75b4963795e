"""Draws the box of the stage that danmaku leave free: with the mouse, or with the arrow keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.danmaku.choices import Share
from app.ui.theme.current import theme

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST: Final = Share(0.3, 0.2, 0.7, 0.7)
STEP: Final = 0.02
SHADE: Final = QColor(0, 0, 0, 140)
WORDS: Final = QColor(240, 242, 246)


class KeepClearEditor(QWidget):
    """Lies over the stage while the box is drawn. Enter takes it, Escape leaves all as it was."""

    drawn = Signal(object)
    """A Share."""

    def __init__(self, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self._share = FIRST
        self._pressed: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        stage.installEventFilter(self)
        self.retranslate()
        self.hide()

    @property
    def share(self) -> Share:
        return self._share

    def begin(self, share: Share | None) -> None:
        self._share = share or FIRST
        self.setGeometry(self._stage.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Box without danmaku"))
        self._help = self.tr("Drag a box. Arrow keys move it, Enter takes it, Esc leaves.")
        self.setAccessibleDescription(self._help)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._stage:
            self.setGeometry(self._stage.rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            self._share = self._between(self._pressed, event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            share = self._between(pressed, event.position())
            if share.is_box:
                self._share = share
                self._take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        is_growing = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Return: self._take,
            Qt.Key.Key_Enter: self._take,
            Qt.Key.Key_Escape: self.hide,
            Qt.Key.Key_Left: lambda: self._move(-STEP, 0, is_growing=is_growing),
            Qt.Key.Key_Right: lambda: self._move(STEP, 0, is_growing=is_growing),
            Qt.Key.Key_Up: lambda: self._move(0, -STEP, is_growing=is_growing),
            Qt.Key.Key_Down: lambda: self._move(0, STEP, is_growing=is_growing),
        }
        action = actions.get(key)
        if action is not None:
            action()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        left, top, right, bottom = self._share
        box = QRectF(
            left * area.width(),
            top * area.height(),
            (right - left) * area.width(),
            (bottom - top) * area.height(),
        )
        painter.setPen(QPen(QColor(theme().focus), 2))
        painter.fillRect(area, SHADE)
        painter.drawRect(box)
        font = QFont(self.font())
        font.setPixelSize(14)
        painter.setFont(font)
        painter.setPen(WORDS)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(16, 0, -16, 0), int(flags), self._help)
        painter.end()

    def _move(self, x: float, y: float, *, is_growing: bool) -> None:
        """With Shift the lower right corner alone moves."""
        left, top, right, bottom = self._share
        if not is_growing:
            x = min(max(x, -left), 1.0 - right)
            y = min(max(y, -top), 1.0 - bottom)
            left, top = left + x, top + y
        moved = Share(left, top, min(1.0, right + x), min(1.0, bottom + y))
        if moved.is_box:
            self._share = moved
            self.update()

    def _take(self) -> None:
        self.hide()
        self._stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.drawn.emit(self._share)

    def _between(self, one: QPointF, other: QPointF) -> Share:
        wide, high = max(1, self.width()), max(1, self.height())
        xs = sorted(min(1.0, max(0.0, at.x() / wide)) for at in (one, other))
        ys = sorted(min(1.0, max(0.0, at.y() / high)) for at in (one, other))
        return Share(xs[0], ys[0], xs[1], ys[1])
