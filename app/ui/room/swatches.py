"""The colours that a message may have: all readable over a picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

SWATCHES: Final = (0xFFFFFF, 0xFF6B6B, 0xFFA94D, 0xFFE066, 0x8CE99A, 0x74C0FC, 0xD0A9FF)
"""White, red, orange, yellow, green, blue, violet."""
_SIDE: Final = 32


def make_swatch(color: int) -> QIcon:
    """A dot, with an edge that shows on light and dark."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(128, 128, 128))
    painter.setBrush(QColor(color))
    painter.drawEllipse(4, 4, _SIDE - 8, _SIDE - 8)
    painter.end()
    return QIcon(pixmap)
