"""The choice of a sound device: what is there, what is not, and what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.state.preferences import Preferences
from app.ui.me.device_combo import DeviceCombo
from app.ui.me.settings_card import SettingsCard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def texts(combo: DeviceCombo) -> list[str]:
    return [combo.itemText(index) for index in range(combo.count())]


@pytest.fixture
def combo(qtbot: QtBot) -> DeviceCombo:
    made = DeviceCombo("Headset")
    qtbot.addWidget(made)
    return made


def test_list_when_nobody_has_looked_then_the_chosen_device_is_not_called_missing(
    combo: DeviceCombo,
) -> None:
    assert texts(combo) == ["System default", "Headset"]
    assert combo.currentText() == "Headset"


def test_list_when_devices_come_and_go_then_the_chosen_one_stays(combo: DeviceCombo) -> None:
    combo.show_names(("Loudspeaker", "Headset"))
    assert texts(combo) == ["System default", "Loudspeaker", "Headset"]
    combo.show_names(("Loudspeaker",))
    assert texts(combo) == ["System default", "Loudspeaker", "Headset (not there)"]
    assert combo.currentText() == "Headset (not there)"


def test_choice_when_made_by_key_then_told_by_name(combo: DeviceCombo, qtbot: QtBot) -> None:
    combo.show_names(("Loudspeaker", "Headset"))
    combo.show()
    with qtbot.waitSignal(combo.chosen) as chosen:
        qtbot.keyClick(combo, Qt.Key.Key_Up)
    assert chosen.args == ["Loudspeaker"]
    with qtbot.waitSignal(combo.chosen) as chosen:
        qtbot.keyClick(combo, Qt.Key.Key_Home)
    assert chosen.args == [""]


def test_list_when_opened_then_asked_for_anew(combo: DeviceCombo, qtbot: QtBot) -> None:
    combo.show()
    with qtbot.waitSignal(combo.opened):
        combo.showPopup()
    combo.hidePopup()


def test_settings_when_shown_then_devices_are_asked_for_and_a_choice_is_told(
    qtbot: QtBot,
) -> None:
    card = SettingsCard(Preferences().put("sound_output", "Headset"))
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.devices_wanted):
        card.show()
    card.show_outputs(("Headset",))
    combo = card.devices["sound_output"]
    assert combo.accessibleName() == "Sound output"
    with qtbot.waitSignal(card.changed) as changed:
        qtbot.keyClick(combo, Qt.Key.Key_Up)
    assert changed.args == ["sound_output", ""]
