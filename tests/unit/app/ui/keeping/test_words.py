"""What is said of acts and sanctions, to keepers and to those concerned."""

from __future__ import annotations

from typing import get_args

import pytest

from app.state.keeping import SANCTION_PRESETS_S, OwnSanction
from app.ui.keeping.words import (
    describe_act,
    describe_done,
    describe_held,
    describe_own,
    describe_span,
    preset_name,
)
from tests.unit.app.state.test_keeping import act
from wire import event_base, order_commands
from wire.ids import MessageId, RoomId, UserId
from wire.order_events import ActDetail
from wire.words_events import HeldReason, HoldRule


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 s"), (45, "45 s"), (121, "3 min"), (540, "9 min"), (7_201, "3 h"), (604_800, "7 d")],
)
def test_span_when_said_then_rounded_up(seconds: float, words: str) -> None:
    assert describe_span(seconds) == words


def test_presets_when_named_then_all_differ() -> None:
    assert len({preset_name(one) for one in SANCTION_PRESETS_S}) == len(SANCTION_PRESETS_S)


@pytest.mark.parametrize(
    ("sanction", "words"),
    [
        (
            OwnSanction("s", "mute", "spam", "Ada", until_mono_ms=540_000),
            "You are muted in “Songs” for another 9 min. Reason from Ada: spam",
        ),
        (OwnSanction("s", "ban"), "You are banned from “Songs” for ever."),
        (
            OwnSanction("s", "mute", is_everywhere=True),
            "You are muted in this whole relay for ever.",
        ),
        (
            OwnSanction("s", "kick", until_mono_ms=30_000),
            "You were removed from “Songs”. Come back in 30 s.",
        ),
    ],
)
def test_own_sanction_when_told_then_where_how_long_why_and_by_whom(
    sanction: OwnSanction, words: str
) -> None:
    assert describe_own(sanction, "Songs", 0) == words


@pytest.mark.parametrize("rule", get_args(HoldRule))
def test_held_reason_when_said_then_plain_words_for_each_rule(rule: HoldRule) -> None:
    words = describe_held(HeldReason(rule=rule, words="{1} <b>x</b>"))
    assert words[0].isupper()
    assert "{0}" not in words


def test_act_when_told_then_who_what_whom_how_long_and_why() -> None:
    users = [event_base.UserInfo(user_id=UserId(name), name=name) for name in ("Ada", "Bob")]
    told = act(1, actor=users[0], user=users[1], reason="spam", detail=ActDetail(duration_s=600))
    first, second = describe_act(told).split("\n")
    assert first == "Ada muted Bob"
    assert second.endswith("10 minutes · spam")
    unknown = describe_act(act(1, action="sing", detail=ActDetail(text="<b>x</b>\u202e")))
    assert unknown.startswith("The relay: sing")
    assert "\u202e" not in unknown


@pytest.mark.parametrize(
    "action", ["create_room_for", "edit_room", "feature_room", "plan_broadcast"]
)
def test_act_of_an_admin_on_a_room_when_told_then_in_words(action: order_commands.ActName) -> None:
    assert "_" not in describe_act(act(1, action=action))


def test_deed_when_done_then_is_named_with_the_way_back() -> None:
    room_id, user_id = RoomId("r"), UserId("u")
    muted = order_commands.ImposeSanction(
        id=0, user_id=user_id, room_id=room_id, kind="mute", duration_s=600
    )
    deleted = order_commands.DeleteDanmaku(id=0, room_id=room_id, message_id=MessageId("m"))
    asked = order_commands.ListActs(id=0, room_id=room_id)
    assert describe_done(muted) == "Muted: 10 minutes. “What was done here” can undo it."
    assert describe_done(deleted).startswith("Deleted for all. ")
    assert describe_done(asked) == ""
