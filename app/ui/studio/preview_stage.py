"""The preview: the composed frame, and the boxes of its sources to be caught by the mouse."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.state.studio_scene import Box, StudioItem, snap
from app.ui.theme.current import theme

if TYPE_CHECKING:
    from app.media.scene.filters_on_demand import Pixels

HANDLE: Final = 12
STEP: Final = 0.01
_PICTURE: Final = QEvent.Type(QEvent.registerEventType())


class PreviewStage(QWidget):
    """Paints what it is given; what the mouse does leaves as signals."""

    moved = Signal(str, object)
    """Key and Box."""
    selected = Signal(str)
    resized = Signal(int, int)
    """Device pixels of the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.on_taken: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._arrived: Pixels | None = None
        self._picture: QImage | None = None
        self._pixels: Pixels | None = None
        self._items: tuple[StudioItem, ...] = ()
        self._selected = ""
        self._drag: tuple[str, QPointF, Box, bool] | None = None
        self._dragged: Box | None = None
        self._is_fresh = False
        """The picture was not painted yet."""
        self.pictures_painted = 0

    def push(self, pixels: Pixels) -> None:
        """Any thread: the newest picture."""
        with self._lock:
            self._arrived = pixels
        QCoreApplication.postEvent(self, QEvent(_PICTURE))

    def render_items(self, items: tuple[StudioItem, ...], selected: str) -> None:
        if items != self._items or selected != self._selected:
            self._items, self._selected = items, selected
            if self._drag is None:
                self._dragged = None
            self.update()

    def picture_rect(self) -> QRectF:
        size = QSize(16, 9).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        return QRectF(left, top, size.width(), size.height())

    def announce_size(self) -> None:
        rect, ratio = self.picture_rect(), self.devicePixelRatio()
        self.resized.emit(int(rect.width() * ratio), int(rect.height() * ratio))

    # --- Qt ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == _PICTURE:
            self._take()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.announce_size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = self.picture_rect()
        painter.fillRect(rect, QColor("black"))
        if self._picture is not None:
            painter.drawImage(rect, self._picture)
            self.pictures_painted += self._is_fresh
            self._is_fresh = False
        box = self._shown_box()
        if box is not None:
            self._paint_box(painter, self._to_screen(box))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self._to_canvas(event.position())
        handle = self._handle()
        item = next((item for item in self._items if item.key == self._selected), None)
        if item is not None and handle is not None and handle.contains(event.position()):
            self._drag = item.key, place, item.box, True
            return
        found = self._item_at(place)
        self.selected.emit("" if found is None else found.key)
        if found is not None:
            self._selected = found.key
            self._drag = found.key, place, found.box, False
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            handle = self._handle()
            is_on_handle = handle is not None and handle.contains(event.position())
            over = Qt.CursorShape.SizeFDiagCursor if is_on_handle else Qt.CursorShape.ArrowCursor
            self.setCursor(over)
            return
        key, begun, box, is_resizing = self._drag
        way = self._to_canvas(event.position()) - begun
        shape = next((item.shape for item in self._items if item.key == key), 16 / 9)
        others = [item.box for item in self._items if item.key != key and item.is_visible]
        if is_resizing:
            width = max(0.05, box.width + way.x())
            height = width / shape * 16 / 9
            target = snap(Box(box.x, box.y, width, height), others, resizing=True)
        else:
            target = snap(
                Box(box.x + way.x(), box.y + way.y(), box.width, box.height),
                others,
                resizing=False,
            )
        self._dragged = target
        self.moved.emit(key, target)
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None
        self._dragged = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        way = ways.get(Qt.Key(event.key()))
        item = next((item for item in self._items if item.key == self._selected), None)
        if way is None or item is None:
            super().keyPressEvent(event)
            return
        box = item.box
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            changed = Box(box.x, box.y, box.width + way[0], box.height + way[1])
        else:
            changed = Box(box.x + way[0], box.y + way[1], box.width, box.height)
        self.moved.emit(item.key, changed.clamped())

    # --- within -----------------------------------------------------------------------------------

    def _take(self) -> None:
        with self._lock:
            pixels, self._arrived = self._arrived, None
        if pixels is None:
            return
        height, width = pixels.shape[:2]
        self._pixels = pixels  # the image looks into it
        self._is_fresh = True
        self._picture = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self.update()
        self.on_taken()

    def _paint_box(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(QColor(theme().accent), 2))
        painter.drawRect(rect.adjusted(1, 1, -1, -1))
        handle = self._handle()
        if handle is not None:
            painter.fillRect(handle, QColor(theme().accent))

    def _shown_box(self) -> Box | None:
        if self._dragged is not None:
            return self._dragged
        for item in self._items:
            if item.key == self._selected and item.is_visible:
                return item.box
        return None

    def _handle(self) -> QRectF | None:
        box = self._shown_box()
        if box is None:
            return None
        corner = self._to_screen(box).bottomRight()
        return QRectF(corner.x() - HANDLE, corner.y() - HANDLE, HANDLE, HANDLE)

    def _item_at(self, place: QPointF) -> StudioItem | None:
        for item in reversed(self._items):
            if item.is_visible and item.box.contains(place.x(), place.y()):
                return item
        return None

    def _to_canvas(self, point: QPointF) -> QPointF:
        rect = self.picture_rect()
        x = (point.x() - rect.x()) / max(1.0, rect.width())
        return QPointF(x, (point.y() - rect.y()) / max(1.0, rect.height()))

    def _to_screen(self, box: Box) -> QRectF:
        rect = self.picture_rect()
        return QRectF(
            rect.x() + box.x * rect.width(),
            rect.y() + box.y * rect.height(),
            box.width * rect.width(),
            box.height * rect.height(),
        )
