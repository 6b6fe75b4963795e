"""What keepers see: the queue of held messages, and what was deleted."""

from __future__ import annotations

import msgspec

from app.state.keeping import Keeping, KeptRoom
from app.state.room import Joined, RoomState
from app.state.studio import ChatHeard, RoomEntered, StudioState
from tests.unit.app.state.test_room import LIVE, ROOM, info, posted
from wire import events


def entered(role: events.Role = "streamer", **fields: object) -> events.RoomJoined:
    answer = events.RoomJoined(room=info(LIVE), role=role)
    return msgspec.structs.replace(answer, **fields)


def held(number: int) -> events.DanmakuHeld:
    return events.DanmakuHeld(room_id=ROOM, message=posted(number))


def ids(messages: tuple[events.DanmakuPosted, ...]) -> list[str]:
    return [message.message_id for message in messages]


def test_held_when_it_comes_twice_then_waits_once_and_goes_when_decided() -> None:
    keeping = Keeping().apply(held(1)).apply(held(1)).apply(held(2))
    assert ids(keeping.held) == [posted(1).message_id, posted(2).message_id]
    decided = events.DanmakuReviewed(room_id=ROOM, message_id=posted(1).message_id, is_shown=False)
    assert ids(keeping.apply(decided).held) == [posted(2).message_id]


def test_join_when_messages_are_missing_within_the_answer_then_they_are_gone() -> None:
    shown = tuple(posted(number) for number in (1, 2, 3, 4, 5))
    answer = entered(messages=(posted(2), posted(4)), held=(posted(9),))
    keeping = Keeping().join(answer, shown)
    assert keeping.gone == (posted(3).message_id,), "1 is older than the answer, 5 newer"
    assert ids(keeping.held) == [posted(9).message_id]


def test_room_when_joined_again_then_what_was_deleted_meanwhile_leaves() -> None:
    state = RoomState(room_id=ROOM, phase="joining")
    state = state.apply(Joined(entered(messages=(posted(1), posted(2), posted(3)))))
    state = state.apply(Joined(entered(messages=(posted(1), posted(3)))))
    assert ids(state.messages) == ids((posted(1), posted(3)))


def test_kept_room_when_a_guest_looks_then_keeps_nothing() -> None:
    assert KeptRoom().keeps_room_id is None
    for role, keeps in (("guest", False), ("viewer", False), ("moderator", True)):
        state = RoomState(room_id=ROOM, phase="joining").apply(Joined(entered(role)))
        assert (state.kept.keeps_room_id == ROOM) is keeps


def test_studio_when_it_enters_its_room_then_keeps_it() -> None:
    rules = events.ChatRules(slow_s=5)
    state = StudioState().apply(RoomEntered(entered(chat_rules=rules)))
    state = state.apply(ChatHeard(posted(1))).apply(held(2))
    assert state.kept.keeps_room_id == ROOM
    assert state.kept.lead.rules == rules
    assert ids(state.kept.keeping.held) == [posted(2).message_id]
    state = state.apply(events.MessagePinned(room_id=ROOM, message=posted(1)))
    assert state.kept.lead.pinned == posted(1)
    assert ids(state.chat) == [posted(1).message_id]
