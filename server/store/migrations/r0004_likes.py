"""The likes of a broadcast, polls and lucky draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0004"


def upgrade(op: Operations) -> None:
    likes = sa.Column("likes", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("broadcasts", likes)
    _create_polls(op)
    _create_draws(op)


def _create_polls(op: Operations) -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        _reference("user_id", "users.id"),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        *_times(),
    )
    op.create_index("ix_polls_room_id", "polls", ["room_id"])
    op.create_index("ix_polls_closed_at_unix_ms", "polls", ["closed_at_unix_ms"])
    op.create_table(
        "poll_votes",
        _reference("poll_id", "polls.id", ondelete="CASCADE", primary_key=True),
        _reference("user_id", "users.id", ondelete="CASCADE", primary_key=True),
        sa.Column("choice", sa.Integer(), nullable=False),
    )
    op.create_index("ix_poll_votes_user_id", "poll_votes", ["user_id"])


def _create_draws(op: Operations) -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        _reference("user_id", "users.id"),
        sa.Column("prize", sa.String(), nullable=False),
        sa.Column("winners_max", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        *_times(),
    )
    op.create_index("ix_draws_room_id", "draws", ["room_id"])
    op.create_index("ix_draws_closed_at_unix_ms", "draws", ["closed_at_unix_ms"])
    op.create_table(
        "draw_entries",
        _reference("draw_id", "draws.id", ondelete="CASCADE", primary_key=True),
        _reference("user_id", "users.id", primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("draw_id", "number"),
    )
    op.create_index("ix_draw_entries_user_id", "draw_entries", ["user_id"])


def _times() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("opened_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("ends_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_at_unix_ms", sa.BigInteger(), nullable=True),
    )


def _reference(
    name: str, target: str, *, ondelete: str | None = None, primary_key: bool = False
) -> sa.Column[Any]:
    key = sa.ForeignKey(target, ondelete=ondelete)
    return sa.Column(name, sa.String(), key, primary_key=primary_key, nullable=False)
