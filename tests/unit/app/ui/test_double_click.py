"""A second press within a double click: no second red packet, no broadcast that ends unasked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from app.state.studio import StudioState
from app.ui.double_click import ignore_double_click
from app.ui.room.red_packet_form import RedPacketForm
from tests.unit.app.state.gift_parts import entered

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop


def double_click(qtbot: QtBot, button: QAbstractButton) -> None:
    """As Qt hands it to a widget."""
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    end_double_click(button)


def end_double_click(button: QAbstractButton) -> None:
    """The second half: the first press may have been another button's."""
    at = QPointF(button.rect().center())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in (
        (QEvent.Type.MouseButtonDblClick, left),
        (QEvent.Type.MouseButtonRelease, none),
    ):
        place = QPointF(button.mapToGlobal(at))
        event = QMouseEvent(kind, at, place, left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(button, event)


@pytest.mark.parametrize(("is_ignored", "count"), [(False, 2), (True, 1)])
def test_button_when_double_clicked_then_presses_once_where_that_is_wanted(
    qtbot: QtBot, is_ignored: bool, count: int
) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    if is_ignored:
        ignore_double_click(button)
    pressed: list[None] = []
    button.clicked.connect(lambda: pressed.append(None))
    double_click(qtbot, button)
    assert len(pressed) == count
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == count + 1


def test_red_packet_when_its_button_is_double_clicked_then_one_is_sent(qtbot: QtBot) -> None:
    form = RedPacketForm()
    qtbot.addWidget(form)
    form.render_state(entered())
    form.coins.setValue(10)
    sent: list[int] = []
    form.wanted.connect(lambda coins, _shares: sent.append(coins))
    double_click(qtbot, form.send)
    assert sent == [10]


def test_studio_when_end_is_double_clicked_then_it_asks_before_it_ends(
    desktop: Desktop, qtbot: QtBot
) -> None:
    studio = desktop.studio
    double_click(qtbot, studio.end_button)
    assert studio._is_confirming, "the question stands, and is not answered by the same hand"


def test_studio_when_go_live_is_double_clicked_then_the_button_that_comes_is_not_pressed(
    desktop: Desktop,
) -> None:
    studio = desktop.studio
    end_double_click(studio.end_button)
    assert not studio._is_confirming
    end_double_click(studio.live_button)
    assert not studio.live_button.isDown()


def test_studio_when_a_broadcast_has_ended_then_go_live_rests_before_it_can_be_pressed(
    still_desktop: Desktop, qtbot: QtBot
) -> None:
    """It stands where End was, which may be pressed once more than was needed."""
    studio = still_desktop.studio
    studio._render(StudioState())
    assert studio.live_button.isEnabled()
    studio._render(replace(StudioState(), phase="live"))
    studio._render(StudioState())
    assert not studio.live_button.isHidden()
    assert not studio.live_button.isEnabled()
    qtbot.waitUntil(studio.live_button.isEnabled, timeout=30_000)
