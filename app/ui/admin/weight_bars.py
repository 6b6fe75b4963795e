"""What a model looks at, as bars: to the right what speaks for a room, to the left against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.plain_text import one_line
from app.ui.theme.current import theme

ROW: Final = 20
_PAD: Final = 12.0
_NAME_SHARE: Final = 0.42
_VALUE_WIDTH: Final = 52.0
_THICKNESS: Final = 8.0
_NAME_MAX: Final = 40


class WeightBars(QWidget):
    """`set_weights` takes names and weights, the strongest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_weights(self, weights: Sequence[tuple[str, float]]) -> None:
        self._weights = tuple((one_line(name, _NAME_MAX), weight) for name, weight in weights)
        self.setAccessibleDescription(
            ", ".join(f"{name} {weight:+.3f}" for name, weight in self._weights)
        )
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, 2 * 6 + ROW * max(1, len(self._weights)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        width = self.width() - 2 * _PAD
        name_width = width * _NAME_SHARE
        bar = QRectF(
            _PAD + name_width + 8, 0, max(8.0, width - name_width - _VALUE_WIDTH - 16), _THICKNESS
        )
        most = max((abs(weight) for _, weight in self._weights), default=1.0) or 1.0
        has_negative = any(weight < 0 for _, weight in self._weights)
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, (name, weight) in enumerate(self._weights):
            top = 6.0 + ROW * number
            painter.setPen(QColor(theme().text))
            painter.drawText(
                QRectF(_PAD, top, name_width, ROW),
                int(Qt.AlignmentFlag.AlignLeft | middle),
                metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_width),
            )
            painter.setPen(QColor(theme().text_soft))
            painter.drawText(
                QRectF(self.width() - _PAD - _VALUE_WIDTH, top, _VALUE_WIDTH, ROW),
                int(Qt.AlignmentFlag.AlignRight | middle),
                f"{weight:+.3f}",
            )
            self._paint_bar(painter, bar, top, weight / most, has_negative=has_negative)
        painter.end()

    @staticmethod
    def _paint_bar(
        painter: QPainter, bar: QRectF, top: float, share: float, *, has_negative: bool
    ) -> None:
        room = bar.width() / 2 if has_negative else bar.width()
        zero = bar.left() + (room if has_negative else 0.0)
        length = max(1.0, abs(share) * room)
        left = zero if share >= 0 else zero - length
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().accent_text if share >= 0 else theme().text_soft))
        place = QRectF(left, top + (ROW - _THICKNESS) / 2, length, _THICKNESS)
        painter.drawRoundedRect(place, 3, 3)
