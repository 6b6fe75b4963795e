"""A small graph of the last minute: name, newest figure, a filled line and its scale.

A second, dashed line may say what is allowed, with a mark below each moment when that was lowered.

Painted by hand and not by pyqtgraph: see docs/decisions/0009-graphs.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
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
        self._limits: tuple[float, ...] = ()
        self._limit_words = ""

    def set_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)
        self._show_tooltip()
        self.update()

    def set_values(self, values: Sequence[float], text: str) -> None:
        changed = tuple(values)
        if changed != self._values or text != self._text:
            self._values, self._text = changed, text
            self._show_tooltip()
            self.update()

    def set_limits(self, limits: Sequence[float], words: str) -> None:
        """As many as there are values; shown where there are words for them."""
        changed = tuple(limits)
        if changed != self._limits or words != self._limit_words:
            self._limits, self._limit_words = changed, words
            self._show_tooltip()
            self.update()

    def _show_tooltip(self) -> None:
        words = f"{self._text}; {self._limit_words}" if self._limit_words else self._text
        self.setAccessibleDescription(words)
        set_tooltip(self, f"{self._name}: {words}")

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
        has_limits = bool(self._limit_words) and len(self._limits) == len(self._values)
        limits = self._limits if has_limits else ()
        highest = max(self._least_top, *self._values, *limits) * 1.1
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
        self._paint_limits(painter, area, [point.x() for point in points], limits, highest)

    def _paint_limits(
        self,
        painter: QPainter,
        area: QRectF,
        places: Sequence[float],
        limits: Sequence[float],
        highest: float,
    ) -> None:
        warn = QColor(theme().warn)
        heights = [area.bottom() - limit / highest * area.height() for limit in limits]
        line = [QPointF(x, y) for x, y in zip(places, heights, strict=False)]
        painter.setPen(QPen(warn, 1.2, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(line))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(warn)
        for index, (before, after) in enumerate(pairwise(limits), 1):
            if after < before:
                x, foot = places[index], area.bottom()
                corners = [QPointF(x, foot), QPointF(x - 4, foot + 7), QPointF(x + 4, foot + 7)]
                painter.drawPolygon(QPolygonF(corners))
