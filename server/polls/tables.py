"""The tables of polls. Only `PollService` reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel


class Poll(SQLModel, table=True):
    __tablename__ = "polls"

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False))
    """Who opened it."""
    question: str
    choices: str
    """One a line."""
    opened_at_unix_ms: int = Field(sa_type=BigInteger)
    ends_at_unix_ms: int = Field(sa_type=BigInteger)
    closed_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger, index=True)


class PollVote(SQLModel, table=True):
    __tablename__ = "poll_votes"

    poll_id: str = Field(
        sa_column=Column(ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    )
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    choice: int
