"""What the relay did by itself, in the window's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import pytest

from app.ui.cause_words import describe_cause
from app.ui.errors_in_words import explain_code
from app.ui.keeping.words import describe_raid
from app.ui.language import Languages
from wire.causes import pack_causes
from wire.detection_events import RaidInfo, Signal, SignalName
from wire.errors import ErrorCode
from wire.ids import ActId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    made = Languages(qapp)
    yield made
    made.apply("en")


def test_causes_when_said_then_are_plain_words() -> None:
    score = pack_causes("score", [("writes_fast", 12), ("same_text", 8)])
    assert describe_cause(score) == "12 messages within seconds, 8 newcomers with one text"
    raid = pack_causes("raid", [("same_text", 9)], people=9)
    assert describe_cause(raid) == "9 new people wrote at once: one text"
    assert describe_cause(pack_causes("raid", people=9)) == "9 new people wrote at once"
    back = pack_causes("return", [("banned_device", 0)], name="Ada %2 100%")
    assert describe_cause(back) == "a device of somebody banned: Ada %2 100%"
    assert describe_cause("auto:score") == "how they behave"
    assert describe_cause("no\nspam") == "no spam"


def test_causes_when_said_in_chinese_then_nothing_is_left_in_english_or_in_code(
    languages: Languages,
) -> None:
    languages.apply("zh_CN")
    for name in get_args(SignalName):
        for kind in ("score", "raid", "return"):
            said = describe_cause(pack_causes(kind, [(name, 3)], people=5))  # type: ignore[arg-type] # one of these
            assert said
            assert not any(letter.isascii() and letter.isalpha() for letter in said)


def test_raid_when_told_in_chinese_then_its_reasons_have_the_commas_of_the_language(
    languages: Languages,
) -> None:
    languages.apply("zh_CN")
    raid = RaidInfo(
        raid_id="r1",
        act_id=ActId("a1"),
        identities=28,
        took_ms=640,
        reasons=(Signal(name="same_text", count=28), Signal(name="came_just_now", count=9)),
    )
    said = describe_raid(raid)
    assert "\u3001" in said
    assert ", " not in said


def test_refusal_when_the_relay_muted_by_itself_then_says_why(languages: Languages) -> None:
    reason = pack_causes("score", [("reported", 3)])
    said = explain_code(ErrorCode.MUTED, f"you are muted: {reason}")
    assert said.endswith("Reason: reported 3 times")
    languages.apply("zh_CN")
    said = explain_code(ErrorCode.MUTED, f"you are muted: {reason}", 60_000)
    assert "auto:" not in said
    assert "\u3002 " not in said
