"""The tables of recordings. Only `RecordingService` reads and writes them; files lie beside."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Replay(SQLModel, table=True):
    __tablename__ = "replays"

    id: str = Field(primary_key=True)
    """Sorts by the time of its beginning; also its files' name."""
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    broadcast_id: str = Field(index=True)
    room_name: str
    title: str
    search: str
    """`text.fold` of title and room's name."""
    started_at_unix_ms: int = Field(sa_type=BigInteger)
    base_pts_us: int = Field(sa_type=BigInteger)
    """Where in the broadcast it begins."""
    duration_ms: int = Field(default=0, sa_type=BigInteger)
    size_bytes: int = Field(default=0, sa_type=BigInteger)
    video_codec: str | None = None
    width: int = 0
    height: int = 0
    sound_channels: int | None = None
    visibility: str = "private"
    is_kept: bool = False
    state: str = "recording"
    danmaku: int = 0
    density: str = "[]"
    """JSON, counted when it ended."""
    density_step_ms: int = 0
    chapters: str = "[]"
    """JSON."""


class ReplayEntry(SQLModel, table=True):
    """Something that the members of the room were sent."""

    __tablename__ = "replay_entries"
    __table_args__ = (Index("ix_replay_entries_time", "replay_id", "at_ms", "number"),)

    replay_id: str = Field(
        sa_column=Column(ForeignKey("replays.id", ondelete="CASCADE"), primary_key=True)
    )
    number: int = Field(primary_key=True, sa_type=BigInteger)
    """In the order in which they were sent."""
    at_ms: int = Field(sa_type=BigInteger)
    kind: str
    """The event's type; `Title` for the room's own."""
    user_id: str | None = Field(default=None, index=True)
    """Whose it is."""
    message_id: str | None = Field(default=None, index=True)
    is_deleted: bool = False
    """May be given back."""
    body: str
    """JSON of the event; of a `Title` its text."""


class RoomRecording(SQLModel, table=True):
    """What a room has chosen. No row: it is recorded."""

    __tablename__ = "room_recordings"

    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
    is_on: bool
