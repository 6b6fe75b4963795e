"""A list that changes while it is searched: automata in tiers, each half of the one below or less.

An automaton cannot take another word, and one of 20,000 takes seconds. So new words make a small
one of their own, and automata of like size become one. Words that were removed stay in theirs, and
are no longer in the list's levels.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from server.moderation.rules import NOTHING_LISTED, Listed
from server.moderation.words import WordList

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from wire.words_events import RuleHits, TextRules, WordLevel


@dataclass
class Scope:
    """The house's list and rules, or a room's. Event loop's thread only."""

    listed: Listed = NOTHING_LISTED
    hits: Counter[str] = field(default_factory=Counter)
    """By rule, with those that are not stored yet."""
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _tiers: list[tuple[list[str], WordList]] = field(default_factory=list)

    @classmethod
    async def of(cls, levels: dict[str, WordLevel], rules: TextRules, hits: RuleHits) -> Scope:
        scope = cls()
        if levels:
            scope._tiers = [await _build(list(levels))]
        scope.listed = Listed(levels, rules, scope._words())
        for rule in ("word", "link", "caps", "flood_one", "flood_many"):
            scope.hits[rule] = getattr(hits, rule)
        return scope

    async def put(self, levels: dict[str, WordLevel]) -> None:
        """The caller holds `changing`; meanwhile the list is searched as it was."""
        known = {word for words, _ in self._tiers for word in words}
        new = [word for word in levels if word not in known]
        wanted = self.listed.levels.keys() | levels.keys()
        tiers = list(self._tiers)
        if new:
            while tiers and len(tiers[-1][0]) <= 2 * len(new):
                new = [*(word for word in tiers.pop()[0] if word in wanted), *new]
            tiers.append(await _build(new))
        self._tiers = tiers
        self.listed = replace(
            self.listed, levels={**self.listed.levels, **levels}, words=self._words()
        )

    def remove(self, words: Collection[str]) -> None:
        levels = {one: level for one, level in self.listed.levels.items() if one not in words}
        self.listed = replace(self.listed, levels=levels)

    def set_rules(self, rules: TextRules) -> None:
        self.listed = replace(self.listed, rules=rules)

    def _words(self) -> tuple[WordList, ...]:
        return tuple(words for _, words in self._tiers)


async def _build(words: Sequence[str]) -> tuple[list[str], WordList]:
    return list(words), await asyncio.to_thread(WordList, words)
