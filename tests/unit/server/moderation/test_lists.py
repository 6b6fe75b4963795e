from __future__ import annotations

from server.moderation.lists import Scope
from server.moderation.rules import NOTHING_LISTED, judge
from wire.words_events import RuleHits, TextRules

NUMBERS = [f"word{number}x" for number in range(40)]


def level_of(scope: Scope, text: str) -> str:
    return judge(text, scope.listed, NOTHING_LISTED).level


async def test_put_when_word_by_word_then_all_are_found_in_few_automata() -> None:
    scope = Scope()
    for word in NUMBERS:
        await scope.put({word: "hold"})
    assert all(level_of(scope, f"a {word} here") == "hold" for word in NUMBERS)
    assert len(scope.listed.words) <= 6
    assert len(scope.listed.levels) == len(NUMBERS)


async def test_put_when_the_word_is_there_then_only_its_level_changes() -> None:
    scope = await Scope.of({"fool": "hold"}, TextRules(), RuleHits())
    before = scope.listed.words
    await scope.put({"fool": "refuse"})
    assert level_of(scope, "fool") == "refuse"
    assert scope.listed.words == before


async def test_remove_when_added_again_then_found_again() -> None:
    scope = await Scope.of({"fool": "hold", "clown": "hold"}, TextRules(), RuleHits())
    scope.remove("fool")
    assert (level_of(scope, "fool"), level_of(scope, "clown")) == ("off", "hold")
    await scope.put({"fool": "refuse"})
    assert (level_of(scope, "fool"), level_of(scope, "clown")) == ("refuse", "hold")


async def test_put_when_a_removed_word_is_in_a_tier_that_grows_then_it_is_left_behind() -> None:
    scope = await Scope.of({"fool": "hold"}, TextRules(), RuleHits())
    scope.remove("fool")
    await scope.put({"clown": "hold"})
    assert (level_of(scope, "fool"), level_of(scope, "clown")) == ("off", "hold")
    await scope.put({"fool": "hold"})
    assert level_of(scope, "fool") == "hold"


async def test_put_when_a_removed_word_comes_back_among_new_ones_then_all_are_found() -> None:
    scope = await Scope.of({"fool": "hold", "clown": "hold"}, TextRules(), RuleHits())
    scope.remove("fool")
    await scope.put({"fool": "refuse", "knave": "refuse"})
    levels = [level_of(scope, word) for word in ("fool", "clown", "knave")]
    assert levels == ["refuse", "hold", "refuse"]
