"""One's own room is kept in order beside the preview: rules, queue, cards, menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from app.state.studio import StudioState
from app.state.studio_events import ChatHeard, RoomEntered
from app.ui.studio.studio_chat import StudioChat
from tests.unit.app.state.test_keeping import deleted, entered, held
from tests.unit.app.state.test_room import ROOM, posted
from wire import chat_commands, chat_events, order_commands
from wire.ids import RoomId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

OTHER = RoomId("r2")


@pytest.fixture
def chat(qtbot: QtBot) -> StudioChat:
    chat = StudioChat()
    qtbot.addWidget(chat)
    chat.resize(312, 640)
    chat.show()
    return chat


def live(**fields: object) -> StudioState:
    return StudioState().apply(RoomEntered(entered(**fields))).apply(ChatHeard(posted(1)))


def test_chat_when_no_room_is_entered_then_nothing_can_be_kept(chat: StudioChat) -> None:
    chat.render_state(StudioState())
    assert chat.keep.isHidden()
    chat.render_state(live())
    assert not chat.keep.isHidden()
    assert chat.keep.held.isHidden()


def test_chat_when_another_room_is_entered_then_it_begins_anew(chat: StudioChat) -> None:
    state = live(messages=(posted(7),))
    chat.render_state(state)
    chat.list.flush()
    assert chat.list.model.rowCount() == 2
    chat.list.reply_wanted.emit(posted(1).message_id, "bob")
    answer = entered(messages=(posted(3, room_id=OTHER),))
    other = msgspec.structs.replace(answer.room, room_id=OTHER)
    chat.render_state(state.apply(RoomEntered(msgspec.structs.replace(answer, room=other))))
    chat.list.flush()
    assert chat.list.model.rowCount() == 1
    assert not chat.reply_to


def test_chat_when_the_owner_acts_then_each_wish_goes_to_the_relay(chat: StudioChat) -> None:
    wanted: list[object] = []
    chat.wanted.connect(wanted.append)
    said = chat_events.Announcement(text="Friday", name="Ada", at_unix_ms=1)
    chat.render_state(live(announcement=said).apply(held(2)))
    chat.keep.queue.drop_button.click()
    chat.above.announcement.down_button.click()
    chat.list.flush()
    menu = chat.list.make_menu(chat.list.model.row(0))
    entries = {action.text(): action for action in menu.actions()}
    entries["Delete the message"].trigger()
    assert wanted == [
        chat_commands.ReviewDanmaku(
            id=0, room_id=ROOM, message_id=posted(2).message_id, is_shown=False
        ),
        chat_commands.Announce(id=0, room_id=ROOM, text=""),
        order_commands.DeleteDanmaku(id=0, room_id=ROOM, message_id=posted(1).message_id),
    ]


def test_chat_when_a_message_is_deleted_then_it_leaves_the_list(chat: StudioChat) -> None:
    state = live().apply(ChatHeard(msgspec.structs.replace(posted(2), text="rude")))
    chat.render_state(state)
    chat.list.flush()
    chat.render_state(state.apply(deleted(2)))
    assert chat.list.model.rowCount() == 1
