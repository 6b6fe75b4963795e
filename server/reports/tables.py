"""The tables of reports. Only `ReportService` reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary
from sqlmodel import Field, SQLModel


class Report(SQLModel, table=True):
    """One case: all reports of one target until it is judged."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_target", "kind", "target_id", "room_id"),
        Index("ix_reports_queue", "state", "room_id"),
    )

    id: str = Field(primary_key=True)
    kind: str
    target_id: str
    """The id of the message, the user or the room."""
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False)
    )
    room_name: str
    accused_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    text: str = ""
    """Of the message, kept though it may be deleted."""
    lines: str
    """What was said before, as JSON."""
    thumbnail: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    first_at_unix_ms: int = Field(sa_type=BigInteger)
    last_at_unix_ms: int = Field(sa_type=BigInteger)
    reporters: int = 0
    weight: int = 0
    state: str = "open"
    claimed_by: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True)
    )
    claimed_until_unix_ms: int = Field(default=0, sa_type=BigInteger)
    decided_by: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True)
    )
    decided_at_unix_ms: int = Field(default=0, sa_type=BigInteger)
    verdict: str = ""


class ReportEntry(SQLModel, table=True):
    """What one person said of the case."""

    __tablename__ = "report_entries"

    report_id: str = Field(
        sa_column=Column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    )
    reporter_id: str = Field(sa_column=Column(ForeignKey("users.id"), primary_key=True, index=True))
    reason: str
    text: str = ""
    weight: int
    at_unix_ms: int = Field(sa_type=BigInteger)
    is_unread: bool = False
    """The case was judged and the reporter has not seen how."""
