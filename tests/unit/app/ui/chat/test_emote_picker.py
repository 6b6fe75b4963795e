"""Emotes in the chat panel: chosen with the mouse or keys, drawn in the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.danmaku.emotes import NAMES
from app.ui.room.chat_panel import ChatPanel
from app.ui.room_emotes import RoomEmotes
from tests.emote_pictures import make_png
from tests.unit.app.state.test_room import joined
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from wire import event_base

RED = make_png(8, 8)
WAVE = EmoteInfo(name="wave", emote_id=make_emote_id(RED))


@pytest.fixture
def emotes(qtbot: QtBot) -> RoomEmotes:  # there must be an application
    return RoomEmotes()


@pytest.fixture
def panel(qtbot: QtBot, emotes: RoomEmotes) -> ChatPanel:
    panel = ChatPanel()
    qtbot.addWidget(panel)
    panel.use_emotes(emotes)
    panel.resize(296, 500)
    panel.render_state(joined())
    panel.show()
    return panel


def names_in(panel: ChatPanel) -> list[str]:
    return [button.accessibleName() for button in panel.picker.buttons]


def test_picker_when_opened_then_those_of_all_rooms_and_the_rooms_own_as_they_come(
    qtbot: QtBot, panel: ChatPanel, emotes: RoomEmotes
) -> None:
    asked: list[str] = []
    emotes.wanted.connect(asked.append)
    emotes.set_list([WAVE])
    qtbot.mouseClick(panel.emote_button, Qt.MouseButton.LeftButton)
    assert names_in(panel) == [f":{name}:" for name in NAMES]
    assert asked == [WAVE.emote_id]
    emotes.put(WAVE.emote_id, RED)
    assert names_in(panel)[-1] == ":wave:"


def test_picker_when_one_is_clicked_then_written_where_the_cursor_stands(
    qtbot: QtBot, panel: ChatPanel, emotes: RoomEmotes
) -> None:
    emotes.set_list([WAVE])
    emotes.put(WAVE.emote_id, RED)
    panel.input.setText("hi there")
    panel.input.setCursorPosition(3)
    qtbot.mouseClick(panel.emote_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.picker.buttons[-1], Qt.MouseButton.LeftButton)
    assert panel.input.text() == "hi :wave: there"
    assert not panel.picker.isVisible()


def test_picker_when_keys_are_used_then_they_move_and_choose(
    qtbot: QtBot, panel: ChatPanel
) -> None:
    qtbot.mouseClick(panel.emote_button, Qt.MouseButton.LeftButton)
    buttons = panel.picker.buttons
    buttons[0].setFocus()
    if not buttons[0].hasFocus():
        pytest.skip("this display gives popups no focus")
    qtbot.keyClick(buttons[0], Qt.Key.Key_Down)
    qtbot.keyClick(buttons[7], Qt.Key.Key_Left)
    qtbot.keyClick(buttons[6], Qt.Key.Key_Space)
    assert panel.input.text() == f":{NAMES[6]}: "


@pytest.mark.parametrize(("role", "is_seen"), [("viewer", False), ("moderator", True)])
def test_picker_when_a_keeper_opens_it_then_it_leads_to_the_rooms_own(
    qtbot: QtBot, panel: ChatPanel, role: event_base.Role, *, is_seen: bool
) -> None:
    panel.render_state(replace(joined(), role=role))
    qtbot.mouseClick(panel.emote_button, Qt.MouseButton.LeftButton)
    assert panel.picker.manage.isVisible() is is_seen
    if is_seen:
        with qtbot.waitSignal(panel.picker.manage_wanted):
            qtbot.mouseClick(panel.picker.manage, Qt.MouseButton.LeftButton)
        assert not panel.picker.isVisible()
