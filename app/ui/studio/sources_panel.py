"""The list of sources, and what can be done to the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.state.studio_events import ItemChanged, ItemRaised
from app.state.studio_scene import FILTERS, MISSING
from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.studio.words import filter_name, item_name
from app.ui.theme.icons import icon, set_lead_icon

if TYPE_CHECKING:
    from app.state.studio import StudioState

_KEY: Final = Qt.ItemDataRole.UserRole
_ICONS: Final = {
    "camera": "camera",
    "screen": "screen",
    "file": "file",
    "url": "link",
    "testcard": "broadcast",
    "image": "image",
    "text": "text",
}


class SourcesPanel(QWidget):
    """Renders the scene; the topmost source stands first."""

    changed = Signal(object)
    """ItemChanged or ItemRaised."""
    removed = Signal(str)
    selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self._key = ""
        self._list = QListWidget()
        self._add = QPushButton()
        set_lead_icon(self._add, "plus")
        self._raise = _button("raise")
        self._lower = _button("lower")
        self._remove = _button("trash")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._add, 1)
        for button in (self._raise, self._lower, self._remove):
            row.addWidget(button)
        self._mirror = QCheckBox()
        self._filters = {name: QCheckBox() for name in FILTERS}
        self._hint = PlainLabel()
        self._hint.setProperty("soft", True)
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._list, 1)
        pair = QGridLayout()
        pair.setSpacing(8)
        for index, box in enumerate((self._mirror, *self._filters.values())):
            pair.addWidget(box, index // 2, index % 2)
        for side in (0, 1):
            pair.setColumnStretch(side, 1)
        column.addLayout(pair)
        column.addWidget(self._hint)
        self._list.currentItemChanged.connect(self._on_current)
        self._list.itemChanged.connect(self._on_item)
        self._raise.clicked.connect(lambda: self.changed.emit(ItemRaised(self._key)))
        self._lower.clicked.connect(lambda: self.changed.emit(ItemRaised(self._key, is_up=False)))
        self._remove.clicked.connect(lambda: self.removed.emit(self._key))
        self._mirror.clicked.connect(
            lambda checked: self.changed.emit(ItemChanged(self._key, is_mirrored=checked))
        )
        for box in self._filters.values():
            box.clicked.connect(self._on_filter)
        self.retranslate()

    @property
    def add_button(self) -> QPushButton:
        return self._add

    def render_state(self, state: StudioState) -> None:
        shown = state.items, state.selected
        if shown != self._shown:
            self._shown = shown
            self._fill(state)
        self._key = state.selected
        item = state.find_item(state.selected)
        is_picture = item is not None and item.kind not in {"text", "image"}
        for button in (self._raise, self._lower, self._remove):
            button.setEnabled(item is not None)
        self._mirror.setVisible(is_picture)
        self._mirror.setChecked(item is not None and item.is_mirrored)
        costs = {(key, name): cost for key, name, cost in state.costs_ms}
        for name, box in self._filters.items():
            box.setVisible(is_picture)
            box.setChecked(item is not None and name in item.filters)
            cost = costs.get((self._key, name))
            words = filter_name(name)
            box.setText(words if cost is None else self.tr("{0} ({1} ms)").format(words, cost))
        is_blurred = item is not None and "background_blur" in item.filters
        self._hint.setVisible(is_blurred or item is None)
        if is_blurred:
            words = self.tr("The middle of the picture and what moves there stay sharp.")
        elif state.items:
            words = self.tr("Choose a source here or in the picture to move or change it.")
        else:
            words = self.tr("No source yet: add a camera, a screen, a file or a text.")
        self._hint.setText(words)

    def retranslate(self) -> None:
        self._add.setText(self.tr("Add source"))
        self._add.setAccessibleName(self._add.text())
        self._list.setAccessibleName(self.tr("Sources, the topmost first"))
        self._mirror.setText(self.tr("Mirror"))
        for button, words in (
            (self._raise, self.tr("Nearer")),
            (self._lower, self.tr("Further back")),
            (self._remove, self.tr("Remove")),
        ):
            set_tooltip(button, words)
            button.setAccessibleName(words)
        for name, box in self._filters.items():
            box.setAccessibleName(filter_name(name))
        self._shown = ()

    def _fill(self, state: StudioState) -> None:
        self._list.blockSignals(True)  # Qt's
        self._list.clear()
        for item in reversed(state.items):
            name = one_line(item_name(item))
            if item.signal == "no_signal":
                name = self.tr("No signal: {0}").format(name)
            elif item.signal == MISSING:
                name = self.tr("Missing: {0}").format(name)
            entry = QListWidgetItem(icon(_ICONS[item.kind]), name)
            entry.setData(_KEY, item.key)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            checked = Qt.CheckState.Checked if item.is_visible else Qt.CheckState.Unchecked
            entry.setCheckState(checked)
            self._list.addItem(entry)
            if item.key == state.selected:
                self._list.setCurrentItem(entry)
        self._list.blockSignals(False)  # Qt's

    def _on_current(self, current: QListWidgetItem | None) -> None:
        if current is not None:
            self.selected.emit(str(current.data(_KEY)))

    def _on_item(self, entry: QListWidgetItem) -> None:
        is_visible = entry.checkState() == Qt.CheckState.Checked
        self.changed.emit(ItemChanged(str(entry.data(_KEY)), is_visible=is_visible))

    def _on_filter(self) -> None:
        chosen = tuple(name for name, box in self._filters.items() if box.isChecked())
        self.changed.emit(ItemChanged(self._key, filters=chosen))


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setFixedSize(36, 36)
    return button
