"""Where the picture stands: right shape, danmaku over it, and words where there is no picture.

`show_picture` may be called from any thread; it scales and converts there and hands over only the
newest picture. Everything else belongs to the GUI thread, which only copies pixels.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.media.playback.picture_format import DecodedFrame, to_bgra
from app.ui.room.danmaku_layer import FLYING_INTERVAL_MS, DanmakuLayer
from app.ui.room.gift_layer import GiftLayer
from app.ui.room.hearts_layer import HeartsLayer
from app.ui.room.slate import StageWords, blur, paint_badge, paint_slate
from app.ui.theme.current import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

BACKGROUND: Final = QColor(10, 11, 14)
TITLE: Final = QColor(240, 242, 246)
PANEL: Final = QColor(0, 0, 0, 215)
MARGIN: Final = 16
_PICTURE: Final = QEvent.Type(QEvent.registerEventType())


class Stage(QWidget):
    """One picture, its danmaku, a message, and figures in a corner."""

    double_clicked = Signal()
    clicked = Signal()
    danmaku_clicked = Signal(object, QPoint)
    """A Flight, and where on the screen."""

    def __init__(
        self, parent: QWidget | None = None, *, danmaku: DanmakuLayer | None = None
    ) -> None:
        super().__init__(parent)
        self.danmaku = danmaku or DanmakuLayer()
        self.hearts = HeartsLayer()
        self.gifts = GiftLayer()
        self.setMinimumSize(240, 135)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._lock = threading.Lock()
        self._arrived: tuple[QImage, int] | None = None
        """The newest picture and its pts, from the presenting thread; taken by the GUI thread."""
        self._wanted = QSize(1280, 720)
        """Device pixels that the picture may take."""
        self._picture: QImage | None = None
        self._is_frozen = False
        self._words = StageWords()
        self._cover: QImage | None = None
        """The last picture out of focus, while there are words over it."""
        self._figures: Sequence[str] = ()
        self._shows_focus = False
        self._is_fresh = False
        """The picture was not painted yet."""
        self.pictures_painted = 0
        self.pictures_skipped = 0
        """Came while the last one was still waiting for the GUI thread."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def show_picture(self, frame: DecodedFrame, pts_us: int) -> None:
        """Any thread. Skipped while the last one waits to be taken."""
        with self._lock:
            if self._is_frozen:
                return
            if self._arrived is not None:
                self.pictures_skipped += 1
                return
            wanted = self._wanted
        pixels = to_bgra(frame, width_max=wanted.width(), height_max=wanted.height())
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        with self._lock:
            self._arrived = (image, pts_us)
        QCoreApplication.postEvent(self, QEvent(_PICTURE))

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    def set_message(
        self, title: str, detail: str = "", badge: str = "", room: str = "", host: str = ""
    ) -> None:
        """A slate instead of the picture (see `StageWords`). Without a title the picture stays,
        and a badge may lie over it."""
        words = StageWords(title, detail, badge, room, host)
        if words == self._words:
            return
        is_new = not self._words.title
        self._words = words
        if not title:
            self._cover = None
        elif is_new and self._picture is not None:
            self._cover = blur(self._picture)
        self.setAccessibleDescription(f"{title} {detail}".strip() or badge)
        self.update()

    def set_figures(self, lines: Sequence[str]) -> None:
        """The statistics in the corner; none where empty."""
        if tuple(lines) != tuple(self._figures):
            self._figures = tuple(lines)
            self.update()

    def set_frozen(self, *, is_frozen: bool) -> None:
        """Paused: the picture stands, and so do the texts."""
        with self._lock:
            self._is_frozen = is_frozen
        self.danmaku.set_paused(is_paused=is_frozen)
        self.wake()

    def set_cover(self, picture: QImage) -> None:
        """What the room looks like, for a slate over no picture; a picture that came is better."""
        if self._words.title and self._picture is None:
            self._cover = blur(picture)
            self.update()

    def forget_picture(self) -> None:
        """Another room: nothing of the old one is shown."""
        with self._lock:
            self._arrived = None
        self._picture = self._cover = None
        self.danmaku.clear()
        self.hearts.clear()
        self.gifts.clear()
        self.update()

    def wake(self) -> None:
        """A text, a heart or a gift was offered: paint until the last one is gone."""
        if not self._fit_timer():
            self.update()

    def _interval_ms(self) -> int | None:
        """How often to paint anew; None while nothing changes by itself, or nobody looks."""
        if not self.isVisible():
            return None
        is_moving = self.hearts.is_moving or self.gifts.is_moving
        wanted = [self.danmaku.interval_ms, FLYING_INTERVAL_MS if is_moving else None]
        return min((one for one in wanted if one is not None), default=None)

    def picture_rect(self) -> QRect:
        """As large as fits, in the picture's own shape."""
        if self._picture is None:
            return self.rect()
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(self.rect().topLeft(), size)
        target.moveCenter(self.rect().center())
        return target

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def event(self, event: QEvent) -> bool:
        if event.type() == _PICTURE:
            self._take_picture()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        with self._lock:
            self._wanted = self.size() * self.devicePixelRatioF()
        self.danmaku.resize(self.width(), self.height())
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A frame for who came by keyboard; none over the picture for who clicked or just looks."""
        by_key = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        self._shows_focus = event.reason() in by_key
        super().focusInEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.double_clicked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        flight = self.danmaku.find_at(event.position())
        if flight is not None:
            self.danmaku_clicked.emit(flight, event.globalPosition().toPoint())
        elif event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        area = QRectF(self.rect())
        if self._words.title:
            paint_slate(painter, area, self._words, self._cover, self.font())
        else:
            self._paint_picture(painter)
        self.danmaku.paint(painter)
        self.hearts.paint(painter, area)
        self.gifts.paint(painter, area, self.font())
        if self._words.badge and not self._words.title:
            paint_badge(painter, area, self._words.badge, self.font())  # read through no danmaku
        if self._figures:
            self._paint_figures(painter)
        if self._shows_focus and self.hasFocus():
            painter.setPen(QPen(QColor(theme().focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        if self._picture is None:
            return
        target = self.picture_rect()
        if target.size() * self.devicePixelRatioF() != self._picture.size():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._picture)
        self.pictures_painted += self._is_fresh
        self._is_fresh = False

    def _paint_figures(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(12)
        metrics = QFontMetricsF(font)
        line = metrics.height() + 4
        width = max(metrics.horizontalAdvance(words) for words in self._figures) + 24
        box = QRectF(MARGIN, MARGIN, width, line * len(self._figures) + 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(PANEL)
        painter.drawRoundedRect(box, 8, 8)
        painter.setFont(font)
        painter.setPen(TITLE)
        for index, words in enumerate(self._figures):
            at = QPointF(box.left() + 12, box.top() + 8 + index * line + metrics.ascent() + 2)
            painter.drawText(at, words)

    def _hover(self, at: QPointF | None) -> None:
        is_over = self.danmaku.hover(at) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def _take_picture(self) -> None:
        with self._lock:
            arrived, self._arrived = self._arrived, None
        if arrived is not None:
            self._picture, pts_us = arrived
            self._is_fresh = True
            self.danmaku.show_picture(pts_us)
            if not self._fit_timer():
                self.update()

    def _on_tick(self) -> None:
        self._fit_timer()
        self.update()

    def _fit_timer(self) -> bool:
        """As often as what moves needs. True where the next tick, a frame from now, paints."""
        interval_ms = self._interval_ms()
        was = self._timer.interval() if self._timer.isActive() else None
        if interval_ms != was:
            if interval_ms is None:
                self._timer.stop()
            else:
                self._timer.start(interval_ms)
        return was == interval_ms == FLYING_INTERVAL_MS
