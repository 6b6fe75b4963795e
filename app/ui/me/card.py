"""A framed section of the page Me."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget


class Card(QFrame):
    """A heading and a body."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._heading = QLabel(self)
        self._heading.setObjectName("h2")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(self._heading)
        layout.addLayout(self.body)

    def set_heading(self, words: str) -> None:
        self._heading.setText(words)


def plain_label(parent: QWidget, *, is_soft: bool = False) -> QLabel:
    """A label for texts from elsewhere: never read as HTML."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if is_soft:
        label.setObjectName("soft")
    return label
