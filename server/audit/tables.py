"""The table of acts. Only `AuditService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Act(SQLModel, table=True):
    __tablename__ = "acts"
    __table_args__ = (Index("ix_acts_room", "room_id", "id"),)

    id: str = Field(primary_key=True)
    """Sorts by the order in which the acts were done."""
    action: str
    actor_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True, index=True)
    )
    """None: the relay itself."""
    role: str
    room_id: str | None = Field(
        default=None,
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=True),
    )
    user_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True, index=True)
    )
    """Whom it concerns."""
    target_kind: str = ""
    target_id: str = ""
    reason: str = ""
    detail: str = "{}"
    """JSON, for people."""
    undo: str | None = None
    """JSON, for the action's undo; None: it cannot be undone."""
    at_unix_ms: int = Field(sa_type=BigInteger)
    undone_by: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True)
    )
    undone_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
