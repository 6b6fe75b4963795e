"""A small graph of the last minute: name, newest figure, a filled line and its scale.

Painted by hand and not by pyqtgraph: see docs/decisions/0009-graphs.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.state.studio import HISTORY_MAX
from app.ui.plain_text import set_tooltip
from app.ui.theme.current import theme

HEIGHT: Final = 72
_PADDING: Final = 10
_HEAD: Final = 20


class Graph(QWidget):
    """`set_values` takes the past, the oldest first, and how the newest is written."""

    def __init__(self, *, least_top: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(112)
        self._least_top = least_top
        """The scale never ends below it: noise around nothing is no mountain."""
        self._name = ""
        self._text = ""
        self._values: tuple[float, ...] = ()

    def set_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)
        self._show_tooltip()
        self.update()

    def set_values(self, values: Sequence[float], text: str) -> None:
        changed = tuple(values)
        if changed != self._values or text != self._text:
            self._values, self._text = changed, text
            self.setAccessibleDescription(text)
            self._show_tooltip()
            self.update()

    def _show_tooltip(self) -> None:
        set_tooltip(self, f"{self._name}: {self._text}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(frame, 8, 8)
        self._paint_head(painter)
        area = QRectF(self.rect()).adjusted(_PADDING, _HEAD + 12, -_PADDING, -_PADDING)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if len(self._values) > 1:
            self._paint_line(painter, area)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        small = QFont(self.font())
        small.setPixelSize(12)
        painter.setFont(small)
        head = QRectF(self.rect()).adjusted(_PADDING, 6, -_PADDING, 0)
        head.setHeight(_HEAD)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme().text_soft))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | middle, self._name)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(QColor(theme().text))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | middle, self._text)

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        """The newest at the right edge, a minute over the whole width."""
        highest = max(self._least_top, *self._values) * 1.1
        step = area.width() / (HISTORY_MAX - 1)
        begun = area.right() - step * (len(self._values) - 1)
        points = [
            QPointF(begun + index * step, area.bottom() - value / highest * area.height())
            for index, value in enumerate(self._values)
        ]
        accent = QColor(theme().accent_text)
        fill = QColor(accent)
        fill.setAlpha(48)
        below = [QPointF(points[-1].x(), area.bottom()), QPointF(points[0].x(), area.bottom())]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*points, *below]))
        painter.setPen(QPen(accent, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
