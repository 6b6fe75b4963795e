"""The newest picture in a plain dark window: what stands in until the stage is built.

One door to the GUI thread: `show_picture` and `end` may be called from any thread; both post an
event. Only the newest picture is kept: a slow paint skips pictures and never delays the thread that
decodes. (Posted events and not a signal for each picture: PySide6 6.12.0 on Python 3.11 loses a
reference to True with every `emit`, and aborts after some fifteen hundred.)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.media.playback.picture_format import DecodedFrame, to_bgra
from app.ui.plain_text import one_line

BACKGROUND: Final = QColor(14, 15, 18)
TEXT: Final = QColor(190, 195, 205)
LINE_HEIGHT: Final = 24
LINES: Final = 2
STRIP_HEIGHT: Final = LINES * LINE_HEIGHT
LINE_INTERVAL_MS: Final = 500
_SIZE: Final = QSize(1024, 640)
_PICTURE: Final = QEvent.Type(QEvent.registerEventType())
_END: Final = QEvent.Type(QEvent.registerEventType())


class PlainWindow(QWidget):
    """A picture in its right shape, and two lines of statistics under it."""

    def __init__(
        self, *, title: str, read_line: Callable[[], str], on_closed: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setWindowTitle(one_line(title))
        self.setMinimumSize(320, 200)
        self.resize(_SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._read_line = read_line
        self._on_closed = on_closed
        self._line = ""
        self._lock = threading.Lock()
        self._arrived: QImage | None = None
        """The newest picture, from the presenting thread; taken by the GUI thread."""
        self._wanted = QSize(_SIZE)
        """Device pixels that the picture may take."""
        self._picture: QImage | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(LINE_INTERVAL_MS)

    def show_picture(self, frame: DecodedFrame, _pts_us: int) -> None:
        """Any thread, which scales and converts. Skipped while the last one waits to be taken."""
        with self._lock:
            if self._arrived is not None:
                return
            wanted = self._wanted
        pixels = to_bgra(frame, width_max=wanted.width(), height_max=wanted.height())
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        with self._lock:
            self._arrived = image
        QCoreApplication.postEvent(self, QEvent(_PICTURE))

    def end(self) -> None:
        """Any thread: close the window."""
        QCoreApplication.postEvent(self, QEvent(_END))

    def picture_rect(self) -> QRect:
        """Where the picture goes: as large as fits, in its own shape."""
        area = self.rect().adjusted(0, 0, 0, -STRIP_HEIGHT)
        if self._picture is None:
            return area
        size = self._picture.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(area.topLeft(), size)
        target.moveCenter(area.center())
        return target

    def event(self, event: QEvent) -> bool:
        if event.type() == _PICTURE:
            self._take_picture()
            return True
        if event.type() == _END:
            self.close()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), BACKGROUND)
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.picture_rect(), self._picture)
        painter.setPen(TEXT)
        alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        row = QRect(8, self.height() - STRIP_HEIGHT, self.width() - 16, LINE_HEIGHT)
        for line in self._line.splitlines()[:LINES]:
            fitting = painter.fontMetrics().elidedText(
                line, Qt.TextElideMode.ElideRight, row.width()
            )
            painter.drawText(row, alignment, fitting)
            row.translate(0, LINE_HEIGHT)
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._on_closed()
        event.accept()

    def _take_picture(self) -> None:
        with self._lock:
            self._picture, self._arrived = self._arrived, None
            self._wanted = self.size() * self.devicePixelRatio()
        self.update(self.rect().adjusted(0, 0, 0, -STRIP_HEIGHT))

    def _on_tick(self) -> None:
        self._line = self._read_line()
        self.update(self.rect().adjusted(0, self.height() - STRIP_HEIGHT, 0, 0))
