"""A table that sorts, keeps what is chosen while it is filled anew, and shows strangers' words
plainly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.ui.plain_text import one_line, set_tooltip
from app.ui.theme import current

ROW_HEIGHT: Final = 34
WIDE_MIN: Final = 150
_CHARACTERS_MAX: Final = 160
_KEY: Final = Qt.ItemDataRole.UserRole
_ID: Final = Qt.ItemDataRole.UserRole + 1
_COLOR: Final = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    key: float | str | None = None
    """What it is sorted by, where that is not its text."""
    color: str = ""
    """A field of Theme."""


@dataclass(frozen=True, slots=True)
class Row:
    row_id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    is_number: bool = False
    is_wide: bool = False
    """Takes what room is left."""
    is_minor: bool = False
    """Goes where the wide one would have no room for its words."""


class _Item(QTableWidgetItem):
    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, others = self.data(_KEY), other.data(_KEY)
        if isinstance(mine, int | float) and isinstance(others, int | float):
            return mine < others
        return str(mine).casefold() < str(others).casefold()


class SortTable(QTableWidget):
    """`row_chosen` has the row's id, or nothing when none is chosen any more.

    A click on a column's head sorts; so does Ctrl+Left and Ctrl+Right for the column beside, and
    Ctrl+Up and Ctrl+Down for the direction.
    """

    row_chosen = Signal(str)

    def __init__(
        self,
        columns: Sequence[Column],
        parent: QWidget | None = None,
        *,
        sorted_by: int = 0,
        is_descending: bool = False,
        wide_min: int = WIDE_MIN,
    ) -> None:
        super().__init__(0, len(columns), parent)
        self._columns = tuple(columns)
        self._wide_min = wide_min
        self._rows: tuple[Row, ...] = ()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for index, column in enumerate(self._columns):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                index, mode.Stretch if column.is_wide else mode.ResizeToContents
            )
        order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(sorted_by, order)
        self.setSortingEnabled(True)
        self.itemSelectionChanged.connect(self._on_chosen)
        current.changed.connect(self._paint_again)

    @property
    def chosen_id(self) -> str:
        """Empty where none is."""
        items = self.selectedItems()
        return str(items[0].data(_ID)) if items else ""

    def set_titles(self, titles: Sequence[str]) -> None:
        self.setHorizontalHeaderLabels(list(titles))
        for index, column in enumerate(self._columns):
            item = self.horizontalHeaderItem(index)
            if column.is_number and item is not None:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Fill it; what was chosen stays so, where it is still there."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        chosen, place = self.chosen_id, self.verticalScrollBar().value()
        blocked = QSignalBlocker(self)
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for index, cell in enumerate(row.cells):
                self.setItem(number, index, self._make_item(row, index, cell))
        self.setSortingEnabled(True)
        self.clearSelection()
        for number in range(self.rowCount()):
            item = self.item(number, 0)
            if chosen and item is not None and item.data(_ID) == chosen:
                self.selectRow(number)
        self._make_room()
        self.verticalScrollBar().setValue(place)
        blocked.unblock()
        if chosen != self.chosen_id:
            self._on_chosen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and self._sort_by_key(event):
            return
        super().keyPressEvent(event)

    def _make_room(self) -> None:
        """Hide minor columns, the last first, until the wide one can be read."""
        header = self.horizontalHeader()
        widths = {
            index: max(self.sizeHintForColumn(index), header.sectionSizeHint(index))
            for index, column in enumerate(self._columns)
            if not column.is_wide
        }
        left = self.viewport().width() - sum(widths.values())
        for index in reversed(range(len(self._columns))):
            if self._columns[index].is_minor:
                is_hidden = left < self._wide_min
                left += widths[index] if is_hidden else 0
                self.setColumnHidden(index, is_hidden)

    def _sort_by_key(self, event: QKeyEvent) -> bool:
        header = self.horizontalHeader()
        column, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        match event.key():
            case Qt.Key.Key_Left:
                self.sortItems((column - 1) % len(self._columns), order)
            case Qt.Key.Key_Right:
                self.sortItems((column + 1) % len(self._columns), order)
            case Qt.Key.Key_Up:
                self.sortItems(min(column, len(self._columns) - 1), Qt.SortOrder.AscendingOrder)
            case Qt.Key.Key_Down:
                self.sortItems(min(column, len(self._columns) - 1), Qt.SortOrder.DescendingOrder)
            case _:
                return False
        return True

    def _make_item(self, row: Row, index: int, cell: Cell) -> _Item:
        text = one_line(cell.text, _CHARACTERS_MAX)
        item = _Item(text)
        item.setData(_KEY, text if cell.key is None else cell.key)
        item.setData(_ID, row.row_id)
        item.setData(_COLOR, cell.color)
        set_tooltip(item, text if self._columns[index].is_wide else "")
        if cell.color:
            item.setForeground(QColor(getattr(current.theme(), cell.color)))
        if self._columns[index].is_number:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _paint_again(self) -> None:
        for number in range(self.rowCount()):
            for index in range(self.columnCount()):
                item = self.item(number, index)
                if item is not None and item.data(_COLOR):
                    item.setForeground(QColor(getattr(current.theme(), item.data(_COLOR))))

    def _on_chosen(self) -> None:
        self.row_chosen.emit(self.chosen_id)
