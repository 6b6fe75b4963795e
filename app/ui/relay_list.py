"""The houses that were joined before: one row each, to go there again or to forget it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.plain_text import PlainLabel
from app.ui.scrolling import scroll_over
from app.ui.theme.icons import icon

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.live.remembered import RememberedRelay

ROW_HEIGHT: Final = 44
ROWS_SHOWN_MAX: Final = 3
"""More of them are scrolled."""


class RelayList(QWidget):
    """Hidden where there is none. Emits the address of a relay."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._relays: tuple[RememberedRelay, ...] = ()
        self.rows: list[RelayRow] = []
        self._heading = PlainLabel(self)
        self._heading.setObjectName("h3")
        content = QWidget(self)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self._scroll = scroll_over(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._scroll)
        self.retranslate()

    def show_relays(self, relays: tuple[RememberedRelay, ...]) -> None:
        self._relays = relays
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._make_row(relay) for relay in relays]
        shown = min(len(relays), ROWS_SHOWN_MAX)
        self._scroll.setFixedHeight(shown * (ROW_HEIGHT + 4))
        self.setVisible(bool(relays))

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Where you have been before"))
        self.show_relays(self._relays)

    def _make_row(self, relay: RememberedRelay) -> RelayRow:
        row = RelayRow(relay, self)
        row.go_button.clicked.connect(self._emitter(self.chosen.emit, relay.url))
        row.remove_button.clicked.connect(lambda: self._on_removed(relay.url))
        row.remove_button.setAccessibleName(self.tr("Forget %1").replace("%1", row.words))
        row.remove_button.setToolTip(self.tr("Forget this house"))
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _emitter(self, emit: Callable[[str], None], url: str) -> Callable[[], None]:
        return lambda: emit(url)

    def _on_removed(self, url: str) -> None:
        self.show_relays(tuple(relay for relay in self._relays if relay.url != url))
        self.removed.emit(url)
        next_focus = self.rows[0].go_button if self.rows else self.parentWidget()
        if next_focus is not None:
            next_focus.setFocus()


class RelayRow(QWidget):
    """Name and host on a button, and a small one beside it."""

    def __init__(self, relay: RememberedRelay, parent: QWidget) -> None:
        super().__init__(parent)
        name = " ".join(relay.name.split())
        self.words = f"{name}  ·  {relay.host}" if name else relay.host
        self.go_button = QPushButton(icon("room"), "", self)
        self.go_button.setObjectName("relay")
        self.go_button.setAccessibleName(self.words)
        self.go_button.setMinimumWidth(0)
        self.remove_button = QToolButton(self)
        self.remove_button.setIcon(icon("close"))
        self.remove_button.setIconSize(QSize(16, 16))
        self.remove_button.setProperty("kind", "quiet")
        self.setFixedHeight(ROW_HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setSpacing(8)
        layout.addWidget(self.go_button, 1)
        layout.addWidget(self.remove_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        space = self.width() - self.remove_button.sizeHint().width() - 80
        shown = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, space)
        # A name is no menu's: its "&" is one.
        self.go_button.setText(shown.replace("&", "&&"))
