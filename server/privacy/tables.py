"""The table of privacy. Only `PrivacyService` and its parts read and write it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel


class PrivacyChoice(SQLModel, table=True):
    """What a user has agreed to and chosen. No row: an account from before there were words."""

    __tablename__ = "privacy_choices"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    agreed_version: int = 0
    """Of the words; 0: none yet."""
    agreed_at_unix_ms: int = Field(default=0, sa_type=BigInteger)
    is_recorded: bool = True
    """Whether what the user watches may be recorded for recommendations."""
