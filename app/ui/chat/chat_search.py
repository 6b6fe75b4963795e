"""The bar that finds words in the chat list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.theme.icons import set_lead_icon
from wire.limits import SEARCH_CHARACTERS_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence


class ChatSearch(QWidget):
    """Hidden until Ctrl+F. Goes through the rows from the newest up."""

    needle_changed = Signal(str)
    row_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = parent
        self._rows: list[int] = []
        self._at: int | None = None
        """The row that is shown."""
        self.input = QLineEdit()
        self.input.setMaxLength(SEARCH_CHARACTERS_MAX)
        self._count = PlainLabel()
        self._count.setProperty("soft", True)
        self._up, self._down, self._close = QToolButton(), QToolButton(), QToolButton()
        for button, icon in ((self._up, "raise"), (self._down, "lower"), (self._close, "close")):
            set_lead_icon(button, icon)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.input, 1)
        for widget in (self._count, self._up, self._down, self._close):
            row.addWidget(widget)
        self.input.textChanged.connect(self._on_text)
        self.input.returnPressed.connect(self._go_up)
        self._up.clicked.connect(self._go_up)
        self._down.clicked.connect(self._go_down)
        self._close.clicked.connect(self.close_bar)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), parent)
        shortcut.activated.connect(self.open_bar)
        self.retranslate()
        self.hide()

    @property
    def needle(self) -> str:
        return "" if self.isHidden() else self.input.text().strip()

    def open_bar(self) -> None:
        self.show()
        self.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.input.selectAll()
        self.needle_changed.emit(self.needle)

    def close_bar(self) -> None:
        if not self.isHidden():
            self.hide()
            self.needle_changed.emit("")

    def show_rows(self, rows: Sequence[int]) -> None:
        """Where the words stand now."""
        self._rows = list(rows)
        if self._at not in self._rows:
            self._at = None
        self._show_count()

    def retranslate(self) -> None:
        self.input.setPlaceholderText(self.tr("Search the chat"))
        self.input.setAccessibleName(self.tr("Search the chat"))
        for button, words in (
            (self._up, self.tr("Previous match")),
            (self._down, self.tr("Next match")),
            (self._close, self.tr("Close the search")),
        ):
            button.setAccessibleName(words)
            set_tooltip(button, words)
        self._show_count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
            self._list.setFocus()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)

    def _on_text(self) -> None:
        self._at = None
        self.needle_changed.emit(self.needle)
        if self._rows:
            self._go_up()

    def _go_up(self) -> None:
        earlier = [row for row in self._rows if self._at is None or row < self._at]
        self._go(earlier[-1] if earlier else None, wrap=-1)

    def _go_down(self) -> None:
        later = [row for row in self._rows if self._at is not None and row > self._at]
        self._go(later[0] if later else None, wrap=0)

    def _go(self, row: int | None, *, wrap: int) -> None:
        """To this row, or round the end."""
        if not self._rows:
            return
        self._at = self._rows[wrap] if row is None else row
        self._show_count()
        self.row_wanted.emit(self._at)

    def _show_count(self) -> None:
        at = self._rows.index(self._at) + 1 if self._at is not None else 0
        self._count.setText(f"{at} / {len(self._rows)}" if self.needle else "")
        for button in (self._up, self._down):
            button.setEnabled(bool(self._rows))
