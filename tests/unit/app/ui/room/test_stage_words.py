"""What the stage says in each of its states."""

from __future__ import annotations

import pytest

from app.state.keeping import OwnSanction, OwnSanctionsRead
from app.state.room import (
    JoinRefused,
    LinkChanged,
    Measured,
    Opened,
    PauseChosen,
    RoomState,
    Statistics,
)
from app.ui.errors_in_words import explain_code
from app.ui.room.slate import StageWords
from app.ui.room.stage_words import describe_stage
from tests.unit.app.state.test_room import ROOM, joined
from wire import room_events
from wire.errors import ErrorCode
from wire.ids import BroadcastId

AWAY = room_events.BroadcastAway(room_id=ROOM, broadcast_id=BroadcastId("b1"))


def test_words_when_a_picture_moves_then_are_none() -> None:
    assert describe_stage(joined()) == StageWords()


def test_words_when_paused_then_are_a_badge_and_the_picture_stays() -> None:
    words = describe_stage(joined().apply(PauseChosen(is_paused=True)))
    assert words == StageWords(badge="Paused")


def test_words_when_pictures_stop_coming_then_are_a_badge_until_they_come_again() -> None:
    moving = joined().apply(Measured(Statistics(frames=90, fps=30.0, has_packets=True)))
    still = moving.apply(Measured(Statistics(frames=90, fps=0.0, has_packets=True)))
    assert describe_stage(moving) == StageWords()
    assert describe_stage(still) == StageWords(badge="Waiting for the picture")


@pytest.mark.parametrize(
    ("state", "title", "badge"),
    [
        (joined().apply(AWAY), "The host will be right back", "Host away"),
        (
            joined().apply(LinkChanged("waiting")),
            "The connection to the relay is lost",
            "No connection",
        ),
        (joined(None), "Not live yet", ""),
    ],
)
def test_words_when_the_broadcast_rests_then_name_what_happens_and_whose_room_it_is(
    state: RoomState, title: str, badge: str
) -> None:
    words = describe_stage(state)
    assert (words.title, words.badge) == (title, badge)
    assert words.detail
    assert state.room is not None
    assert words.host == state.room.owner.name
    assert words.room == " ".join((state.room.title or state.room.name).split())


def test_words_when_no_room_is_chosen_then_name_none() -> None:
    words = describe_stage(RoomState())
    assert (words.room, words.host, words.badge) == ("", "", "")
    assert "Discover" in words.detail


@pytest.mark.parametrize(
    "code",
    [
        ErrorCode.NOT_FOUND,
        ErrorCode.PASSPHRASE_REQUIRED,
        ErrorCode.INVITE_REQUIRED,
        ErrorCode.ROOM_CLOSED,
    ],
)
def test_words_when_refused_then_say_what_to_do_and_not_the_same_twice(code: ErrorCode) -> None:
    words = describe_stage(RoomState().apply(Opened(ROOM)).apply(JoinRefused(code, "no")))
    assert words.detail
    assert words.detail != explain_code(code, "no")


def test_words_when_banned_then_say_how_long_and_why() -> None:
    ban = OwnSanction("s1", "ban", "spam")
    state = joined().apply(OwnSanctionsRead((ban,)))
    words = describe_stage(state.apply(JoinRefused(ErrorCode.BANNED, "you are banned: spam")))
    assert words.title == "You are banned from this room"
    assert "for ever. Reason: spam" in words.detail
