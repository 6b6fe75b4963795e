"""The settings, made from the list of preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from app.state import preferences
from app.ui.me.card import Card
from app.ui.me.device_combo import DeviceCombo
from app.ui.me.preference_texts import choice_text, name_of
from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


class SettingsCard(Card):
    """Emits each change at once: there is no button to forget."""

    changed = Signal(str, object)
    devices_wanted = Signal()
    """The list of devices is about to be seen; `show_outputs` brings it up to date."""

    def __init__(self, chosen: preferences.Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: dict[str, PlainLabel] = {}
        self.combos: dict[str, QComboBox] = {}
        self.checks: dict[str, QCheckBox] = {}
        self.devices: dict[str, DeviceCombo] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        for preference in (one for one in preferences.ALL if one.is_listed):
            value = chosen.get(preference)
            if preference.is_text:
                form.addRow(*self._make_device(preference, str(value)))
            elif preference.choices:
                form.addRow(*self._make_combo(preference, str(value)))
            else:
                form.addRow(self._make_check(preference, is_on=bool(value)))
        column = QVBoxLayout()
        column.addLayout(form)
        self.body.addLayout(column)
        self.retranslate()

    def retranslate(self) -> None:
        self.set_heading(self.tr("Settings"))
        for name, label in self._labels.items():
            label.setText(name_of(name))
        for name, combo in self.combos.items():
            combo.setAccessibleName(name_of(name))
            for index in range(combo.count()):
                combo.setItemText(index, choice_text(combo.itemData(index)))
        for name, devices in self.devices.items():
            devices.setAccessibleName(name_of(name))
            devices.retranslate()
        for name, check in self.checks.items():
            check.setText(name_of(name))

    def show_outputs(self, names: tuple[str, ...]) -> None:
        """What is plugged in now."""
        self.devices[preferences.SOUND_OUTPUT.name].show_names(names)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.devices_wanted.emit()

    def _make_combo(
        self, preference: preferences.Preference, value: str
    ) -> tuple[PlainLabel, QComboBox]:
        label, combo = PlainLabel(self), QComboBox(self)
        combo.setFixedWidth(240)
        label.setMinimumHeight(36)
        for choice in preference.choices:
            combo.addItem("", choice)
        combo.setCurrentIndex(preference.choices.index(value))
        label.setBuddy(combo)
        name = preference.name
        combo.activated.connect(lambda: self.changed.emit(name, combo.currentData()))
        self._labels[name] = label
        self.combos[name] = combo
        return label, combo

    def _make_device(
        self, preference: preferences.Preference, value: str
    ) -> tuple[PlainLabel, DeviceCombo]:
        label, combo = PlainLabel(self), DeviceCombo(value, self)
        label.setMinimumHeight(36)
        label.setBuddy(combo)
        name = preference.name
        combo.chosen.connect(lambda device: self.changed.emit(name, device))
        combo.opened.connect(self.devices_wanted)
        self._labels[name] = label
        self.devices[name] = combo
        return label, combo

    def _make_check(self, preference: preferences.Preference, *, is_on: bool) -> QCheckBox:
        check = QCheckBox(self)
        check.setChecked(is_on)
        name = preference.name
        check.clicked.connect(lambda: self.changed.emit(name, check.isChecked()))
        self.checks[name] = check
        return check
