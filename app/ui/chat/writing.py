"""What helps to write a message: names after "@", and the reply that it will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.state.chat_rows import complete_mention, find_begun_mention
from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.theme.icons import set_lead_icon

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING = "\uffff"
"""Begins no name."""


class NameCompleter(QCompleter):
    """Offers the names of those who spoke, once an "@" is written."""

    def __init__(self, box: QLineEdit, complete: Callable[[str], list[str]]) -> None:
        super().__init__(box)
        self._box = box
        self._complete = complete
        self._names = QStringListModel(self)
        self.setModel(self._names)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setCompleter(self)

    def splitPath(self, path: str) -> list[str]:  # noqa: N802 # Qt's name
        begun = find_begun_mention(path)
        if begun is None:
            return [_NOTHING]
        names = self._complete(begun)
        if names != self._names.stringList():
            self._names.setStringList(names)
        return [begun]

    def pathFromIndex(  # noqa: N802 # Qt's name
        self, index: QModelIndex | QPersistentModelIndex
    ) -> str:
        return complete_mention(self._box.text(), str(index.data()))


class ReplyChip(QWidget):
    """Says whom the message will answer; its button takes that back."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message_id = ""
        self._name = ""
        self._words = PlainLabel()
        self._words.setProperty("soft", True)
        self._cancel = QToolButton()
        set_lead_icon(self._cancel, "close")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        row.addWidget(self._cancel)
        self._cancel.clicked.connect(self._on_cancel)
        self.retranslate()
        self.hide()

    def begin(self, message_id: str, name: str) -> None:
        self.message_id, self._name = message_id, name
        self.retranslate()
        self.show()

    def end(self) -> None:
        self.message_id = self._name = ""
        self.hide()

    def retranslate(self) -> None:
        name = one_line(self._name)
        self._words.setText(self.tr("Reply to {name}").replace("{name}", name))
        words = self.tr("Cancel the reply")
        self._cancel.setAccessibleName(words)
        set_tooltip(self._cancel, words)

    def _on_cancel(self) -> None:
        self.end()
        self.cancelled.emit()
