"""Answers of automatic moderation, and the reason that goes with a held message."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, Data

Level = Literal["off", "hold", "refuse"]
WordLevel = Literal["hold", "refuse"]
HoldRule = Literal["review", "word", "link", "caps", "flood_one", "flood_many", "behaviour"]
"""`review`: the room holds every message. `behaviour`: what the writer did, not this text."""


class HeldReason(Data, frozen=True, kw_only=True):
    """Why a message was held."""

    rule: HoldRule
    words: str = ""
    """What of the text met the rule."""


class WordEntry(Data, frozen=True, kw_only=True):
    word: str
    level: WordLevel
    hits: int = 0
    """Messages that it held or refused."""


class TextRules(Data, frozen=True, kw_only=True):
    """What happens to texts beside the word list. The stronger of house and room counts."""

    links: Level = "off"
    caps: Level = "off"
    """At least 12 letters, four fifths of them capitals."""
    flood_one: Level = "off"
    """The same, or nearly, three times from one sender in 30 s."""
    flood_many: Level = "off"
    """The same, or nearly, from six senders in 30 s."""
    allowed_domains: tuple[str, ...] = ()
    """Links to these, and to what is below them, are free. House and room add up."""


class RuleHits(Data, frozen=True, kw_only=True):
    """Messages that each rule held or refused."""

    word: int = 0
    link: int = 0
    caps: int = 0
    flood_one: int = 0
    flood_many: int = 0


class WordPage(Answer, frozen=True, kw_only=True):
    words: tuple[WordEntry, ...]
    total: int
    """Of this search, on all pages."""
    has_more: bool = False


class WordsImported(Answer, frozen=True, kw_only=True):
    added: int
    changed: int = 0
    """Were there with the other level."""
    skipped: int = 0
    """Have nothing to be found by, or are doubled."""


class TextRulesNow(Answer, frozen=True, kw_only=True):
    rules: TextRules
    hits: RuleHits
    words: int
    """Entries of the list."""


class TextTried(Answer, frozen=True, kw_only=True):
    level: Level
    """What would happen; `off`: it would be shown."""
    folded: str
    """The text as the rules read it."""
    rule: HoldRule | None = None
    entry: str = ""
    """The entry of the list that was met."""
    start: int = 0
    """Where in the text, in characters (code points)."""
    end: int = 0
    """One beyond."""
