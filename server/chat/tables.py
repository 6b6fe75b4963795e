"""The tables of chat. Only `ChatService` reads and writes it."""

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
    size: str = Field(default="normal", sa_column_kwargs={"server_default": "normal"})
    sent_at_unix_ms: int = Field(sa_type=BigInteger)
    media_time_us: int | None = Field(default=None, sa_type=BigInteger)
    reply_to: str | None = None
    deleted_by: str | None = None
    """Who took it away; the row stays for the book of acts. Empty: the relay itself."""
    deleted_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger)


class HeldMessage(SQLModel, table=True):
    """A message that waits for review; its fields are those of `Message`."""

    __tablename__ = "held_messages"
    __table_args__ = (Index("ix_held_messages_room", "room_id", "id"),)

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    role: str
    text: str
    mode: int
    color: int
    size: str = Field(default="normal", sa_column_kwargs={"server_default": "normal"})
    sent_at_unix_ms: int = Field(sa_type=BigInteger)
    media_time_us: int | None = Field(default=None, sa_type=BigInteger)
    reply_to: str | None = None
    rule: str
    """What held it."""
    words: str
    """What of the text met the rule."""


class ChatRoom(SQLModel, table=True):
    """What a room has set for its chat, and what stands above it. No row: nothing is set."""

    __tablename__ = "chat_rooms"

    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
    slow_s: int = 0
    followers_only: bool = False
    emoji_only: bool = False
    is_held: bool = False
    delay_s: int = 0
    known_since_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Who was known here before then may write; None: everybody."""
    muted_role: str | None = None
    """As what the whole chat was muted: who stands lower does not open it. None: it is not."""
    pinned_id: str | None = None
    announcement: str = ""
    """Empty: none."""
    announced_by: str = ""
    """The name then."""
    announced_by_id: str | None = None
    announced_at_unix_ms: int = Field(default=0, sa_type=BigInteger)
