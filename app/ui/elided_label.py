"""One line of plain text that ends in dots where there is no room; the tooltip has it whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class ElidedLabel(QLabel):
    """Styled as any label; `show_line` sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_line(self, text: str) -> None:
        line = " ".join(text.split())
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
        # A remote text may hold markup: QToolTip guesses, so it is told by an invisible start.
        cut = words != self.text()
        self.setToolTip(as_plain_tool_tip(self.text()) if cut else "")


def as_plain_tool_tip(text: str) -> str:
    """A tooltip that shows `text` as it is, whatever it looks like."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>" if escaped != text else text
