from __future__ import annotations

import pytest

from server.moderation.floods import Repeated
from server.moderation.rules import NOTHING_LISTED, Listed, combine, is_shouted, judge
from wire.words_events import HeldReason, TextRules

HOUSE = Listed.of({"fool": "hold", "traitor": "refuse"}, TextRules(links="hold"))
ROOM = Listed.of(
    {"spoiler": "hold", "fool": "refuse"},
    TextRules(links="refuse", caps="hold", allowed_domains=("example.org",)),
)


@pytest.mark.parametrize(
    ("text", "level", "rule"),
    [
        ("hello", "off", None),
        ("no spoiler please", "hold", "word"),
        ("you traitor", "refuse", "word"),
        ("a spoiler, traitor", "refuse", "word"),
        ("you fool", "refuse", "word"),
        ("see example.com", "refuse", "link"),
        ("see example.org", "off", None),
        ("WHAT ARE YOU DOING", "hold", "caps"),
    ],
)
def test_judge_when_several_rules_are_met_then_the_strongest(
    text: str, level: str, rule: str | None
) -> None:
    verdict = judge(text, HOUSE, ROOM)
    assert (verdict.level, verdict.rule) == (level, rule)


def test_judge_when_held_then_it_says_why_and_where() -> None:
    verdict = judge("no SP0ILER here", HOUSE, ROOM)
    assert (verdict.entry, verdict.start, verdict.end) == ("spoiler", 3, 10)
    assert verdict.reason() == HeldReason(rule="word", words="SP0ILER")
    assert not verdict.is_of_house


def test_judge_when_a_word_was_removed_then_its_automaton_counts_no_more() -> None:
    listed = Listed({}, TextRules(), HOUSE.words)
    assert judge("you fool", listed, Listed({"x": "hold"}, TextRules(), ())).level == "off"


@pytest.mark.parametrize(
    ("repeated", "letters", "rule"),
    [
        (Repeated(2, 1), 20, None),
        (Repeated(3, 1), 20, "flood_one"),
        (Repeated(3, 1), 2, "flood_one"),
        (Repeated(1, 6), 20, "flood_many"),
        (Repeated(1, 6), 5, None),
        (Repeated(1, 5), 20, None),
    ],
)
def test_judge_when_said_before_then_a_flood_of_one_or_of_many(
    repeated: Repeated, letters: int, rule: str | None
) -> None:
    room = Listed(rules=TextRules(flood_one="refuse", flood_many="hold"))
    assert judge("hm", NOTHING_LISTED, room, repeated=repeated, letters=letters).rule == rule
    off = judge("hm", NOTHING_LISTED, NOTHING_LISTED, repeated=repeated, letters=letters)
    assert off.level == "off"


def test_combine_when_house_and_room_differ_then_the_stronger_of_each() -> None:
    assert combine(HOUSE.rules, ROOM.rules) == TextRules(
        links="refuse", caps="hold", allowed_domains=("example.org",)
    )


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("WHY WOULD YOU DO THAT", True),
        ("WHY NOT", False),
        ("Why Would You Do That", False),
        ("装了 WINDOWS VISTA 以后还是很慢", False),
        ("ПОЧЕМУ ТЫ ЭТО СДЕЛАЛ", True),
        ("", False),
    ],
)
def test_is_shouted_when_nearly_all_are_capitals_then_true(text: str, shouted: bool) -> None:
    assert is_shouted(text) is shouted
