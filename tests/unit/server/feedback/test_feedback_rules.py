from __future__ import annotations

import pytest

from server.feedback import rules
from wire import commands, limits
from wire.errors import ErrorCode, WireError
from wire.inbox_commands import AnswerFeedback, SendFeedback

JPEG = b"\xff\xd8\xff\xe0"


def feedback(**fields: object) -> SendFeedback:
    given = {"idempotency_key": "k", "category": "idea", "text": "More mugs", **fields}
    return SendFeedback(id=1, **given)


def answer(**fields: object) -> AnswerFeedback:
    return AnswerFeedback(id=1, feedback_id="f", **fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"diagnostics": "a\x00b"}, "diagnostics"),
        ({"screenshot": b"GIF89a"}, "screenshot"),
        ({"screenshot": b""}, "screenshot"),
        ({"category": "appeal"}, "sanction_id"),
        ({"sanction_id": "s"}, "sanction_id"),
    ],
)
def test_feedback_when_it_holds_what_it_may_not_then_the_field_is_named(
    fields: dict[str, object], field: str
) -> None:
    with pytest.raises(WireError) as caught:
        rules.check_feedback(feedback(**fields))
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, field)


@pytest.mark.parametrize("picture", [JPEG, b"\x89PNG\r\n\x1a\n..."])
def test_feedback_when_good_then_its_texts_are_cleaned(picture: bytes) -> None:
    sent = feedback(text=" a\r\nb ", diagnostics=" Linux\n", screenshot=picture)
    assert rules.check_feedback(sent) == ("a\nb", "Linux")


def test_feedback_when_everything_is_as_long_as_allowed_then_one_control_message() -> None:
    longest = feedback(
        idempotency_key="k" * limits.IDEMPOTENCY_KEY_CHARACTERS_MAX,
        category="appeal",
        sanction_id="s" * limits.ID_CHARACTERS_MAX,
        text="\U0001f600" * limits.FEEDBACK_CHARACTERS_MAX,
        diagnostics="\U0001f600" * limits.DIAGNOSTICS_CHARACTERS_MAX,
        screenshot=b"\xff" * limits.SCREENSHOT_BYTES_MAX,
    )
    packed = commands.pack(longest).encode()
    assert len(packed) <= limits.CONTROL_MESSAGE_BYTES_MAX
    assert commands.parse_control(packed) == longest


def test_answer_when_without_words_then_only_closing_or_granting() -> None:
    with pytest.raises(WireError):
        rules.check_answer(answer(text=" "), is_appeal=False)
    assert rules.check_answer(answer(is_closed=True), is_appeal=False) == ""
    assert rules.check_answer(answer(is_granted=True), is_appeal=True) == ""
    with pytest.raises(WireError) as caught:
        rules.check_answer(answer(text="Yes", is_granted=True), is_appeal=False)
    assert caught.value.field == "is_granted"


def test_status_when_closed_then_it_stays() -> None:
    assert rules.go_to("new", "read") == "read"
    assert rules.go_to("answered", "answered") == "answered"
    for wanted in ("read", "answered", "closed"):
        with pytest.raises(WireError) as caught:
            rules.go_to("closed", wanted)
        assert caught.value.code is ErrorCode.ALREADY_DONE


def test_excerpt_when_long_then_one_short_line() -> None:
    assert rules.excerpt("a\nb") == "a b"
    assert len(rules.excerpt("x" * 500)) == rules.EXCERPT_CHARACTERS
