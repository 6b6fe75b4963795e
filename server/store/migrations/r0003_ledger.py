"""Coins: the ledger with the triggers that keep it append-only, limits, watching, red packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0003"

_WORDS: Final = "the ledger is append-only"
_APPEND_ONLY: Final = ("ledger_transfers", "ledger_entries")


def upgrade(op: Operations) -> None:
    _create_ledger(op)
    if op.get_bind().dialect.name == "postgresql":
        _protect_postgresql(op)
    else:
        _protect_sqlite(op)
    _create_limits(op)
    _create_red_packets(op)


def _create_ledger(op: Operations) -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.String(), primary_key=True),
        _text("kind"),
        _text("user_id", nullable=True),
        _big("balance"),
        sa.CheckConstraint("balance >= 0 OR kind = 'issue'", name="ck_ledger_accounts_balance"),
    )
    op.create_table(
        "ledger_transfers",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        _text("kind"),
        _big("at_unix_ms"),
        _text("by_user_id", nullable=True),
        _text("key", nullable=True),
        _text("content"),
        _text("room_id", nullable=True),
        _text("broadcast_id", nullable=True),
        _text("gift_id", nullable=True),
        _integer("count"),
        _integer("combo"),
        sa.Column("refunds", sa.String(), nullable=True, unique=True),
        _text("note"),
        _text("previous_hash"),
        _text("hash"),
        sa.UniqueConstraint("by_user_id", "key", name="uq_ledger_transfers_key"),
    )
    op.create_index("ix_ledger_transfers_room", "ledger_transfers", ["room_id", "seq"])
    op.create_table(
        "ledger_entries",
        sa.Column(
            "transfer_seq",
            sa.BigInteger(),
            sa.ForeignKey("ledger_transfers.seq"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("line", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("account_id", sa.String(), sa.ForeignKey("ledger_accounts.id"), nullable=False),
        _big("amount"),
        _big("balance"),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account_id", "transfer_seq"])


def _protect_sqlite(op: Operations) -> None:
    for table in _APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            )


def _protect_postgresql(op: Operations) -> None:
    op.execute(
        "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
        )


def _create_limits(op: Operations) -> None:
    op.create_table(
        "spending_limits",
        _user(),
        _big("gift_coins", nullable=True),
        _big("day_coins", nullable=True),
        _big("month_coins", nullable=True),
    )
    op.create_table(
        "watch_days",
        _user(),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        _integer("minutes"),
    )


def _create_red_packets(op: Operations) -> None:
    op.create_table(
        "red_packets",
        sa.Column("id", sa.String(), primary_key=True),
        _text("room_id"),
        _text("user_id"),
        _big("coins"),
        _big("ends_at_unix_ms"),
        _big("ended_at_unix_ms", nullable=True),
    )
    op.create_index("ix_red_packets_ended_at_unix_ms", "red_packets", ["ended_at_unix_ms"])
    op.create_table(
        "red_packet_shares",
        sa.Column("packet_id", sa.String(), sa.ForeignKey("red_packets.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _big("coins"),
        _text("user_id", nullable=True),
        _big("balance_coins"),
        sa.UniqueConstraint("packet_id", "user_id", name="uq_red_packet_shares_user"),
    )


def _user() -> sa.Column[Any]:
    key = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column("user_id", sa.String(), key, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _integer(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)
