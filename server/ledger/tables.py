"""Tables of the ledger. Triggers refuse every UPDATE and DELETE of transfers and entries.

No foreign key leads to users or rooms: the book outlives both, and keeps ids that mean nothing
to who has no other table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class LedgerAccount(SQLModel, table=True):
    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint("balance >= 0 OR kind = 'issue'", name="ck_ledger_accounts_balance"),
    )

    id: str = Field(primary_key=True)
    kind: str
    user_id: str | None = None
    balance: int = Field(sa_type=BigInteger)
    """The sum of the account's entries, changed with each of them in the same transaction."""


class LedgerTransfer(SQLModel, table=True):
    __tablename__ = "ledger_transfers"
    __table_args__ = (
        UniqueConstraint("by_user_id", "key", name="uq_ledger_transfers_key"),
        Index("ix_ledger_transfers_room", "room_id", "seq"),
    )

    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    """1, 2, 3, ... without a gap."""
    id: str = Field(unique=True)
    kind: str
    at_unix_ms: int = Field(sa_type=BigInteger)
    by_user_id: str | None = None
    key: str | None = None
    content: str = ""
    room_id: str | None = None
    broadcast_id: str | None = None
    gift_id: str | None = None
    count: int = 0
    combo: int = 0
    refunds: str | None = Field(default=None, unique=True)
    note: str = ""
    previous_hash: str
    hash: str


class LedgerEntry(SQLModel, table=True):
    __tablename__ = "ledger_entries"
    __table_args__ = (Index("ix_ledger_entries_account", "account_id", "transfer_seq"),)

    transfer_seq: int = Field(
        sa_column=Column(ForeignKey("ledger_transfers.seq"), primary_key=True, autoincrement=False)
    )
    line: int = Field(primary_key=True)
    account_id: str = Field(sa_column=Column(ForeignKey("ledger_accounts.id"), nullable=False))
    amount: int = Field(sa_type=BigInteger)
    balance: int = Field(sa_type=BigInteger)
    """Of the account, afterwards."""


class SpendingLimit(SQLModel, table=True):
    __tablename__ = "spending_limits"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    gift_coins: int | None = Field(default=None, sa_type=BigInteger)
    day_coins: int | None = Field(default=None, sa_type=BigInteger)
    month_coins: int | None = Field(default=None, sa_type=BigInteger)


class WatchDay(SQLModel, table=True):
    """How many minutes a user has watched on one day; what was paid for it stands in the book."""

    __tablename__ = "watch_days"

    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    )
    day: int = Field(primary_key=True)
    minutes: int
