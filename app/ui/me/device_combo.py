"""A choice among devices that come and go."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from app.ui.me.preference_texts import device_text
from app.ui.plain_text import set_tooltip

WIDTH: Final = 360
PADDING: Final = 16


class DeviceCombo(QComboBox):
    """The system's default first. A chosen device that is not there stays in the list."""

    chosen = Signal(str)
    opened = Signal()

    def __init__(self, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._names: tuple[str, ...] | None = None
        """None until somebody has looked."""
        self.setFixedWidth(WIDTH)
        self.activated.connect(self._on_activated)
        self.retranslate()

    def show_names(self, names: tuple[str, ...]) -> None:
        """What is there now."""
        if names != self._names:
            self._names = names
            self.retranslate()

    def showPopup(self) -> None:
        self.opened.emit()
        super().showPopup()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """A long name ends in dots; the tool tip has it whole."""
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - PADDING
        )

    def retranslate(self) -> None:
        names = ["", *(self._names or ())]
        if self._device not in names:
            names.append(self._device)
        self.clear()
        for name in names:
            is_there = self._names is None or name in self._names
            self.addItem(device_text(name, is_there=is_there), name)
        self.setCurrentIndex(names.index(self._device))
        set_tooltip(self, self.currentText())

    def _on_activated(self, index: int) -> None:
        self._device = str(self.itemData(index))
        set_tooltip(self, self.currentText())
        self.chosen.emit(self._device)
