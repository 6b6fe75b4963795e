"""One line of plain text that ends in dots where there is no room; the tooltip has it whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.ui.plain_text import PlainLabel, one_line, set_tooltip


class ElidedLabel(PlainLabel):
    """Styled as any label; `show_line` sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_line(self, text: str) -> None:
        line = one_line(text)
        if line != self.text():
            self.setText(line)
            self.setAccessibleName(line)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = self.contentsRect().width()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        painter.setPen(self.palette().color(self.foregroundRole()))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.contentsRect(), middle, words)
        painter.end()
        set_tooltip(self, self.text() if words != self.text() else "")
