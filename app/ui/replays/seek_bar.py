"""The bar of a recording: where it stands, how much was said when, chapters, and the way anywhere.

A QSlider in all but its looks, so that keys and screen readers know what to do with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.state.moment import clock_words
from app.ui.theme import current

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wire.replay_events import Chapter

HEIGHT: Final = 44
CURVE_HEIGHT: Final = 20.0
GROOVE: Final = 4.0
EDGE: Final = 8.0
"""Room for the handle at both ends."""
STEP_MS: Final = 5_000
PAGE_MS: Final = 60_000
SMOOTH: Final = (0.25, 0.5, 0.25)


class SeekBar(QSlider):
    """Values are milliseconds. `sought` is what the hand wants, at every step of a drag."""

    sought = Signal(int)
    hovered = Signal(int, int)
    """The moment under the pointer and its x; -1 and -1 where it has left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(STEP_MS)
        self.setPageStep(PAGE_MS)
        self._density: tuple[int, ...] = ()
        self._density_step_ms = 0
        self._chapters: Sequence[Chapter] = ()
        self._hover_ms = -1
        self.actionTriggered.connect(self._on_action)

    def show_recording(
        self, duration_ms: int, density: tuple[int, ...], step_ms: int, chapters: Sequence[Chapter]
    ) -> None:
        self._density, self._density_step_ms, self._chapters = density, step_ms, chapters
        self.set_duration(duration_ms)
        self.update()

    def set_duration(self, duration_ms: int) -> None:
        if duration_ms != self.maximum():
            self.setRange(0, max(1, duration_ms))

    def show_position(self, at_ms: int) -> None:
        """Unless it is being drawn."""
        if not self.isSliderDown():
            self.setValue(at_ms)
            self.setAccessibleDescription(clock_words(at_ms))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self.isSliderDown():
            self._seek_to(x)
        self._hover_ms = self._moment(x)
        self.hovered.emit(self._hover_ms, round(x))
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover_ms = -1
        self.hovered.emit(-1, -1)
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current.theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width = EDGE, self.width() - 2 * EDGE
        middle = self.height() - 12.0
        at = left + width * self._share(self.value())
        self._paint_density(painter, QRectF(left, middle - 6 - CURVE_HEIGHT, width, CURVE_HEIGHT))
        painter.setPen(Qt.PenStyle.NoPen)
        for color, end in ((theme.line, left + width), (theme.accent, at)):
            painter.setBrush(QColor(color))
            bar = QRectF(left, middle - GROOVE / 2, end - left, GROOVE)
            painter.drawRoundedRect(bar, GROOVE / 2, GROOVE / 2)
        painter.setBrush(QColor(theme.text))
        for chapter in self._chapters:
            x = left + width * self._share(chapter.at_ms)
            painter.drawRoundedRect(QRectF(x - 1.5, middle - 6, 3, 12), 1.5, 1.5)
        if self._hover_ms >= 0:
            painter.setBrush(QColor(theme.text_soft))
            x = left + width * self._share(self._hover_ms)
            painter.drawRect(QRectF(x - 0.5, middle - 8 - CURVE_HEIGHT, 1, CURVE_HEIGHT + 14))
        has_focus = self.hasFocus()
        painter.setBrush(QColor(theme.focus if has_focus else theme.text))
        painter.drawEllipse(QPointF(at, middle), 7, 7)
        if has_focus:
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_density(self, painter: QPainter, box: QRectF) -> None:
        """How much was said: a soft hill over the bar."""
        most = max(self._density, default=0)
        if not most or self._density_step_ms <= 0:
            return
        counts = _smoothed(self._density)
        most_now = max(counts)
        path = QPainterPath(QPointF(box.left(), box.bottom()))
        for number, count in enumerate(counts):
            x = box.left() + box.width() * self._share((number + 0.5) * self._density_step_ms)
            path.lineTo(x, box.bottom() - box.height() * count / most_now)
        path.lineTo(path.currentPosition().x(), box.bottom())
        color = QColor(current.theme().accent)
        color.setAlphaF(0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPath(path)

    def _share(self, at_ms: float) -> float:
        return min(1.0, max(0.0, at_ms / max(1, self.maximum())))

    def _moment(self, x: float) -> int:
        share = (x - EDGE) / max(1.0, self.width() - 2 * EDGE)
        return round(min(1.0, max(0.0, share)) * self.maximum())

    def _seek_to(self, x: float) -> None:
        self.setValue(self._moment(x))
        self.sought.emit(self.value())

    def _on_action(self, _action: int) -> None:
        """By the keyboard, or by a screen reader."""
        self.sought.emit(self.sliderPosition())


def _smoothed(counts: tuple[int, ...]) -> list[float]:
    padded = [counts[0], *counts, counts[-1]]
    return [
        sum(share * padded[number + place] for place, share in enumerate(SMOOTH))
        for number in range(len(counts))
    ]
