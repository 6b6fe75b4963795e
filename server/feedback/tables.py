"""The table of feedback. Only `FeedbackService` reads and writes it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class Feedback(SQLModel, table=True):
    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("user_id", "idempotency_key", name="uq_feedback_key"),)

    id: str = Field(primary_key=True)
    user_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    idempotency_key: str
    category: str
    text: str
    diagnostics: str = ""
    screenshot: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    sanction_id: str | None = Field(default=None, index=True)
    """What an appeal is against; the sanction is another feature's."""
    sent_at_unix_ms: int = Field(sa_type=BigInteger, index=True)
    status: str = "new"
    answer: str = ""
    answered_by: str | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id"), nullable=True)
    )
    answered_at_unix_ms: int = Field(default=0, sa_type=BigInteger)
    is_granted: bool = False
    is_unread: bool = False
    """It was answered or closed, and its author has not seen it."""
