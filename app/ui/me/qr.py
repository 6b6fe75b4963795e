"""A QR code as a picture, dark on white in both themes: cameras expect it so."""

from __future__ import annotations

from typing import Final

import segno
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_QUIET_MODULES: Final = 3
_SIDE: Final = 216


class QrCode(QWidget):
    """Empty for an empty text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_SIDE, _SIDE))
        self._modules: tuple[tuple[bool, ...], ...] = ()

    def show_text(self, text: str) -> None:
        rows = segno.make(text, error="m", micro=False).matrix if text else ()
        self._modules = tuple(tuple(bool(module) for module in row) for row in rows)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        count = len(self._modules) + 2 * _QUIET_MODULES
        if not self._modules:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        module = _SIDE // count
        offset = (_SIDE - module * count) // 2 + module * _QUIET_MODULES
        for y, row in enumerate(self._modules):
            for x, is_dark in enumerate(row):
                if is_dark:
                    spot = QRect(offset + x * module, offset + y * module, module, module)
                    painter.fillRect(spot, QColor("black"))
        painter.end()
