"""A box for some lines of text that never holds more than its limit, and says what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

LEFT_SHOWN: Final = 100
"""The count appears when so few characters are left."""


class _Edit(QPlainTextEdit):
    """What is pasted or dropped is cut before it is laid out: a megabyte takes a second."""

    def __init__(self, characters_max: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._characters_max = characters_max

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 # Qt calls it by this name
        if self.isReadOnly():
            return
        self.insertPlainText(source.text()[: self._characters_max])
        self.ensureCursorVisible()


class BoundedText(QWidget):
    """Tab leaves it: it is part of a form. Characters are code points, as on the wire."""

    def __init__(self, characters_max: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters_max = characters_max
        self.edit = _Edit(characters_max, self)
        self.edit.setTabChangesFocus(True)
        self.setFocusProxy(self.edit)
        self._left = PlainLabel(self)
        self._left.setObjectName("soft")
        self._left.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.edit)
        layout.addWidget(self._left)
        self.edit.textChanged.connect(self._on_changed)

    def text(self) -> str:
        return self.edit.toPlainText().strip()

    def set_name(self, words: str) -> None:
        self.edit.setAccessibleName(words)

    def set_hint(self, words: str) -> None:
        if self.edit.placeholderText() != words:
            self.edit.setPlaceholderText(words)
            self.edit.viewport().update()  # Qt does not

    def _on_changed(self) -> None:
        text = self.edit.toPlainText()
        if len(text) > self._characters_max:
            place = min(self.edit.textCursor().position(), self._characters_max)
            self.edit.blockSignals(True)  # Qt's signature
            self.edit.setPlainText(text[: self._characters_max])
            self.edit.blockSignals(False)  # the same
            cursor = self.edit.textCursor()
            cursor.setPosition(min(place, len(self.edit.toPlainText())))
            self.edit.setTextCursor(cursor)
        left = self._characters_max - min(len(text), self._characters_max)
        self._left.setVisible(left <= LEFT_SHOWN)
        self._left.setText(self.tr("%n characters left", "", left))
