"""The table of messages. Only `ChatService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Message(SQLModel, table=True):
    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_room", "room_id", "id"),)

    id: str = Field(primary_key=True)
    """Sorts by the order in which the relay took the messages."""
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    role: str
    """The sender's role in the room when it was said."""
    text: str
    mode: int
    color: int
    sent_at_unix_ms: int = Field(sa_type=BigInteger)
    media_time_us: int | None = Field(default=None, sa_type=BigInteger)
    reply_to: str | None = None
