"""A book of acts, sanctions, and messages that were taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0006"


def upgrade(op: Operations) -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("action", sa.String(), nullable=False),
        _user("actor_id"),
        sa.Column("role", sa.String(), nullable=False),
        _room(),
        _user("user_id"),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("undo", sa.String(), nullable=True),
        sa.Column("at_unix_ms", sa.BigInteger(), nullable=False),
        _user("undone_by"),
        sa.Column("undone_at_unix_ms", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_acts_room", "acts", ["room_id", "id"])
    op.create_index("ix_acts_actor_id", "acts", ["actor_id"])
    op.create_index("ix_acts_user_id", "acts", ["user_id"])
    op.create_table(
        "sanctions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
        ),
        _room(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _user("imposed_by"),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("imposed_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_unix_ms", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at_unix_ms", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_sanctions_room", "sanctions", ["room_id", "id"])
    op.create_index("ix_sanctions_user_id", "sanctions", ["user_id"])
    op.add_column("messages", sa.Column("deleted_by", sa.String(), nullable=True))
    op.add_column("messages", sa.Column("deleted_at_unix_ms", sa.BigInteger(), nullable=True))
    op.add_column("rooms", sa.Column("closed_reason", sa.String(), nullable=True))
    op.add_column("rooms", sa.Column("closed_role", sa.String(), nullable=False, server_default=""))
    op.add_column("chat_rooms", sa.Column("muted_role", sa.String(), nullable=True))
    op.add_column("chat_rooms", sa.Column("known_since_unix_ms", sa.BigInteger(), nullable=True))


def _user(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), sa.ForeignKey("users.id"), nullable=True)


def _room() -> sa.Column[str]:
    key = sa.ForeignKey("rooms.id", ondelete="CASCADE")
    return sa.Column("room_id", sa.String(), key, nullable=True)
