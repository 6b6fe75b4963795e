"""The relay's settings, each with the control that fits it. A change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.admin.setting_words import choice_words, setting_name, setting_note, unit_words
from app.ui.me.card import Card
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel, join_sentences, one_line

if TYPE_CHECKING:
    from wire.admin_events import RelaySetting

CONTROL_WIDTH: Final = 208


class SettingsCard(Card):
    """`changed` has name and value, as the wire writes them."""

    changed = Signal(str, str)
    added = Signal()
    """A setting that was not there before has its control now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: tuple[RelaySetting, ...] = ()
        self.controls: dict[str, QWidget] = {}
        self._labels: dict[str, tuple[PlainLabel, PlainLabel]] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)

    def show_settings(self, settings: tuple[RelaySetting, ...]) -> None:
        self._settings = settings
        count = len(self.controls)
        for number, setting in enumerate(settings):
            if setting.name not in self.controls:
                self._add(number, setting)
            self._show(setting)
        if len(self.controls) != count:
            self.added.emit()

    def retranslate(self) -> None:
        self.set_heading(self.tr("Settings of the relay"))
        self.show_settings(self._settings)

    def _add(self, number: int, setting: RelaySetting) -> None:
        name, note = PlainLabel(self), PlainLabel(self)
        note.setObjectName("soft")
        name.setWordWrap(True)
        note.setWordWrap(True)
        control = self._make(setting)
        control.setFixedWidth(CONTROL_WIDTH)
        self._labels[setting.name] = (name, note)
        self.controls[setting.name] = control
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(note)
        self._grid.addLayout(words, number, 0)
        self._grid.addWidget(control, number, 1)

    def _make(self, setting: RelaySetting) -> QWidget:
        name = setting.name
        if setting.kind == "switch":
            box = QCheckBox(self)
            box.toggled.connect(lambda is_on: self._on_changed(name, "on" if is_on else "off"))
            return box
        if setting.kind == "choice":
            combo = QComboBox(self)
            for choice in setting.choices:
                combo.addItem("", choice)
            combo.activated.connect(lambda: self._on_changed(name, str(combo.currentData())))
            return combo
        if setting.kind == "number":
            number = NumberBox(self)
            number.setRange(setting.low, setting.high)
            number.editingFinished.connect(lambda: self._on_changed(name, str(number.value())))
            return number
        line = QLineEdit(self)
        line.setMaxLength(setting.high)
        line.editingFinished.connect(lambda: self._on_changed(name, line.text().strip()))
        return line

    def _show(self, setting: RelaySetting) -> None:
        name, note = self._labels[setting.name]
        title = setting_name(setting)
        name.setText(title)
        parts = [setting_note(setting)]
        if setting.changed_at_unix_ms and setting.value != setting.default:
            at = QDateTime.fromMSecsSinceEpoch(setting.changed_at_unix_ms).toString("yyyy-MM-dd")
            changed = self.tr("Changed by %1 on %2.")
            parts.append(changed.replace("%2", at).replace("%1", one_line(setting.changed_by, 40)))
        words = join_sentences(*parts)
        note.setText(words)
        note.setVisible(bool(words))
        control = self.controls[setting.name]
        control.setAccessibleName(title)
        control.blockSignals(True)
        self._put(control, setting)
        control.blockSignals(False)

    def _put(self, control: QWidget, setting: RelaySetting) -> None:
        if isinstance(control, QCheckBox):
            control.setChecked(setting.value == "on")
            control.setText(choice_words(setting.value))
        elif isinstance(control, QComboBox):
            for index in range(control.count()):
                control.setItemText(index, choice_words(str(control.itemData(index))))
            control.setCurrentIndex(control.findData(setting.value))
        elif isinstance(control, NumberBox):
            control.setSuffix(unit_words(setting.unit))
            if not control.hasFocus():
                control.setValue(int(setting.value))
        elif isinstance(control, QLineEdit) and not control.hasFocus():
            control.setText(setting.value)

    def _on_changed(self, name: str, value: str) -> None:
        before = next((one.value for one in self._settings if one.name == name), None)
        if before is not None and value != before:
            self.changed.emit(name, value)
