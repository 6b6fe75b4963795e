"""The combo that can still be gone on with: its count, and a ring of the time that is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme.current import theme

if TYPE_CHECKING:
    from app.state.gifts import Combo

SIDE: Final = 56
INTERVAL_MS: Final = 40


class ComboRing(QWidget):
    """Empty while there is no combo; keeps its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE, SIDE)
        self._combo: Combo | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def count(self) -> int:
        """What is shown; 0 for nothing."""
        return self._combo.count if self._combo is not None and self._share() > 0 else 0

    def show_combo(self, combo: Combo | None) -> None:
        self._combo = combo
        self.setAccessibleName(self.tr("Combo ×{0}").format(self.count) if self.count else "")
        if self.count and self.isVisible():
            self._timer.start()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setPen(QPen(QColor(theme().line), 4))
        painter.drawEllipse(box)
        painter.setPen(QPen(QColor(theme().accent), 4, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, round(360 * 16 * self._share()))
        font = QFont(self.font())
        font.setBold(True)
        words = f"×{self.count:,}"
        for size in (17, 14, 12, 10):
            font.setPixelSize(size)
            if QFontMetricsF(font).horizontalAdvance(words) <= box.width() - 8:
                break
        painter.setFont(font)
        painter.setPen(QColor(theme().text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _share(self) -> float:
        return self._combo.share_left(time.monotonic_ns() // 1_000_000) if self._combo else 0.0

    def _on_tick(self) -> None:
        if not self.count or not self.isVisible():
            self._timer.stop()
            self.setAccessibleName("")
        self.update()
