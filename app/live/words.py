"""The house's words and rules for texts, for its admins. All raise LivehouseError."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from wire import command_base, event_base, events, limits
from wire import words_commands as ask
from wire.words_events import TextRulesNow, TextTried, WordPage, WordsImported

if TYPE_CHECKING:
    from wire.words_events import TextRules, WordEntry, WordLevel

_Answer = TypeVar("_Answer", bound=event_base.Answer)


@dataclass(frozen=True, slots=True)
class FoundWords:
    words: tuple[WordEntry, ...]
    total: int
    """Of the search, with those that are not here."""
    has_more: bool
    rules: TextRulesNow


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def load_words(control: Control, search: str = "", *, pages: int = 1) -> FoundWords:
    """The first pages of a search, in alphabetical order, with the rules beside them."""
    rules = await control.request(ask.GetTextRules(id=0), TextRulesNow)
    found: list[WordEntry] = []
    total, has_more = 0, True
    while has_more and pages:
        after = found[-1].word if found else ""
        command = ask.ListWords(id=0, after=after, search=search)
        page = await control.request(command, WordPage)
        found += page.words
        total, has_more = page.total, page.has_more and bool(page.words)
        pages -= 1
    return FoundWords(tuple(found), total, has_more=has_more, rules=rules)


async def add_word(control: Control, word: str, level: WordLevel) -> events.Ok:
    return await control.request(ask.AddWord(id=0, word=word, level=level), events.Ok)


async def remove_word(control: Control, word: str) -> events.Ok:
    return await control.request(ask.RemoveWord(id=0, word=word), events.Ok)


async def import_words(control: Control, lines: Iterable[str], level: WordLevel) -> WordsImported:
    """One entry a line; empty lines and those too long are passed over."""
    words = [line.strip() for line in lines]
    kept = [word for word in words if 0 < len(word) <= limits.WORD_CHARACTERS_MAX]
    added = changed = 0
    skipped = sum(1 for word in words if word) - len(kept)
    for start in range(0, len(kept), limits.WORDS_IMPORT_MAX):
        piece = tuple(kept[start : start + limits.WORDS_IMPORT_MAX])
        command = ask.ImportWords(id=0, words=piece, level=level)
        done = await control.request(command, WordsImported)
        added, changed = added + done.added, changed + done.changed
        skipped += done.skipped
    return WordsImported(added=added, changed=changed, skipped=skipped)


async def set_rules(control: Control, rules: TextRules) -> events.Ok:
    command = ask.SetTextRules(
        id=0,
        links=rules.links,
        caps=rules.caps,
        flood_one=rules.flood_one,
        flood_many=rules.flood_many,
        allowed_domains=rules.allowed_domains,
    )
    return await control.request(command, events.Ok)


async def try_text(control: Control, text: str) -> TextTried:
    return await control.request(ask.TryText(id=0, text=text), TextTried)
