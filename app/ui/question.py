"""A question with two answers, over the window that it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from app.ui.answer_row import answer_row
from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

_WIDTH = 480


class Question(QDialog):
    """`accepted` is the answer that cannot be taken back; Esc and the frame's cross are the other.

    Shown with `open`, so that everything else goes on: no loop of events within another.
    """

    def __init__(self, parent: QWidget, words: str, *, yes: str, no: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(words)
        label = PlainLabel(self)
        label.setText(words)
        label.setObjectName("h3")
        label.setWordWrap(True)
        self.yes_button, self.no_button = QPushButton(yes, self), QPushButton(no, self)
        self.yes_button.setProperty("kind", "danger")
        self.yes_button.setAutoDefault(False)
        self.no_button.setDefault(True)
        self.yes_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(24)
        layout.addWidget(label)
        layout.addLayout(answer_row(self, yes=self.yes_button, no=self.no_button))
        self._layout = layout
        self.setFixedWidth(_WIDTH)
        self.no_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the words need at this width; Qt asks for another one."""
        self.setMinimumHeight(self._layout.totalHeightForWidth(_WIDTH))
        super().showEvent(event)
