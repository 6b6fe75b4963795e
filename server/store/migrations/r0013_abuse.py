"""Raids and what was done against them; devices and addresses, hashed; who is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0013"


def upgrade(op: Operations) -> None:
    op.create_table(
        "raids",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("act_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("identities", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("known_since_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("message_ids", sa.String(), nullable=False),
        sa.Column("sanction_ids", sa.String(), nullable=False),
    )
    op.create_index("ix_raids_room_id", "raids", ["room_id"])
    op.create_table(
        "identity_marks",
        _user(),
        sa.Column("mark", sa.String(), primary_key=True),
        sa.Column("seen_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    for column in ("mark", "seen_at_unix_ms"):
        op.create_index(f"ix_identity_marks_{column}", "identity_marks", [column])
    op.create_table(
        "trusted_identities",
        _user(),
        sa.Column(
            "room_id",
            sa.String(),
            sa.ForeignKey("rooms.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )


def _user() -> sa.Column[str]:
    return sa.Column(
        "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
