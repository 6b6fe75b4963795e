"""Paints the hearts that rise over the stage. GUI thread only.

Each heart is drawn once for its colour and size into a pixmap; a frame then only copies pixmaps.
"""

from __future__ import annotations

import random
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from app.state.hearts import Hearts

if TYPE_CHECKING:
    from collections.abc import Callable

PALETTE: Final = ("#ff5a7e", "#ff8fa3", "#ffb25a", "#f06bd0", "#9f8bff", "#5cc8ff")
OUTLINE: Final = QColor(255, 255, 255, 230)
SHADOW: Final = QColor(0, 0, 0, 110)
SIZE_STEP: Final = 4
"""Sizes are rounded to so many pixels, so that few pixmaps serve a growing heart."""


class HeartsLayer:
    """The hearts with their clock and their pixmaps."""

    def __init__(self, mono_s: Callable[[], float] = time.monotonic) -> None:
        self._mono_s = mono_s
        self._hearts = Hearts(random.random)
        self.is_on = True
        """Whether the viewer wants effects."""

    @property
    def is_moving(self) -> bool:
        """Whether there is something to paint anew."""
        return self.is_on and self._hearts.is_moving(self._now_ms())

    def tap(self) -> None:
        if self.is_on:
            self._hearts.tap(self._now_ms())

    def hear(self, taps: int) -> None:
        if self.is_on:
            self._hearts.hear(taps, self._now_ms())

    def clear(self) -> None:
        self._hearts.clear()

    def choose(self, *, is_on: bool) -> None:
        self.is_on = is_on
        if not is_on:
            self.clear()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """All hearts at this moment, over a stage that fills `area`."""
        if not self.is_on:
            return
        ratio = painter.device().devicePixelRatioF()
        height = area.height()
        for heart, place in self._hearts.visible(self._now_ms()):
            side = max(SIZE_STEP, round(place.size * height / SIZE_STEP) * SIZE_STEP)
            pixmap = _draw(
                PALETTE[heart.color % len(PALETTE)], side, ratio, has_outline=heart.is_own
            )
            painter.setOpacity(place.opacity)
            middle = QPointF(area.right() - place.right * height, area.bottom() - place.up * height)
            painter.drawPixmap(middle - QPointF(side / 2, side / 2), pixmap)
        painter.setOpacity(1.0)

    def _now_ms(self) -> float:
        return self._mono_s() * 1000


@lru_cache(maxsize=256)
def _draw(color: str, side: int, ratio: float, *, has_outline: bool) -> QPixmap:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = _heart(side)
    painter.setPen(QPen(OUTLINE if has_outline else SHADOW, max(1.0, side / 18)))
    painter.setBrush(QColor(color))
    painter.drawPath(path)
    painter.end()
    return pixmap


def _heart(side: float) -> QPainterPath:
    """Within a square of `side`, with room for its outline."""

    def at(x: float, y: float) -> QPointF:
        return QPointF(x * side, y * side)

    path = QPainterPath(at(0.5, 0.9))
    path.cubicTo(at(0.1, 0.62), at(0.06, 0.44), at(0.08, 0.34))
    path.cubicTo(at(0.12, 0.12), at(0.4, 0.06), at(0.5, 0.3))
    path.cubicTo(at(0.6, 0.06), at(0.88, 0.12), at(0.92, 0.34))
    path.cubicTo(at(0.94, 0.44), at(0.9, 0.62), at(0.5, 0.9))
    path.closeSubpath()
    return path
