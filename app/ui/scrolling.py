"""A page that is taller than its place: it scrolls up and down and never sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


def scroll_over(content: QWidget, *, keeps_width: bool = False) -> QScrollArea:
    """Tab goes to what is within, not to the area itself.

    `keeps_width`: the bar's place stays free where there is nothing to scroll. So must it be where
    something within sets its height by its width, as cards and chips in rows do: the bar would take
    width, with which they are lower and no bar is needed, without which they are higher, each
    within the event of the other, until the stack is used up.
    """
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if keeps_width:
        area.setVerticalScrollBar(_QuietBar())
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    content.setObjectName("page")
    area.setWidget(content)
    return area


class _QuietBar(QScrollBar):
    """Is there always, and seen where there is something to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)
