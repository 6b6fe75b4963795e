from __future__ import annotations

import pytest

from server.reports import rules
from server.reports.rules import Keeper
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.event_base import DanmakuPosted
from wire.ids import MessageId, RoomId, UserId

MODERATOR = Keeper(UserId("mo"), is_admin=False)
ADMIN = Keeper(UserId("ad"), is_admin=True)


def message(number: int, user: str = "u", text: str = "hello") -> DanmakuPosted:
    return DanmakuPosted(
        room_id=RoomId("r"),
        message_id=MessageId(f"m{number:03}"),
        user_id=UserId(user),
        name=user.upper(),
        role="viewer",
        text=text,
        sent_at_unix_ms=number,
    )


@pytest.mark.parametrize(
    ("upheld", "dismissed", "weight"),
    [(0, 0, 100), (5, 0, 100), (0, 3, 50), (0, 7, 30), (0, 8, 27), (9, 3, 80), (0, 1000, 10)],
)
def test_weigh_when_reports_were_dismissed_then_less(
    upheld: int, dismissed: int, weight: int
) -> None:
    assert rules.weigh(upheld=upheld, dismissed=dismissed) == weight


@pytest.mark.parametrize(
    ("keeper", "kind", "accused", "may"),
    [
        (MODERATOR, "message", "u", True),
        (MODERATOR, "user", "u", True),
        (MODERATOR, "room", "u", False),
        (MODERATOR, "message", "mo", False),
        (MODERATOR, "user", "mo", False),
        (ADMIN, "room", "u", True),
        (ADMIN, "user", "ad", True),
    ],
)
def test_may_judge_when_asked_then_nobody_judges_themselves_or_their_room(
    keeper: Keeper, kind: str, accused: str, may: bool
) -> None:
    assert rules.may_judge(keeper, kind, UserId(accused)) is may


@pytest.mark.parametrize(
    ("claimed_by", "until", "is_held"),
    [(None, 0, False), ("mo", 2_000, False), ("other", 2_000, True), ("other", 1_000, False)],
)
def test_claim_when_another_has_it_then_held_until_it_ends(
    claimed_by: str | None, until: int, is_held: bool
) -> None:
    assert rules.is_claimed_by_other(MODERATOR, claimed_by, until, 1_000) is is_held


def test_text_when_the_reason_is_other_then_words_are_asked_for() -> None:
    assert rules.check_report_text("spam", "") == ""
    assert rules.check_report_text("other", "  they sell\r\nmy address ") == "they sell\nmy address"
    with pytest.raises(WireError) as caught:
        rules.check_report_text("other", " ")
    assert caught.value.code is ErrorCode.INVALID_VALUE


def test_lines_when_gathered_from_two_lists_then_each_once_in_order() -> None:
    lines = rules.gather_lines([message(3), message(5)], [message(1), message(3)])
    assert [line.message_id for line in lines] == ["m001", "m003", "m005"]
    assert lines[0].name == "U"


def test_lines_when_both_lists_are_full_then_within_the_bound() -> None:
    room = [message(number) for number in range(rules.LINES_ROOM)]
    author = [message(100 + number) for number in range(rules.LINES_AUTHOR)]
    assert len(rules.gather_lines(room, author)) <= limits.REPORT_LINES_MAX


def test_lines_when_somebody_is_erased_then_their_words_alone_go() -> None:
    lines = rules.gather_lines([message(1, "u", "mine"), message(2, "v", "theirs")])
    left = rules.without_words_of(UserId("u"), lines)
    assert [(line.name, line.text) for line in left] == [("", ""), ("V", "theirs")]
