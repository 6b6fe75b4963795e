"""Commands of automatic moderation: word lists, rules, the try-out box.

Without a `room_id` a command is about the house's list, which every room is under.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, RoomIdField
from wire.words_events import Level, WordLevel

Word = Annotated[str, Meta(min_length=1, max_length=limits.WORD_CHARACTERS_MAX)]
Domain = Annotated[str, Meta(min_length=1, max_length=limits.DOMAIN_CHARACTERS_MAX)]


class ListWords(Command, frozen=True, kw_only=True):
    """Answer: WordPage, in alphabetical order."""

    room_id: RoomIdField | None = None
    after: Annotated[str, Meta(max_length=limits.WORD_CHARACTERS_MAX)] = ""
    """The last word of the page before."""
    search: Annotated[str, Meta(max_length=limits.WORD_CHARACTERS_MAX)] = ""
    """Only words that have this in them, whatever its case."""


class AddWord(Command, frozen=True, kw_only=True):
    """Add an entry, or give one that is there another level. Answer: Ok."""

    room_id: RoomIdField | None = None
    word: Word
    level: WordLevel = "hold"


class RemoveWord(Command, frozen=True, kw_only=True):
    """Answer: Ok."""

    room_id: RoomIdField | None = None
    word: Word


class ImportWords(Command, frozen=True, kw_only=True):
    """Add many entries at once. Answer: WordsImported."""

    room_id: RoomIdField | None = None
    words: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=limits.WORDS_IMPORT_MAX)]
    level: WordLevel = "hold"


class SetTextRules(Command, frozen=True, kw_only=True):
    """Set all levels and the allowed domains. Answer: Ok."""

    room_id: RoomIdField | None = None
    links: Level = "off"
    caps: Level = "off"
    flood_one: Level = "off"
    flood_many: Level = "off"
    allowed_domains: Annotated[tuple[Domain, ...], Meta(max_length=limits.ALLOWED_DOMAINS_MAX)] = ()


class GetTextRules(Command, frozen=True, kw_only=True):
    """Answer: TextRulesNow."""

    room_id: RoomIdField | None = None


class TryText(Command, frozen=True, kw_only=True):
    """What would happen to a viewer's message with this text, and why. Answer: TextTried.

    Counts nowhere.
    """

    room_id: RoomIdField | None = None
    text: Annotated[str, Meta(max_length=limits.DANMAKU_CHARACTERS_MAX)]
