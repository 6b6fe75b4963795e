"""The verdict on a text: the strongest level of all the rules that it meets, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

from server.moderation.floods import MANY_LETTERS_MIN, MANY_SENDERS, ONE_TEXTS
from server.moderation.links import find_link
from server.moderation.views import views
from server.moderation.words import WordList
from wire.words_events import HeldReason, TextRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from server.moderation.floods import Repeated
    from wire.words_events import HoldRule, Level, WordLevel

TEXT_CHARACTERS_MAX: Final = 2_000
"""Of a longer text only so much is read."""
CAPS_LETTERS_MIN: Final = 12
CAPS_SHARE: Final = 0.8
_ORDER: Final[dict[Level, int]] = {"off": 0, "hold": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to a text. `level` "off": it is shown."""

    level: Level = "off"
    rule: HoldRule | None = None
    words: str = ""
    """What of the text met the rule, as it was written."""
    start: int = 0
    end: int = 0
    entry: str = ""
    """The word list's entry."""
    is_of_house: bool = False
    """Whether the entry is of the house's list."""

    def reason(self) -> HeldReason:
        return HeldReason(rule=self.rule or "review", words=self.words)


SHOWN: Final = Verdict()


@dataclass(frozen=True)
class Listed:
    """One list, ready to be searched, with the rules beside it."""

    levels: Mapping[str, WordLevel] = field(default_factory=dict)
    """The list as it is; what `words` still finds and is not in it is not met."""
    rules: TextRules = field(default_factory=TextRules)
    words: tuple[WordList, ...] = ()

    @classmethod
    def of(cls, levels: Mapping[str, WordLevel], rules: TextRules) -> Listed:
        """Takes seconds for a full list."""
        return cls(levels, rules, (WordList(list(levels)),))


NOTHING_LISTED: Final = Listed()


def judge(
    text: str, house: Listed, room: Listed, *, repeated: Repeated | None = None, letters: int = 0
) -> Verdict:
    """`repeated`: how often it was said lately, with the number of its letters."""
    strongest = SHOWN
    rules = combine(house.rules, room.rules)
    for verdict in _verdicts(text[:TEXT_CHARACTERS_MAX], house, room, rules, repeated, letters):
        if _ORDER[verdict.level] > _ORDER[strongest.level]:
            strongest = verdict
        if strongest.level == "refuse":
            break
    return strongest


def stronger(one: Level, other: Level) -> Level:
    return max(one, other, key=_ORDER.__getitem__)


def combine(house: TextRules, room: TextRules) -> TextRules:
    if house is room:
        return house
    return TextRules(
        links=stronger(house.links, room.links),
        caps=stronger(house.caps, room.caps),
        flood_one=stronger(house.flood_one, room.flood_one),
        flood_many=stronger(house.flood_many, room.flood_many),
        allowed_domains=(*house.allowed_domains, *room.allowed_domains),
    )


def _verdicts(
    text: str,
    house: Listed,
    room: Listed,
    rules: TextRules,
    repeated: Repeated | None,
    letters: int,
) -> Iterator[Verdict]:
    if repeated is not None:
        if rules.flood_one != "off" and repeated.by_sender >= ONE_TEXTS:
            yield Verdict(rules.flood_one, "flood_one")
        is_long = letters >= MANY_LETTERS_MIN
        if rules.flood_many != "off" and is_long and repeated.senders >= MANY_SENDERS:
            yield Verdict(rules.flood_many, "flood_many")
    if house.levels or room.levels:
        yield from _listed_words(text, house, room)
    if rules.links != "off":
        link = find_link(text, rules.allowed_domains)
        if link is not None:
            yield Verdict(rules.links, "link", link.domain)
    if rules.caps != "off" and is_shouted(text):
        yield Verdict(rules.caps, "caps")


def _listed_words(text: str, house: Listed, room: Listed) -> Iterator[Verdict]:
    seen = list(views(text))
    for listed in (house, room):
        for found in chain.from_iterable(words.find_in(seen) for words in listed.words):
            level = listed.levels.get(found.entry)
            if level is not None:
                yield Verdict(
                    level,
                    "word",
                    text[found.start : found.end],
                    found.start,
                    found.end,
                    found.entry,
                    is_of_house=listed is house,
                )


def is_shouted(text: str) -> bool:
    """Han, which has no capitals, counts as spoken softly."""
    if text.islower():
        return False
    capitals = sum(map(str.isupper, text))
    return capitals >= CAPS_LETTERS_MIN and capitals >= CAPS_SHARE * sum(map(str.isalpha, text))


def needs_print(house: Listed, room: Listed) -> bool:
    """Whether floods matter at all."""
    rules = combine(house.rules, room.rules)
    return rules.flood_one != "off" or rules.flood_many != "off"
