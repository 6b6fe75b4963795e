"""Emotes to choose from: those of every room, then the room's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.danmaku.emotes import NAMES
from app.ui.keeping.place import place_popup
from app.ui.plain_text import set_tooltip
from app.ui.room_emotes import RoomEmotes

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

COLUMNS: Final = 7
SIDE: Final = 24
BUTTON: Final = 36


class EmotePicker(QFrame):
    """Pops up above its button; `chosen` carries a name."""

    chosen = Signal(str)
    manage_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._emotes = RoomEmotes(self)
        self.buttons: list[QToolButton] = []
        self.manage = QPushButton()
        self.manage.hide()
        self.manage.clicked.connect(self._on_manage)
        self._grid = QGridLayout()
        self._grid.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(self._grid)
        column.addWidget(self.manage)
        self.retranslate()
        self.hide()

    def use_emotes(self, emotes: RoomEmotes) -> None:
        self._emotes = emotes
        emotes.changed.connect(self._on_changed)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Emotes"))
        self.manage.setText(self.tr("Emotes of this room…"))
        self.manage.setAccessibleName(self.manage.text())

    def pop_up_above(self, anchor: QWidget) -> None:
        self._emotes.ask_for_all()
        self._fill()
        place_popup(self, anchor, QPoint(anchor.width() - self.width(), -self.height() - 8))
        self.show()
        self.buttons[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        rows = {Qt.Key.Key_Down: COLUMNS, Qt.Key.Key_Up: -COLUMNS}
        step = steps.get(Qt.Key(event.key())) or rows.get(Qt.Key(event.key()))
        at = next((i for i, one in enumerate(self.buttons) if one.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
        elif 0 <= at + step < len(self.buttons):
            self.buttons[at + step].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        ratio = self.devicePixelRatioF()
        names = [name for name in (*NAMES, *self._emotes.own) if self._emotes.has(name)]
        self.buttons = []
        for number, name in enumerate(names):
            button = QToolButton(self)
            button.setIcon(QIcon(self._emotes.pixmap(name, SIDE, ratio)))
            button.setIconSize(QSize(SIDE, SIDE))
            button.setFixedSize(BUTTON, BUTTON)
            button.setAccessibleName(f":{name}:")
            set_tooltip(button, f":{name}:")
            button.clicked.connect(lambda _checked=False, name=name: self._on_chosen(name))
            self._grid.addWidget(button, number // COLUMNS, number % COLUMNS)
            button.show()
            self.buttons.append(button)
        self.adjustSize()

    def _on_changed(self) -> None:
        if not self.isVisible():
            return
        at = next((i for i, one in enumerate(self.buttons) if one.hasFocus()), 0)
        bottom = self.geometry().bottom()
        self._fill()
        self.move(self.x(), max(8, bottom - self.height() + 1))
        self.buttons[min(at, len(self.buttons) - 1)].setFocus()

    def _on_manage(self) -> None:
        self.hide()
        self.manage_wanted.emit()

    def _on_chosen(self, name: str) -> None:
        self.hide()
        self.chosen.emit(name)
