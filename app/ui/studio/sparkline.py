"""A small graph of the last minute, with its newest figure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.ui.theme.current import theme


class Sparkline(QWidget):
    """`set_values` takes the past and how the newest is written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(48)
        self._name = ""
        self._text = ""
        self._values: tuple[float, ...] = ()

    def set_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def set_values(self, values: Sequence[float], text: str) -> None:
        changed = tuple(values)
        if changed != self._values or text != self._text:
            self._values, self._text = changed, text
            self.setAccessibleDescription(text)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0, 20, 0, -2)
        painter.setPen(QColor(theme().text_soft))
        top = QRectF(0, 0, self.width(), 18)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self._name)
        painter.setPen(QColor(theme().text))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight, self._text)
        painter.setPen(QPen(QColor(theme().line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if len(self._values) > 1:
            highest = max(1e-6, *self._values) * 1.1
            step = area.width() / (len(self._values) - 1)
            points = [
                QPointF(area.x() + index * step, area.bottom() - value / highest * area.height())
                for index, value in enumerate(self._values)
            ]
            painter.setPen(QPen(QColor(theme().accent_text), 1.6))
            painter.drawPolyline(QPolygonF(points))
        painter.end()
