"""A framed section of the page Me."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel


class Card(QFrame):
    """A heading and a body."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._heading = PlainLabel(self)
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


def plain_label(parent: QWidget, *, is_soft: bool = False) -> PlainLabel:
    """A label for texts from elsewhere: never read as HTML."""
    label = PlainLabel(parent)
    label.setWordWrap(True)
    if is_soft:
        label.setObjectName("soft")
    return label
