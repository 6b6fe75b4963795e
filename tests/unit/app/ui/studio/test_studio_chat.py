"""One's own room is kept in order beside the preview: rules, queue, cards, menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.errors import LivehouseError
from app.state.studio import StudioState
from app.state.studio_events import ChatHeard, RoomEntered
from app.ui.studio.room_desk import RoomDesk
from app.ui.studio.room_panel import RoomPanel
from app.ui.studio.studio_chat import StudioChat
from app.ui.studio.studio_head import StudioHead
from app.ui.studio.thanks_panel import ThanksPanel
from tests.unit.app.state.test_keeping import deleted, entered, held
from tests.unit.app.state.test_room import ROOM, posted
from wire import chat_commands, chat_events, order_commands
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Callable

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


class FakeDesk:
    """Answered by the test, or never."""

    def __init__(self) -> None:
        self.session: object | None = object()
        self.asked: list[tuple[Callable[[object], object], Callable[[LivehouseError], None]]] = []

    def run(
        self,
        _work: object,
        on_done: Callable[[object], object],
        on_error: Callable[[LivehouseError], None],
    ) -> None:
        self.asked.append((on_done, on_error))


@pytest.fixture
def desk(chat: StudioChat, qtbot: QtBot) -> FakeDesk:
    desk, page = FakeDesk(), QWidget()
    qtbot.addWidget(page)
    head, room, thanks = StudioHead(page), RoomPanel(page), ThanksPanel()
    thanks.setParent(page)
    RoomDesk(page, desk, head=head, room=room, chat=chat, thanks=thanks)
    return desk


def test_chat_when_enter_is_pressed_twice_before_the_answer_then_it_is_said_once(
    chat: StudioChat, desk: FakeDesk, qtbot: QtBot
) -> None:
    chat._input.setText("hello")
    for _ in range(3):
        qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    ((on_done, _),) = desk.asked
    on_done(None)
    assert chat._input.text() == ""


def test_chat_when_more_was_typed_before_the_answer_then_that_stays(
    chat: StudioChat, desk: FakeDesk, qtbot: QtBot
) -> None:
    chat._input.setText("hello")
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    chat._input.setText("hello, and welcome")
    desk.asked[0][0](None)
    assert chat._input.text() == "hello, and welcome"
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    assert len(desk.asked) == 2


def test_chat_when_what_was_said_is_refused_then_it_stays_and_can_be_said_again(
    chat: StudioChat, desk: FakeDesk, qtbot: QtBot
) -> None:
    chat._input.setText("hello")
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    desk.asked[0][1](LivehouseError("no"))
    assert chat._input.text() == "hello"
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    assert len(desk.asked) == 2


def test_chat_when_there_is_no_session_yet_then_the_words_wait_in_the_box(
    chat: StudioChat, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.session = None
    chat._input.setText("hello")
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    desk.session = object()
    qtbot.keyClick(chat._input, Qt.Key.Key_Return)
    assert len(desk.asked) == 1
    assert chat._input.text() == "hello"
