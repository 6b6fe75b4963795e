"""Chats get rules, a pinned message and an announcement; users follow users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0005"


def upgrade(op: Operations) -> None:
    op.create_table(
        "chat_rooms",
        sa.Column(
            "room_id",
            sa.String(),
            sa.ForeignKey("rooms.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("slow_s", sa.Integer(), nullable=False),
        sa.Column("followers_only", sa.Boolean(), nullable=False),
        sa.Column("emoji_only", sa.Boolean(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("delay_s", sa.Integer(), nullable=False),
        sa.Column("pinned_id", sa.String(), nullable=True),
        sa.Column("announcement", sa.String(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("announced_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "follows",
        _user("follower_id"),
        _user("followed_id"),
        sa.Column("since_unix_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_follows_followed_id", "follows", ["followed_id"])


def _user(name: str) -> sa.Column[str]:
    key = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column(name, sa.String(), key, primary_key=True)
