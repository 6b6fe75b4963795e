"""A text as a picture for the scene: white on a soft dark band, in the system's font."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

if TYPE_CHECKING:
    from app.media.scene.filters_on_demand import Pixels

WIDTH: Final = 1152
HEIGHT: Final = 86
_PADDING: Final = 24


def paint_text(text: str) -> Pixels:
    """RGBA of shape (HEIGHT, WIDTH, 4); a text too long for the band is made smaller."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(12, 13, 17, 184))
    painter.drawRoundedRect(QRectF(0, 0, WIDTH, HEIGHT), 12, 12)
    font = QFont()
    font.setPixelSize(44)
    font.setBold(True)
    while font.pixelSize() > 12 and QFontMetricsF(font).horizontalAdvance(text) > WIDTH - 48:
        font.setPixelSize(font.pixelSize() - 2)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    area = QRectF(_PADDING, 0, WIDTH - 2 * _PADDING, HEIGHT)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine())
    return pixels[:, : WIDTH * 4].reshape(HEIGHT, WIDTH, 4).copy()
