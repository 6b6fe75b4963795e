"""What is at the moment under the pointer: a small picture, the time, and the chapter."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.state.moment import clock_words
from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel

PICTURE_WIDTH: Final = 192
PICTURE_HEIGHT: Final = 108
GAP: Final = 6


class SeekPreview(QFrame):
    """A child of the player, over everything; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.at_ms = -1
        self._picture = PlainLabel()
        self._picture.setFixedSize(PICTURE_WIDTH, PICTURE_HEIGHT)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._time = PlainLabel()
        self._time.setObjectName("h3")
        self._chapter = ElidedLabel()
        self._chapter.setMaximumWidth(PICTURE_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 6)
        column.setSpacing(2)
        self._time.setIndent(4)
        self._chapter.setContentsMargins(4, 0, 4, 0)
        for label in (self._picture, self._time, self._chapter):
            column.addWidget(label)
        self.hide()

    def show_moment(self, at_ms: int, chapter: str, bar: QWidget, x: int) -> None:
        """Above the bar, where the pointer is."""
        self.at_ms = at_ms
        self._time.setText(clock_words(at_ms))
        self._chapter.setText(chapter)
        self._chapter.setVisible(bool(chapter))
        self.adjustSize()
        host = bar.window()
        if self.parentWidget() is not host:  # the bar is on the whole screen now
            self.setParent(host)
        corner = bar.mapTo(host, QPoint(0, 0))
        inside = min(max(0, x - self.width() // 2), max(0, bar.width() - self.width()))
        self.move(corner.x() + inside, corner.y() - self.height() - GAP)
        self.show()
        self.raise_()

    def show_picture(self, picture: QImage) -> None:
        ratio = self.devicePixelRatioF()
        size = self._picture.size() * ratio
        scaled = picture.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(scaled))

    def forget(self) -> None:
        """Another recording."""
        self._picture.setPixmap(QPixmap())
        self.hide()
