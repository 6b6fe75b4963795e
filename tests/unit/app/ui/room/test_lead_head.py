"""Follow, chat rules, and what stands above the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.state.room import Joined, RoomState
from app.state.room_lead import Followed
from app.ui.chat.above import AboveChat
from app.ui.room.lead_head import LeadHead
from tests.unit.app.state.test_room import LIVE, ROOM, info, posted
from wire import (
    account_commands,
    chat_commands,
    chat_events,
    event_base,
    room_events,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def joined(role: event_base.Role, **fields: object) -> RoomState:
    answer = room_events.RoomJoined(room=info(LIVE), role=role)
    state = RoomState(room_id=ROOM, phase="joining")
    return state.apply(Joined(msgspec.structs.replace(answer, **fields)))


@pytest.fixture
def head(qtbot: QtBot) -> LeadHead:
    head = LeadHead()
    qtbot.addWidget(head)
    head.show()
    return head


@pytest.mark.parametrize(
    ("role", "follows", "leads"),
    [
        ("guest", False, False),
        ("viewer", True, False),
        ("moderator", True, True),
        ("admin", True, True),
        ("streamer", False, True),
    ],
)
def test_buttons_by_role(
    head: LeadHead, role: event_base.Role, *, follows: bool, leads: bool
) -> None:
    head.render_state(joined(role))
    assert (head.follow.isVisible(), head.keep.rules.isVisible()) == (follows, leads)


def test_follow_when_clicked_then_asked_and_shown_once_taken(head: LeadHead, qtbot: QtBot) -> None:
    wanted: list[object] = []
    head.wanted.connect(wanted.append)
    state = joined("viewer", followers=3)
    head.render_state(state)
    qtbot.mouseClick(head.follow, Qt.MouseButton.LeftButton)
    owner_id = info(LIVE).owner.user_id
    assert wanted == [account_commands.FollowUser(id=0, user_id=owner_id, is_following=True)]
    assert not head.follow.isChecked()
    state = state.apply(Followed(is_following=True))
    head.render_state(state)
    assert head.follow.isChecked()
    assert state.lead.followers == 4


def test_rules_when_saved_then_only_what_changed_is_announced(head: LeadHead) -> None:
    wanted: list[object] = []
    head.wanted.connect(wanted.append)
    rules = event_base.ChatRules(slow_s=5, is_held=True)
    head.render_state(joined("streamer", chat_rules=rules))
    head.keep.rules.click()
    head.keep.panel.emoji.setChecked(True)
    head.keep.panel.save.click()
    assert wanted == [
        chat_commands.SetChatRules(id=0, room_id=ROOM, slow_s=5, emoji_only=True, is_held=True)
    ]


def test_above_when_dismissed_then_hidden_until_another_comes(qtbot: QtBot) -> None:
    above = AboveChat()
    qtbot.addWidget(above)
    above.show()
    lead = joined("viewer", pinned=posted(1)).lead
    above.render_lead(lead)
    assert "text 1" in above.pinned.words.text()
    qtbot.mouseClick(above.pinned.close_button, Qt.MouseButton.LeftButton)
    above.render_lead(lead)
    assert above.pinned.isHidden()
    above.render_lead(lead.apply(chat_events.MessagePinned(room_id=ROOM, message=posted(2))))
    assert not above.pinned.isHidden()


def test_above_when_a_keeper_takes_it_down_then_asked_of_the_relay(qtbot: QtBot) -> None:
    above = AboveChat()
    qtbot.addWidget(above)
    above.show()
    wanted: list[object] = []
    above.wanted.connect(wanted.append)
    said = chat_events.Announcement(text="Friday", name="Ada", at_unix_ms=1)
    lead = joined("moderator", pinned=posted(1), announcement=said).lead
    above.render_lead(lead)
    assert above.pinned.down_button.isHidden()
    above.render_lead(lead, ROOM)
    qtbot.mouseClick(above.pinned.down_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(above.announcement.down_button, Qt.MouseButton.LeftButton)
    assert wanted == [
        chat_commands.PinMessage(id=0, room_id=ROOM, message_id=None),
        chat_commands.Announce(id=0, room_id=ROOM, text=""),
    ]
