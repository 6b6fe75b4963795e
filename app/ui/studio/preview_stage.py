"""The preview: the composed frame, and the boxes of its sources to be caught by the mouse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.state.studio_scene import (
    CANVAS_SHAPE,
    Box,
    Corner,
    StudioItem,
    find_guides,
    resize,
    snap,
)
from app.ui.theme.current import theme

if TYPE_CHECKING:
    from app.media.scene.filters_on_demand import Pixels

HANDLE: Final = 12
STEP: Final = 0.01
_PICTURE: Final = QEvent.Type(QEvent.registerEventType())


@dataclass(frozen=True, slots=True)
class _Drag:
    """What the mouse holds: a source, or one of its corners."""

    key: str
    begun: QPointF
    box: Box
    corner: Corner | None


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
        self._drag: _Drag | None = None
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

    def copy_picture(self) -> QImage | None:
        """The newest as viewers see it; None before there is one."""
        return None if self._picture is None else self._picture.copy()

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
        # No taller than its picture: what is left belongs to the mixer below it.
        self.setMaximumHeight(max(self.minimumHeight(), -(-self.width() * 9 // 16)))
        self.announce_size()

    def enterEvent(self, _event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = self.picture_rect()
        painter.fillRect(rect, QColor("black"))
        if self._picture is not None:
            painter.drawImage(rect, self._picture)
            self.pictures_painted += self._is_fresh
            self._is_fresh = False
        box = self._shown_box()
        if box is not None and self._is_being_edited():
            self._paint_box(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self._to_canvas(event.position())
        corner = self._corner_at(event.position())
        item = self._selected_item()
        if item is not None and corner is not None:
            self._drag = _Drag(item.key, place, item.box, corner)
            return
        found = self._item_at(place)
        self.selected.emit("" if found is None else found.key)
        if found is not None:
            self._selected = found.key
            self._drag = _Drag(found.key, place, found.box, None)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None:
            self._show_cursor(event.position())
            return
        way = self._to_canvas(event.position()) - drag.begun
        shape = next((item.shape for item in self._items if item.key == drag.key), CANVAS_SHAPE)
        box, others = drag.box, self._others(drag.key)
        if drag.corner is not None:
            target = resize(box, drag.corner, way.x(), shape, others)
        else:
            moved = Box(box.x + way.x(), box.y + way.y(), box.width, box.height)
            target = snap(moved, others)
        self._dragged = target
        self.moved.emit(drag.key, target)
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None
        self._dragged = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        way = ways.get(Qt.Key(event.key()))
        item = self._selected_item()
        if way is None or item is None:
            super().keyPressEvent(event)
            return
        box = item.box
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            changed = resize(box, "bottom_right", way[0] + way[1], item.shape, ())
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

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        accent = QColor(theme().accent)
        if self._drag is not None:
            self._paint_guides(painter, box, self._others(self._drag.key))
        painter.setPen(QPen(accent, 2))
        painter.drawRect(self._to_screen(box).adjusted(1, 1, -1, -1))
        for handle in self._handles(box).values():
            painter.fillRect(handle, QColor("white"))
            painter.fillRect(handle.adjusted(2, 2, -2, -2), accent)

    def _paint_guides(self, painter: QPainter, box: Box, others: Sequence[Box]) -> None:
        rect = self.picture_rect()
        painter.setPen(QPen(QColor(theme().focus), 1, Qt.PenStyle.DashLine))
        verticals, horizontals = find_guides(box, others)
        for x in verticals:
            at = rect.x() + x * rect.width()
            painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))
        for y in horizontals:
            at = rect.y() + y * rect.height()
            painter.drawLine(QPointF(rect.left(), at), QPointF(rect.right(), at))

    def _show_cursor(self, place: QPointF) -> None:
        corner = self._corner_at(place)
        shapes = {
            None: Qt.CursorShape.ArrowCursor,
            "top_left": Qt.CursorShape.SizeFDiagCursor,
            "bottom_right": Qt.CursorShape.SizeFDiagCursor,
            "top_right": Qt.CursorShape.SizeBDiagCursor,
            "bottom_left": Qt.CursorShape.SizeBDiagCursor,
        }
        shape = shapes[corner]
        canvas = self._to_canvas(place)
        if corner is None and self._item_at(canvas) is not None:
            shape = Qt.CursorShape.SizeAllCursor
        self.setCursor(shape)

    def _is_being_edited(self) -> bool:
        """A preview that nobody touches shows what viewers see, and nothing else."""
        return self._drag is not None or self.underMouse() or self.hasFocus()

    def _selected_item(self) -> StudioItem | None:
        return next((item for item in self._items if item.key == self._selected), None)

    def _others(self, key: str) -> list[Box]:
        return [item.box for item in self._items if item.key != key and item.is_visible]

    def _shown_box(self) -> Box | None:
        if self._dragged is not None:
            return self._dragged
        item = self._selected_item()
        return item.box if item is not None and item.is_visible else None

    def _handles(self, box: Box) -> dict[Corner, QRectF]:
        """Inside the box, so that those of a full picture can be caught too."""
        rect = self._to_screen(box)
        right, bottom = rect.right() - HANDLE, rect.bottom() - HANDLE
        return {
            "top_left": QRectF(rect.left(), rect.top(), HANDLE, HANDLE),
            "top_right": QRectF(right, rect.top(), HANDLE, HANDLE),
            "bottom_left": QRectF(rect.left(), bottom, HANDLE, HANDLE),
            "bottom_right": QRectF(right, bottom, HANDLE, HANDLE),
        }

    def _corner_at(self, place: QPointF) -> Corner | None:
        box = self._shown_box()
        if box is None:
            return None
        handles = self._handles(box).items()
        return next((corner for corner, handle in handles if handle.contains(place)), None)

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
