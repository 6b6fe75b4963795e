"""The buttons of a room's keepers: rules, and the queue of held messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.state.keeping import ActsListed, Keeping, KeptRoom
from app.state.room_lead import RoomLead
from app.ui.keeping.keep_bar import KeepBar
from app.ui.keeping.person_menu import PersonMenu
from tests.unit.app.state.test_keeping import act
from tests.unit.app.state.test_room import ROOM, posted
from wire import chat_commands, event_base, order_commands
from wire.ids import ActId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def kept(
    *numbers: int, role: event_base.Role = "moderator", rules: event_base.ChatRules | None = None
) -> KeptRoom:
    held = tuple(posted(number) for number in numbers)
    lead = RoomLead(rules=rules or event_base.ChatRules())
    return KeptRoom(ROOM, role, lead, keeping=Keeping(held=held))


@pytest.fixture
def bar(qtbot: QtBot) -> KeepBar:
    bar = KeepBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def wanted(bar: KeepBar) -> list[object]:
    heard: list[object] = []
    bar.wanted.connect(heard.append)
    return heard


def decision(number: int, *, is_shown: bool) -> chat_commands.ReviewDanmaku:
    return chat_commands.ReviewDanmaku(
        id=0, room_id=ROOM, message_id=posted(number).message_id, is_shown=is_shown
    )


@pytest.mark.parametrize(
    ("role", "is_seen"),
    [("guest", False), ("viewer", False), ("moderator", True), ("streamer", True), ("admin", True)],
)
def test_bar_by_role(bar: KeepBar, role: event_base.Role, *, is_seen: bool) -> None:
    bar.render_kept(kept(role=role))
    assert bar.isVisible() is is_seen


def test_held_when_nothing_waits_and_nothing_is_held_then_no_button(bar: KeepBar) -> None:
    bar.render_kept(kept())
    assert bar.held.isHidden()
    bar.render_kept(kept(rules=event_base.ChatRules(is_held=True)))
    assert bar.held.text() == "0"
    bar.render_kept(kept(1, 2))
    assert bar.held.text() == "2"
    assert bar.held.accessibleName() == "Held messages: 2"
    assert bar.held.property("kind") == "primary"


def test_queue_when_worked_by_keys_then_each_is_asked_once_and_the_next_is_chosen(
    bar: KeepBar, wanted: list[object], qtbot: QtBot
) -> None:
    bar.render_kept(kept(1, 2, 3))
    bar.held.click()
    queue = bar.queue
    qtbot.keyClick(queue.list, Qt.Key.Key_Return)
    qtbot.keyClick(queue.list, Qt.Key.Key_Delete)
    assert wanted == [decision(1, is_shown=True), decision(2, is_shown=False)]
    qtbot.keyClick(queue.list, Qt.Key.Key_Up)
    qtbot.keyClick(queue.list, Qt.Key.Key_Return)
    assert len(wanted) == 2, "2 is on its way"
    bar.render_kept(kept(3))
    assert queue.list.count() == 1
    assert queue.show_button.isEnabled()


def test_queue_when_refused_then_may_be_decided_again(bar: KeepBar, wanted: list[object]) -> None:
    bar.render_kept(kept(1))
    bar.held.click()
    bar.queue.drop_button.click()
    assert not bar.queue.drop_button.isEnabled()
    bar.on_refused()
    bar.queue.drop_button.click()
    assert wanted == [decision(1, is_shown=False)] * 2


def test_queue_when_another_comes_then_the_choice_stays(bar: KeepBar) -> None:
    bar.render_kept(kept(1, 2))
    bar.held.click()
    bar.queue.list.setCurrentRow(1)
    bar.render_kept(kept(1, 2, 3))
    assert bar.queue.current_key == posted(2).message_id
    bar.render_kept(kept(1, 3))
    assert bar.queue.current_key == posted(3).message_id
    bar.render_kept(kept())
    assert bar.queue.current_key == ""
    assert "Nothing waits" in bar.queue.hint.text()


def test_rules_when_opened_then_say_what_is_on_now_and_save_all_of_it(
    bar: KeepBar, wanted: list[object]
) -> None:
    rules = event_base.ChatRules(slow_s=5, delay_s=3, is_held=True, is_muted=True, known_only=True)
    bar.render_kept(kept(rules=rules))
    bar.rules.click()
    panel = bar.panel
    assert panel.now.text() == (
        "Now: nobody may write · only people known here · held for review · one message in 5 s"
        " · shown 3 s later"
    )
    panel.hold.setChecked(False)
    panel.followers.setChecked(True)
    panel.save.click()
    assert panel.isHidden()
    assert wanted == [
        chat_commands.SetChatRules(
            id=0,
            room_id=ROOM,
            slow_s=5,
            delay_s=3,
            followers_only=True,
            known_only=True,
            is_muted=True,
        )
    ]


def test_acts_when_opened_then_asked_for_and_only_what_one_may_undo_can_be_undone(
    bar: KeepBar, wanted: list[object], qtbot: QtBot
) -> None:
    bar.render_kept(kept())
    bar.acts.click()
    assert wanted == [order_commands.ListActs(id=0, room_id=ROOM)]
    wanted.clear()
    listed = ActsListed((act(2, role="streamer"), act(1)))
    bar.render_kept(kept().apply(listed))
    record = bar.record
    assert not record.undo_button.isEnabled(), "the owner did it"
    qtbot.keyClick(record.list, Qt.Key.Key_Down)
    qtbot.keyClick(record.list, Qt.Key.Key_Return)
    assert wanted == [order_commands.UndoAct(id=0, act_id=ActId("a1"))]
    undone = event_base.UserInfo(user_id=posted(1).user_id, name="Ada")
    listed = ActsListed((act(1, undone_at_unix_ms=5, undone_by=undone),))
    bar.render_kept(kept().apply(listed))
    assert "undone by Ada" in record.list.item(0).text()
    assert not record.undo_button.isEnabled()


def test_queue_when_a_row_has_its_menu_then_its_writer_can_be_kept_in_order(
    bar: KeepBar, wanted: list[object]
) -> None:
    people = PersonMenu(bar)
    people.wanted.connect(wanted.append)
    people.render_kept(kept(1, 2))
    bar.queue.extend_menu = people.fill_order
    assert bar.queue.make_menu() is None
    bar.render_kept(kept(1, 2))
    bar.queue.list.setCurrentRow(1)
    menu = bar.queue.make_menu()
    assert menu is not None
    entries = {action.text(): action for action in menu.actions()}
    assert "Pin" not in entries, "not all have seen it"
    assert {"Mute", "Ban"} <= set(entries)
    entries["Delete all that they wrote"].trigger()
    user_id = posted(2).user_id
    assert wanted == [order_commands.DeleteDanmakuOf(id=0, room_id=ROOM, user_id=user_id)]


def test_popups_when_there_is_nothing_then_only_words_and_the_keyboard_still_closes(
    bar: KeepBar, qtbot: QtBot
) -> None:
    bar.render_kept(kept())
    queue = bar.queue
    queue.pop_up_below(bar)
    assert queue.list.isHidden()
    assert not queue.show_button.isVisible()
    assert queue.height() < 160
    bar.render_kept(kept(1))
    assert queue.list.isVisible()
    assert queue.show_button.isVisible()
    assert queue.current_key == posted(1).message_id
    bar.render_kept(kept())
    assert not queue.list.isVisible()
    qtbot.keyClick(queue, Qt.Key.Key_Escape)
    assert queue.isHidden()
