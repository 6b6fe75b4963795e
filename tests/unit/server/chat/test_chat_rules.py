from __future__ import annotations

import pytest

from server.chat.rules import check_danmaku, check_rules, is_emoji_only
from wire.errors import ErrorCode, WireError
from wire.event_base import ChatRules


def test_check_when_ordinary_then_as_written() -> None:
    assert check_danmaku("  前方高能 <b>!</b> ") == "前方高能 <b>!</b>"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\u3164", "x" * 201, "a\nb", "\ud800"])
def test_check_when_empty_long_or_broken_then_refused(text: str) -> None:
    with pytest.raises(WireError) as caught:
        check_danmaku(text)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "text")


def test_check_when_as_long_as_allowed_then_kept() -> None:
    assert check_danmaku("弹" * 200) == "弹" * 200


def test_check_when_marks_pile_up_then_three_are_left() -> None:
    assert check_danmaku("x" + "\u0336" * 100) == "x" + "\u0336" * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("😀", True),
        ("👩‍👩‍👧 ❤️", True),
        ("🇨🇳🏴\U000e0067\U000e0062\U000e007f", True),
        ("1️⃣ #️⃣", True),
        ("66666", False),
        ("好😀", False),
        ("😀!", False),
        ("\u200d\ufe0f", False),
        (" ", False),
    ],
)
def test_is_emoji_only(text: str, *, expected: bool) -> None:
    assert is_emoji_only(text) is expected


def refusal_of(
    rules: ChatRules, text: str = "hi", *, is_follower: bool = True, since_last_s: float | None
) -> WireError | None:
    try:
        check_rules(rules, text, is_follower=is_follower, since_last_s=since_last_s)
    except WireError as error:
        return error
    return None


def test_rules_when_nothing_is_set_then_all_may_write() -> None:
    assert refusal_of(ChatRules(), is_follower=False, since_last_s=0) is None


def test_slow_mode_when_too_soon_then_says_how_long() -> None:
    rules = ChatRules(slow_s=10)
    refused = refusal_of(rules, since_last_s=2.5)
    assert refused is not None
    assert (refused.code, refused.retry_after_ms) == (ErrorCode.SLOW_MODE, 7_500)
    assert refusal_of(rules, since_last_s=10) is None
    assert refusal_of(rules, since_last_s=None) is None


def test_followers_only_and_emoji_only_when_broken_then_have_codes_of_their_own() -> None:
    refused = refusal_of(ChatRules(followers_only=True), is_follower=False, since_last_s=None)
    assert refused is not None
    assert refused.code is ErrorCode.FOLLOWERS_ONLY
    refused = refusal_of(ChatRules(emoji_only=True), since_last_s=None)
    assert refused is not None
    assert (refused.code, refused.field) == (ErrorCode.EMOJI_ONLY, "text")
    assert refusal_of(ChatRules(emoji_only=True), "😀", since_last_s=None) is None
