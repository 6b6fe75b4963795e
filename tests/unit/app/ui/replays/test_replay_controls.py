"""The controls under a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.ui.replays.replay_controls import SPEEDS, ReplayControls

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_speed_when_chosen_again_and_again_then_one_is_marked_and_nothing_is_left_behind(
    qtbot: QtBot,
) -> None:
    controls = ReplayControls()
    qtbot.addWidget(controls)
    chosen: list[float] = []
    controls.speed_chosen.connect(chosen.append)
    menu = controls.speed.menu()
    assert isinstance(menu, QMenu)
    for number in range(len(SPEEDS)):
        menu.actions()[number].trigger()
        marked = [action.text() for action in menu.actions() if action.isChecked()]
        assert controls.speed.text() == f"{marked[0]} ▾"
        assert len(marked) == 1
    controls.step_speed(1)
    assert chosen == [*reversed(SPEEDS), SPEEDS[1]]
    assert [action.isChecked() for action in menu.actions()].index(True) == len(SPEEDS) - 2
    assert len(menu.actions()) == len(SPEEDS)
    assert len(menu.findChildren(QActionGroup)) == 1
