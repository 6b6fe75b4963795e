"""A popup with a list, and buttons for the row that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.keeping.place import place_popup
from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

WIDTH: Final = 344
HEIGHT: Final = 376
_KEY: Final = Qt.ItemDataRole.UserRole


class _List(QListWidget):
    """Enter and Delete are for the buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.on_key: Callable[[int], bool] = lambda _key: False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.on_key(event.key()):
            super().keyPressEvent(event)


class ListPopup(QFrame):
    """Rows have keys; a row that stays keeps its place and its choice when they are set anew."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedWidth(WIDTH)
        self.heading, self.hint = PlainLabel(), PlainLabel()
        self.heading.setObjectName("h3")
        self.hint.setProperty("soft", True)
        self.hint.setWordWrap(True)
        self.list = _List()
        self.list.setObjectName("rows")
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.on_key = self._on_key
        self.list.currentRowChanged.connect(lambda _row: self.on_row_changed())
        self._foot = QWidget()
        self._buttons = QHBoxLayout(self._foot)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        self._by_key: dict[int, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)
        column.addWidget(self._foot)
        self._fit()
        self.hide()

    @property
    def current_key(self) -> str:
        """Of the chosen row; empty where none is."""
        if self.list.currentRow() < 0:
            return ""
        return str(self.list.currentItem().data(_KEY))

    def add_button(self, keys: Sequence[Qt.Key]) -> QPushButton:
        """Pressed by these keys too, while the list has the focus."""
        button = QPushButton()
        self._buttons.addWidget(button, 1)
        self._by_key.update({int(key): button for key in keys})
        return button

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Key and words of each."""
        before, at, had_any = self.current_key, self.list.currentRow(), self.list.count() > 0
        keys = [key for key, _words in rows]
        self.list.clear()
        for key, words in rows:
            item = QListWidgetItem(words)
            item.setData(_KEY, key)
            self.list.addItem(item)
        if keys:
            self.list.setCurrentRow(
                keys.index(before) if before in keys else min(max(0, at), len(keys) - 1)
            )
        self.on_row_changed()
        if bool(keys) != had_any:
            self._fit()
            self._focus()

    def on_row_changed(self) -> None:
        """Another row is chosen."""

    def show_hint(self, words: str) -> None:
        self.hint.setText(words)
        self._fit()

    def pop_up_below(self, anchor: QWidget) -> None:
        place_popup(self, anchor, QPoint(anchor.width() - WIDTH, anchor.height() + 8))
        self.show()
        self._focus()

    def _fit(self) -> None:
        """Without rows there are only words: no empty list, no buttons for nothing."""
        has_rows = self.list.count() > 0
        self.list.setVisible(has_rows)
        self._foot.setVisible(has_rows)
        if has_rows:
            self.setFixedHeight(HEIGHT)
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(HEIGHT)
            self.adjustSize()

    def _focus(self) -> None:
        front = self.list if self.list.count() else self
        front.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_key(self, key: int) -> bool:
        button = self._by_key.get(key)
        if button is None or not button.isEnabled():
            return False
        button.click()
        return True
