"""The newest picture in a plain dark window: what stands in until the stage is built.

One door to the GUI thread: `show_picture` may be called from any thread. It keeps only the newest
picture; a slow paint skips pictures and never delays the thread that decodes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.media.playback.picture_format import DecodedFrame, to_bgra

BACKGROUND: Final = QColor(14, 15, 18)
TEXT: Final = QColor(190, 195, 205)
LINE_HEIGHT: Final = 24
LINE_INTERVAL_MS: Final = 500
_SIZE: Final = QSize(1024, 640)


class PlainWindow(QWidget):
    """A picture in its right shape, and one line of statistics under it."""

    picture_arrived = Signal(QImage)
    ended = Signal()
    closed = Signal()

    def __init__(self, *, title: str, read_line: Callable[[], str]) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setMinimumSize(320, 200)
        self.resize(_SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._read_line = read_line
        self._line = ""
        self._picture: QImage | None = None
        self._is_waiting = threading.Event()
        self.picture_arrived.connect(self._on_picture_arrived)
        self.ended.connect(self.close)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(LINE_INTERVAL_MS)

    def show_picture(self, frame: DecodedFrame, _pts_us: int) -> None:
        """Any thread, which scales and converts. Skipped while the last one waits to be painted."""
        if self._is_waiting.is_set():
            return
        self._is_waiting.set()
        area = self.size() * self.devicePixelRatio()
        pixels = to_bgra(frame, width_max=area.width(), height_max=area.height())
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self.picture_arrived.emit(image.copy())

    def end(self) -> None:
        """Any thread: close the window."""
        self.ended.emit()

    def picture_rect(self) -> QRect:
        """Where the picture goes: as large as fits, in its own shape."""
        area = self.rect().adjusted(0, 0, 0, -LINE_HEIGHT)
        if self._picture is None:
            return area
        size = self._picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(area.topLeft(), size)
        target.moveCenter(area.center())
        return target

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.picture_rect(), self._picture)
            self._is_waiting.clear()
        painter.setPen(TEXT)
        strip = self.rect().adjusted(8, self.height() - LINE_HEIGHT, -8, 0)
        alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(strip, alignment, self._line)
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.closed.emit()
        event.accept()

    def _on_picture_arrived(self, picture: QImage) -> None:
        self._picture = picture
        self.update(self.rect().adjusted(0, 0, 0, -LINE_HEIGHT))

    def _on_tick(self) -> None:
        self._line = self._read_line()
        self.update(self.rect().adjusted(0, self.height() - LINE_HEIGHT, 0, 0))
