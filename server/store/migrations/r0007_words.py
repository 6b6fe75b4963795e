"""Word lists and rules of automatic moderation; held messages are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0007"


def upgrade(op: Operations) -> None:
    op.create_table(
        "moderation_words",
        sa.Column("scope", sa.String(), primary_key=True),
        sa.Column("word", sa.String(), primary_key=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    levels = ("links", "caps", "flood_one", "flood_many")
    hits = ("hits_word", "hits_link", "hits_caps", "hits_flood_one", "hits_flood_many")
    op.create_table(
        "moderation_rules",
        sa.Column("scope", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in levels),
        sa.Column("allowed_domains", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in hits),
    )
    op.create_table(
        "held_messages",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("color", sa.Integer(), nullable=False),
        sa.Column("sent_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("media_time_us", sa.BigInteger(), nullable=True),
        sa.Column("reply_to", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
    )
    op.create_index("ix_held_messages_room", "held_messages", ["room_id", "id"])
    op.create_index("ix_held_messages_user_id", "held_messages", ["user_id"])
