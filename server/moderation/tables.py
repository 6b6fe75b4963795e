"""The tables of automatic moderation. Only its service reads and writes them.

A scope is the house's or a room's: the room's id, or `HOUSE`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

HOUSE: Final = "house"
"""No room's id: those are longer."""


class ListedWord(SQLModel, table=True):
    __tablename__ = "moderation_words"

    scope: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    """As it was entered, outer space removed."""
    level: str
    hits: int = Field(default=0, sa_type=BigInteger)
    added_by: str
    """A user's id."""
    added_at_unix_ms: int = Field(sa_type=BigInteger)


class TextRuleSet(SQLModel, table=True):
    """No row: every level is off."""

    __tablename__ = "moderation_rules"

    scope: str = Field(primary_key=True)
    links: str = "off"
    caps: str = "off"
    flood_one: str = "off"
    flood_many: str = "off"
    allowed_domains: str = ""
    """One in a line."""
    hits_word: int = Field(default=0, sa_type=BigInteger)
    hits_link: int = Field(default=0, sa_type=BigInteger)
    hits_caps: int = Field(default=0, sa_type=BigInteger)
    hits_flood_one: int = Field(default=0, sa_type=BigInteger)
    hits_flood_many: int = Field(default=0, sa_type=BigInteger)
