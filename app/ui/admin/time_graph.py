"""A figure over time: its name, its newest value, a filled line, the peak, and when.

Painted by hand, as the Studio's graphs are: see docs/decisions/0009-graphs.md. The pointer reads a
value off the line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QDateTime, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.current import theme

HEIGHT_MIN: Final = 104
_PAD: Final = 12.0
_HEAD: Final = 26.0
_FOOT: Final = 16.0
_DOT: Final = 2.0
"""Half as wide as a point that stands alone."""
_GAP_SHARE: Final = 0.03
"""Of the span: where samples lie further apart, the relay was not there, and no line is drawn."""


class TimeGraph(QWidget):
    """`set_series` takes times in unix ms and values, the oldest first."""

    def __init__(
        self,
        describe: Callable[[float], str],
        *,
        least_top: float,
        gap_share: float = _GAP_SHARE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMinimumSize(160, HEIGHT_MIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._describe = describe
        self._least_top = least_top
        """The scale never ends below it: noise around nothing is no mountain."""
        self._gap_share = gap_share
        self._name = ""
        self._peak_words = "{0}"
        self._empty_words = ""
        self._points: tuple[tuple[int, float], ...] = ()
        self._others: tuple[tuple[int, float], ...] = ()
        self._others_words = ""
        self._span_ms = 1
        self._pointer: float | None = None

    def sizeHint(self) -> QSize:
        return QSize(220, HEIGHT_MIN)

    def set_names(self, name: str, peak_words: str, empty_words: str = "") -> None:
        """`peak_words` has {0} for the highest value; `empty_words` stand where there is none."""
        self._name, self._peak_words, self._empty_words = name, peak_words, empty_words
        self._describe_aloud()
        self.update()

    def set_series(self, points: Sequence[tuple[int, float]], span_ms: int) -> None:
        changed = tuple(points)
        if changed != self._points or span_ms != self._span_ms:
            self._points, self._span_ms = changed, span_ms
            self._describe_aloud()
            self.update()

    def set_reference(self, points: Sequence[tuple[int, float]], words: str) -> None:
        """What the figure is to be held against, at the same times: a dashed line, with {0} in
        `words` for its newest value."""
        if (tuple(points), words) != (self._others, self._others_words):
            self._others, self._others_words = tuple(points), words
            self._describe_aloud()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().x()
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pointer = event.position().x()
        self.update()

    def leaveEvent(self, _event: object) -> None:
        self._pointer = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        area = QRectF(self.rect()).adjusted(_PAD, _HEAD + 8, -_PAD, -_FOOT - 6)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        places = self._places(area)
        self._paint_line(painter, area, places)
        self._paint_reference(painter, area)
        if not places:
            painter.setFont(self._font(12))
            painter.setPen(QColor(colors.text_soft))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), self._empty_words)
        near = self._nearest(places)
        self._paint_head(painter, near)
        self._paint_foot(painter, area, near)
        if near is not None:
            self._paint_pointer(painter, area, places[near])
        painter.end()

    # --- within -------------------------------------------------------------------------------

    def _describe_aloud(self) -> None:
        self.setAccessibleName(self._name)
        if self._points:
            newest = self._describe(self._points[-1][1])
            peak = self._peak_words.replace("{0}", self._describe(self._peak()))
            self.setAccessibleDescription(f"{newest}, {peak}{self._describe_reference(', ')}")
        else:
            self.setAccessibleDescription(self._empty_words)

    def _describe_reference(self, before: str) -> str:
        if not self._others or not self._others_words:
            return ""
        return before + self._others_words.replace("{0}", self._describe(self._others[-1][1]))

    def _peak(self) -> float:
        return max((value for _, value in self._points), default=0.0)

    def _places(
        self, area: QRectF, points: Sequence[tuple[int, float]] | None = None
    ) -> list[QPointF]:
        """The newest at the right edge, the span over the whole width."""
        if not self._points:
            return []
        end = self._points[-1][0]
        others = max((value for _, value in self._others), default=0.0)
        highest = max(self._least_top, self._peak(), others) * 1.08
        return [
            QPointF(
                area.right() - (end - at) / self._span_ms * area.width(),
                area.bottom() - value / highest * area.height(),
            )
            for at, value in (self._points if points is None else points)
        ]

    def _paint_reference(self, painter: QPainter, area: QRectF) -> None:
        if len(self._others) < 2 or not self._points:
            return
        painter.save()
        painter.setClipRect(area.adjusted(0, -2, 0, 2))
        painter.setPen(QPen(QColor(theme().text_soft), 1.4, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(self._places(area, self._others)))
        painter.restore()

    def _paint_line(self, painter: QPainter, area: QRectF, places: list[QPointF]) -> None:
        painter.save()
        painter.setClipRect(area.adjusted(0, -2, _DOT, 2))
        accent = QColor(theme().accent_text)
        fill = QColor(accent)
        fill.setAlpha(40)
        for piece in self._pieces(places, area.width()):
            ground = [QPointF(piece[-1].x(), area.bottom()), QPointF(piece[0].x(), area.bottom())]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([*piece, *ground]))
            painter.setPen(QPen(accent, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if len(piece) == 1:
                painter.setBrush(accent)
                painter.drawEllipse(piece[0], _DOT, _DOT)
            else:
                painter.drawPolyline(QPolygonF(piece))
        painter.restore()

    def _pieces(self, places: list[QPointF], width: float) -> list[list[QPointF]]:
        """The line, cut where the relay was not there."""
        pieces: list[list[QPointF]] = []
        for place in places:
            if pieces and place.x() - pieces[-1][-1].x() <= width * self._gap_share:
                pieces[-1].append(place)
            else:
                pieces.append([place])
        return pieces

    def _nearest(self, places: list[QPointF]) -> int | None:
        """Which point the pointer is at."""
        if self._pointer is None or not places:
            return None
        after = bisect_left([place.x() for place in places], self._pointer)
        near = [index for index in (after - 1, after) if 0 <= index < len(places)]
        pointer = self._pointer
        return min(near, key=lambda index: abs(places[index].x() - pointer))

    def _paint_head(self, painter: QPainter, near: int | None) -> None:
        head = QRectF(self.rect()).adjusted(_PAD, 6, -_PAD, 0)
        head.setHeight(_HEAD - 4)
        value = ""
        if self._points:
            value = self._describe(self._points[-1 if near is None else near][1])
        strong = self._font(14, QFont.Weight.DemiBold)
        painter.setFont(strong)
        painter.setPen(QColor(theme().text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(head, int(Qt.AlignmentFlag.AlignRight | middle), value)
        small = self._font(12)
        painter.setFont(small)
        painter.setPen(QColor(theme().text_soft))
        room = head.width() - QFontMetricsF(strong).horizontalAdvance(value) - 8
        name = QFontMetricsF(small).elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft | middle), name)

    def _paint_foot(self, painter: QPainter, area: QRectF, near: int | None) -> None:
        if not self._points:
            return
        foot = QRectF(area.left(), area.bottom() + 2, area.width(), _FOOT)
        painter.setFont(self._font(11))
        painter.setPen(QColor(theme().text_soft))
        middle = Qt.AlignmentFlag.AlignVCenter
        if near is not None:
            left = _write_time(self._points[near][0], self._span_ms)
        else:
            left = _write_time(self._points[-1][0] - self._span_ms, self._span_ms)
        peak = self._peak_words.replace("{0}", self._describe(self._peak()))
        if self._others_words:
            peak = self._describe_reference("")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft | middle), left)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | middle), peak)

    def _paint_pointer(self, painter: QPainter, area: QRectF, place: QPointF) -> None:
        painter.setPen(QPen(QColor(theme().text_soft), 1))
        painter.drawLine(QPointF(place.x(), area.top()), QPointF(place.x(), area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().accent_text))
        painter.drawEllipse(place, 3.0, 3.0)

    def _font(self, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        font.setWeight(weight)
        return font


def _write_time(unix_ms: int, span_ms: int) -> str:
    """With the day where a span is longer than one."""
    at = QDateTime.fromMSecsSinceEpoch(unix_ms)
    if span_ms > 20 * 24 * 3_600_000:
        return at.toString("MM-dd")
    return at.toString("HH:mm" if span_ms <= 24 * 3_600_000 else "MM-dd HH:mm")
