from __future__ import annotations

import pytest

from server.sanctions.rules import check_duration, check_reason, keeps_from, refusal
from wire.errors import ErrorCode, WireError
from wire.limits import REASON_CHARACTERS_MAX
from wire.permissions import Action

# mute, kick, ban
TABLE: dict[Action, str] = {
    Action.SEE_ROOM: "...",
    Action.JOIN_PUBLIC_ROOM: ".xx",
    Action.JOIN_PRIVATE_ROOM: ".xx",
    Action.ENTER_FREELY: ".xx",
    Action.CHAT: "xxx",
    Action.LIKE: ".xx",
    Action.VOTE: ".xx",
    Action.ENTER_DRAWS: ".xx",
    Action.GIVE: ".xx",
    Action.GET_SUBSCRIBE_TICKET: ".xx",
    Action.PUBLISH: ".xx",
    Action.RUN_POLLS: "xxx",
    Action.RUN_DRAWS: "xxx",
    Action.LEAD_CHAT: "xxx",
    Action.KEEP_ORDER: "xxx",
    Action.JUDGE_REPORTS: "xxx",
    Action.SET_ROOM_WORDS: "xxx",
    Action.MANAGE_EMOTES: "xxx",
    Action.EDIT_ROOM: "xxx",
    Action.CLOSE_ROOM: ".xx",
    Action.SET_MODERATOR: ".xx",
    Action.MANAGE_INVITES: ".xx",
    Action.CREATE_PUBLISH_KEY: ".xx",
    Action.SEE_PUBLISH_KEYS: ".xx",
    Action.REVOKE_PUBLISH_KEY: ".xx",
    Action.END_BROADCAST: ".xx",
    Action.REPORT: ".xx",
}


@pytest.mark.parametrize("action", TABLE)
def test_cell_when_asked_then_as_written(action: Action) -> None:
    kinds = ("mute", "kick", "ban")
    found = "".join("x" if keeps_from(kind, action) else "." for kind in kinds)
    assert found == TABLE[action]


def test_kick_when_no_duration_is_given_then_a_minute() -> None:
    assert check_duration("kick", None) == 60
    assert check_duration("kick", 5) == 5
    assert check_duration("ban", None) is None
    assert check_duration("mute", 3600) == 3600


def test_refusal_when_it_ends_then_says_when_and_why() -> None:
    error = refusal("mute", "spam", 1.2)
    assert (error.code, error.retry_after_ms) == (ErrorCode.MUTED, 1200)
    assert error.message.endswith(": spam")
    assert refusal("ban", "", None).retry_after_ms is None
    assert ":" not in refusal("ban", "", None).message


def test_reason_when_too_long_then_refused() -> None:
    assert check_reason("  spam\u200b ") == "spam"
    with pytest.raises(WireError) as caught:
        check_reason("x" * (REASON_CHARACTERS_MAX + 1))
    assert caught.value.field == "reason"
