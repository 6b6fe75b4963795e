"""The table of rooms' own emotes. Only `EmoteService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel


class RoomEmote(SQLModel, table=True):
    __tablename__ = "room_emotes"

    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
    name: str = Field(primary_key=True)
    emote_id: str
    """The SHA-256 of the picture, in hexadecimal digits."""
    picture: bytes
    """A PNG."""
    added_by: str
    """A user's id."""
    added_at_unix_ms: int = Field(sa_type=BigInteger)
