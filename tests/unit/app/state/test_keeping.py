"""What keepers see: the queue of held messages, and what was deleted."""

from __future__ import annotations

import msgspec
import pytest

from app.state.keeping import (
    ActsListed,
    Keeping,
    KeptRoom,
    OwnSanction,
    OwnSanctionsRead,
    Target,
    read_own_sanction,
)
from app.state.room import Joined, RoomState, SendEnded
from app.state.studio import StudioState
from app.state.studio_events import ChatHeard, RoomEntered
from tests.unit.app.state.test_room import LIVE, ROOM, info, posted
from wire import chat_events, event_base, order_events, room_events
from wire.errors import ErrorCode
from wire.ids import ActId, RoomId, SanctionId
from wire.permissions import Action
from wire.words_events import HeldReason


def entered(role: event_base.Role = "streamer", **fields: object) -> room_events.RoomJoined:
    answer = room_events.RoomJoined(room=info(LIVE), role=role)
    return msgspec.structs.replace(answer, **fields)


def held(number: int) -> chat_events.DanmakuHeld:
    return chat_events.DanmakuHeld(room_id=ROOM, message=posted(number))


def ids(messages: tuple[event_base.DanmakuPosted, ...]) -> list[str]:
    return [message.message_id for message in messages]


def test_held_when_it_comes_twice_then_waits_once_and_goes_when_decided() -> None:
    keeping = Keeping().apply(held(1)).apply(held(1)).apply(held(2))
    assert ids(keeping.held) == [posted(1).message_id, posted(2).message_id]
    decided = chat_events.DanmakuReviewed(
        room_id=ROOM, message_id=posted(1).message_id, is_shown=False
    )
    assert ids(keeping.apply(decided).held) == [posted(2).message_id]


def test_held_when_the_relay_says_why_then_known_until_it_is_decided() -> None:
    why = HeldReason(rule="word", words="rude")
    keeping = Keeping().join(entered(held=(posted(1),), held_reasons=(why,)), ())
    event = msgspec.structs.replace(held(2), reason=HeldReason(rule="caps"))
    keeping = keeping.apply(event).apply(held(3))
    assert keeping.find_reason(posted(1).message_id) == why
    assert keeping.find_reason(posted(2).message_id) == HeldReason(rule="caps")
    assert keeping.find_reason(posted(3).message_id) is None
    decided = chat_events.DanmakuReviewed(
        room_id=ROOM, message_id=posted(1).message_id, is_shown=True
    )
    assert keeping.apply(decided).find_reason(posted(1).message_id) is None


def test_join_when_messages_are_missing_within_the_answer_then_they_are_gone() -> None:
    shown = tuple(posted(number) for number in (1, 2, 3, 4, 5))
    answer = entered(messages=(posted(2), posted(4)), held=(posted(9),))
    keeping = Keeping().join(answer, shown)
    assert keeping.gone == (posted(3).message_id,), "1 is older than the answer, 5 newer"
    assert ids(keeping.held) == [posted(9).message_id]


def test_join_when_a_held_message_was_shown_late_then_older_ones_are_not_gone() -> None:
    shown = tuple(posted(number) for number in (2, 3, 4, 5, 6, 7, 1))
    answer = entered(messages=(posted(5), posted(7), posted(1)))
    assert Keeping().join(answer, shown).gone == (posted(6).message_id,)
    state = RoomState(room_id=ROOM, phase="joining").apply(Joined(entered(messages=shown[:-1])))
    state = state.apply(posted(1)).apply(Joined(answer))
    assert ids(state.messages) == ids(tuple(posted(number) for number in (2, 3, 4, 5, 7, 1)))


def test_join_when_the_list_begins_with_what_was_shown_late_then_all_before_it_stays() -> None:
    shown = tuple(posted(number) for number in (2, 3, 4, 5, 1, 6, 7))
    state = RoomState(room_id=ROOM, phase="joining")
    for first in (0, 3, 4):
        state = state.apply(Joined(entered(messages=shown[first:])))
    assert state.messages == shown
    state = state.apply(deleted(4, 6))
    restored = order_events.MessagesRestored(room_id=ROOM, messages=(posted(4), posted(6)))
    assert state.apply(restored).messages == shown


def test_join_when_deleted_messages_were_restored_meanwhile_then_not_gone_any_more() -> None:
    state = RoomState(room_id=ROOM, phase="joining")
    shown = (posted(1), posted(2), posted(3))
    state = state.apply(Joined(entered(messages=shown))).apply(deleted(1, 2))
    state = state.apply(Joined(entered(messages=(posted(2), posted(3)))))
    assert ids(state.messages) == ids(shown[1:])
    assert state.keeping.gone == (posted(1).message_id,)


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
    rules = event_base.ChatRules(slow_s=5)
    state = StudioState().apply(RoomEntered(entered(chat_rules=rules)))
    state = state.apply(ChatHeard(posted(1))).apply(held(2))
    assert state.kept.keeps_room_id == ROOM
    assert state.kept.lead.rules == rules
    assert ids(state.kept.keeping.held) == [posted(2).message_id]
    state = state.apply(chat_events.MessagePinned(room_id=ROOM, message=posted(1)))
    assert state.kept.lead.pinned == posted(1)
    assert ids(state.chat) == [posted(1).message_id]


def test_studio_when_it_enters_its_room_again_then_its_chat_has_each_message_once() -> None:
    first = entered(messages=(posted(2), posted(3)))
    state = StudioState().apply(RoomEntered(first))
    for number in (5, 4, 4):  # 4 was held
        state = state.apply(ChatHeard(posted(number)))
    assert ids(state.chat) == ids(tuple(posted(number) for number in (2, 3, 5, 4)))
    state = state.apply(deleted(3))
    again = tuple(posted(number) for number in (2, 3, 5, 6))
    state = state.apply(RoomEntered(entered(messages=again)))
    assert ids(state.chat) == ids(again), "3 was given back, 4 was deleted"


def test_studio_when_it_enters_another_room_then_nothing_of_the_first_stays() -> None:
    state = StudioState().apply(RoomEntered(entered(messages=(posted(2),), held=(posted(9),))))
    state = state.apply(ActsListed((act(1),))).apply(deleted(2)).apply(ChatHeard(posted(8)))
    room = msgspec.structs.replace(info(LIVE), room_id=RoomId("r2"))
    said = posted(1, room_id=RoomId("r2"))
    state = state.apply(RoomEntered(entered(room=room, messages=(said,))))
    assert state.chat == (said,)
    assert state.kept == KeptRoom().join(entered(room=room, messages=(said,)), ())


# --- order --------------------------------------------------------------------------------------


def deleted(*numbers: int) -> order_events.MessagesDeleted:
    message_ids = tuple(posted(number).message_id for number in numbers)
    return order_events.MessagesDeleted(room_id=ROOM, message_ids=message_ids)


def act(
    number: int, *, role: order_events.DoerRole = "moderator", **fields: object
) -> order_events.ActInfo:
    made = order_events.ActInfo(
        act_id=ActId(f"a{number}"), action="mute", role=role, at_unix_ms=number, can_undo=True
    )
    return msgspec.structs.replace(made, **fields)


def test_room_when_messages_are_deleted_then_gone_from_list_pin_and_queue() -> None:
    state = RoomState(room_id=ROOM, phase="joining")
    answer = entered(messages=(posted(1), posted(2)), pinned=posted(1), held=(posted(9),))
    state = state.apply(Joined(answer)).apply(deleted(1, 9))
    assert ids(state.messages) == [posted(2).message_id]
    assert state.lead.pinned is None
    assert state.keeping.held == ()
    restored = order_events.MessagesRestored(room_id=ROOM, messages=(posted(1),))
    state = state.apply(restored)
    assert ids(state.messages) == ids((posted(1), posted(2)))
    assert posted(1).message_id not in state.keeping.gone


def test_studio_when_messages_are_deleted_and_restored_then_its_chat_follows() -> None:
    state = StudioState().apply(RoomEntered(entered(pinned=posted(2))))
    for number in (1, 2, 3):
        state = state.apply(ChatHeard(posted(number)))
    state = state.apply(deleted(2))
    assert ids(state.chat) == ids((posted(1), posted(3)))
    assert state.kept.lead.pinned is None
    state = state.apply(order_events.MessagesRestored(room_id=ROOM, messages=(posted(2),)))
    assert ids(state.chat) == ids((posted(1), posted(2), posted(3)))


def test_acts_when_told_again_then_replaced_and_the_newest_first() -> None:
    keeping = Keeping().apply(ActsListed((act(2), act(1))))
    keeping = keeping.apply(order_events.ActRecorded(room_id=ROOM, act=act(3)))
    keeping = keeping.apply(order_events.ActRecorded(room_id=ROOM, act=act(1, undone_at_unix_ms=5)))
    assert [one.act_id for one in keeping.acts] == ["a3", "a2", "a1"]
    assert keeping.acts[2].undone_at_unix_ms == 5


@pytest.mark.parametrize(
    ("role", "done_as", "may"),
    [
        ("moderator", "moderator", True),
        ("moderator", "streamer", False),
        ("streamer", "moderator", True),
        ("moderator", "automatic", True),
    ],
)
def test_undo_by_role(role: event_base.Role, done_as: order_events.DoerRole, *, may: bool) -> None:
    assert KeptRoom(ROOM, role).may_undo(act(1, role=done_as)) is may
    assert not KeptRoom(ROOM, role).may_undo(act(1, role=done_as, undone_at_unix_ms=1))


@pytest.mark.parametrize(
    ("role", "theirs", "reaches"),
    [
        ("viewer", "viewer", False),
        ("moderator", "viewer", True),
        ("moderator", "moderator", False),
        ("moderator", "streamer", False),
        ("streamer", "moderator", True),
        ("streamer", "admin", False),
        ("admin", "streamer", True),
    ],
)
def test_reach_by_role(role: event_base.Role, theirs: event_base.Role, *, reaches: bool) -> None:
    target = Target("m1", "u2", "Bob", theirs, "hi")
    assert KeptRoom(ROOM, role).reaches(target) is reaches
    assert not KeptRoom(None, role).may(Action.KEEP_ORDER), "not joined"


def test_own_sanctions_when_several_stand_then_the_heaviest_counts_until_it_is_over() -> None:
    mute = OwnSanction("s1", "mute")
    ban = OwnSanction("s2", "ban", until_mono_ms=500)
    keeping = Keeping().apply(OwnSanctionsRead((mute, ban)))
    assert keeping.find_own(499) == ban
    assert keeping.find_own(500) == mute
    assert Keeping().find_own(0) is None


def test_own_sanction_when_read_then_its_end_is_by_this_clock() -> None:
    info = order_events.SanctionInfo(
        sanction_id=SanctionId("s1"),
        kind="mute",
        user=event_base.UserInfo(user_id=posted(1).user_id, name="Bob"),
        room_id=ROOM,
        reason="spam",
        imposed_by=event_base.UserInfo(user_id=posted(2).user_id, name="Ada"),
        role="moderator",
        imposed_at_unix_ms=1,
        remaining_ms=2_000,
    )
    own = OwnSanction("s1", "mute", "spam", "Ada", until_mono_ms=7_000)
    assert read_own_sanction(info, 5_000) == own
    assert read_own_sanction(msgspec.structs.replace(info, remaining_ms=0), 5_000) is None
    for_ever = read_own_sanction(msgspec.structs.replace(info, remaining_ms=None), 5_000)
    assert for_ever is not None
    assert for_ever.until_mono_ms is None


def test_room_when_the_mute_was_lifted_then_the_refusal_is_forgotten_too() -> None:
    state = RoomState(room_id=ROOM, phase="joining").apply(Joined(entered("viewer")))
    state = state.apply(SendEnded(ErrorCode.MUTED, "muted", 90_000))
    state = state.apply(OwnSanctionsRead((OwnSanction("s1", "mute"),)))
    assert state.send_refusal is not None
    assert state.apply(OwnSanctionsRead(())).send_refusal is None
