"""The rows of a chat list, newest last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.state.chat_rows import ROWS_MAX
from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.state.chat_rows import ChatRow

TRIM_AT_ONCE: Final = 100
"""Old rows leave in bunches: each time is a new layout of all."""

_Index = QModelIndex | QPersistentModelIndex


class ChatModel(QAbstractListModel):
    """Bounded; the delegate asks for whole rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ChatRow] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return describe(self._rows[index.row()])
        return None

    def row(self, number: int) -> ChatRow:
        return self._rows[number]

    def find(self, message_id: str) -> int:
        """The row's number, -1 where it is not there."""
        for number in range(len(self._rows) - 1, -1, -1):
            if self._rows[number].message_id == message_id:
                return number
        return -1

    def append(self, rows: Sequence[ChatRow], *, rows_max: int = ROWS_MAX) -> None:
        """Past the bound the oldest leave."""
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()
        over = len(self._rows) - rows_max
        if over > 0:
            gone = min(len(self._rows), over + TRIM_AT_ONCE)
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()

    def remove(self, message_ids: Collection[str]) -> None:
        """They leave the list, and what answers them quotes them no more."""
        for number in range(len(self._rows) - 1, -1, -1):
            row = self._rows[number]
            if row.message_id in message_ids:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
            elif row.answers in message_ids:
                self._rows[number] = replace(row, quoted=("", ""))
                self.dataChanged.emit(self.index(number), self.index(number))

    def replace(self, row: ChatRow) -> None:
        """The row of the same id; nothing where it has left."""
        number = self.find(row.message_id)
        if number >= 0:
            self._rows[number] = row
            self.dataChanged.emit(self.index(number), self.index(number))

    def clear(self) -> None:
        self.beginResetModel()
        self._rows.clear()
        self.endResetModel()

    def search(self, needle: str) -> list[int]:
        """The rows in whose name or text it stands."""
        folded = needle.casefold()
        if not folded:
            return []
        return [
            number
            for number, row in enumerate(self._rows)
            if folded in row.name.casefold() or folded in row.text.casefold()
        ]


def describe(row: ChatRow) -> str:
    """As it is copied and read out."""
    if not row.name:
        return one_line(row.text)
    return f"{one_line(row.name)}: {one_line(row.text)}"
