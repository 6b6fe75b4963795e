"""The settings, made from the list of preferences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from app.state import preferences
from app.ui.me.card import Card
from app.ui.me.preference_texts import choice_text, name_of
from app.ui.plain_text import PlainLabel


class SettingsCard(Card):
    """Emits each change at once: there is no button to forget."""

    changed = Signal(str, object)

    def __init__(self, chosen: preferences.Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: dict[str, PlainLabel] = {}
        self.combos: dict[str, QComboBox] = {}
        self.checks: dict[str, QCheckBox] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        for preference in preferences.ALL:
            value = chosen.get(preference)
            if preference.choices:
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
        for name, check in self.checks.items():
            check.setText(name_of(name))

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

    def _make_check(self, preference: preferences.Preference, *, is_on: bool) -> QCheckBox:
        check = QCheckBox(self)
        check.setChecked(is_on)
        name = preference.name
        check.clicked.connect(lambda: self.changed.emit(name, check.isChecked()))
        self.checks[name] = check
        return check
