"""The table of broadcasts. Only `BroadcastService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Broadcast(SQLModel, table=True):
    __tablename__ = "broadcasts"
    __table_args__ = (Index("ix_broadcasts_room", "room_id", "started_at_unix_us"),)

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False)
    )
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False))
    started_at_unix_us: int = Field(sa_type=BigInteger)
    last_seen_at_unix_us: int = Field(sa_type=BigInteger)
    """Begin, resumption or checkpoint, whichever came last."""
    ended_at_unix_us: int | None = Field(default=None, sa_type=BigInteger, index=True)
    end_reason: str | None = None
    last_pts_us: int = Field(default=0, sa_type=BigInteger)
    viewers_peak: int = 0
    bytes_received: int = Field(default=0, sa_type=BigInteger)
    likes: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """Written by `write_likes`, a few seconds behind what the room sees."""
