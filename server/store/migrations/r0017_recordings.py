"""Recordings, what happened while they were made, and rooms that want none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0017"


def upgrade(op: Operations) -> None:
    op.create_table(
        "replays",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("broadcast_id", sa.String(), nullable=False),
        sa.Column("room_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("started_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("base_pts_us", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("video_codec", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sound_channels", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("danmaku", sa.Integer(), nullable=False),
        sa.Column("density", sa.String(), nullable=False),
        sa.Column("density_step_ms", sa.Integer(), nullable=False),
        sa.Column("chapters", sa.String(), nullable=False),
    )
    op.create_index("ix_replays_room_id", "replays", ["room_id"])
    op.create_index("ix_replays_broadcast_id", "replays", ["broadcast_id"])
    op.create_table(
        "replay_entries",
        sa.Column(
            "replay_id",
            sa.String(),
            sa.ForeignKey("replays.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
    )
    op.create_index("ix_replay_entries_time", "replay_entries", ["replay_id", "at_ms", "number"])
    op.create_index("ix_replay_entries_user_id", "replay_entries", ["user_id"])
    op.create_index("ix_replay_entries_message_id", "replay_entries", ["message_id"])
    op.create_table(
        "room_recordings",
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("is_on", sa.Boolean(), nullable=False),
    )
