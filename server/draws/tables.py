"""The tables of lucky draws. Only `DrawService` reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel


class Draw(SQLModel, table=True):
    __tablename__ = "draws"

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False))
    """Who opened it."""
    prize: str
    winners_max: int
    seed: str
    """64 hexadecimal digits; told to nobody until the draw is closed."""
    entries: int = 0
    opened_at_unix_ms: int = Field(sa_type=BigInteger)
    ends_at_unix_ms: int = Field(sa_type=BigInteger)
    closed_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger, index=True)


class DrawEntry(SQLModel, table=True):
    __tablename__ = "draw_entries"
    __table_args__ = (UniqueConstraint("draw_id", "number"),)

    draw_id: str = Field(
        sa_column=Column(ForeignKey("draws.id", ondelete="CASCADE"), primary_key=True)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), primary_key=True, index=True))
    number: int
    """From 1, in the order of entering."""
