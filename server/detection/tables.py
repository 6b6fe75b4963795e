"""Tables of detection. Only this folder reads and writes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel


class Raid(SQLModel, table=True):
    """What was done against one, so that all of it can be taken back."""

    __tablename__ = "raids"

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    act_id: str
    state: str
    """As `RaidState`; `undoing` until all is taken back."""
    identities: int
    took_ms: int
    reasons: str
    """JSON."""
    known_since_unix_ms: int = Field(sa_type=BigInteger)
    until_unix_ms: int = Field(sa_type=BigInteger)
    message_ids: str = "[]"
    """JSON: those that were removed."""
    sanction_ids: str = "[]"


class IdentityMark(SQLModel, table=True):
    """A device or an address that somebody came from, hashed. Addresses are forgotten in weeks."""

    __tablename__ = "identity_marks"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    mark: str = Field(primary_key=True, index=True)
    """`d:` a device's, `a:` an address's."""
    seen_at_unix_ms: int = Field(sa_type=BigInteger, index=True)


class Trust(SQLModel, table=True):
    """Somebody who was flagged as a banned one, and is not."""

    __tablename__ = "trusted_identities"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
