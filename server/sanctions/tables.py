"""The table of sanctions. Only `SanctionService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel


class Sanction(SQLModel, table=True):
    __tablename__ = "sanctions"
    __table_args__ = (Index("ix_sanctions_room", "room_id", "id"),)

    id: str = Field(primary_key=True)
    """Sorts by the order in which they were imposed."""
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    room_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=True)
    )
    """None: in the whole house."""
    kind: str
    reason: str = ""
    imposed_by: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True)
    )
    """None: the relay itself."""
    role: str
    imposed_at_unix_ms: int = Field(sa_type=BigInteger)
    until_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
    """None: for ever."""
    lifted_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
    """Ended before its time, or followed by another of its kind."""
