"""What people do, as far as they let it be recorded; wishes, models and their quality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0014"


def upgrade(op: Operations) -> None:
    op.create_table(
        "behaviour",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column(
            "user_id", sa.String(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "streamer_id",
            sa.String(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("broadcast_id", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("delay_ms", sa.Integer(), nullable=False),
        sa.Column("stalls", sa.Integer(), nullable=False),
    )
    op.create_index("ix_behaviour_at", "behaviour", ["at_unix_ms"])
    op.create_index("ix_behaviour_user", "behaviour", ["user_id", "at_unix_ms"])
    op.create_index("ix_behaviour_streamer", "behaviour", ["streamer_id"])
    op.create_table(
        "taste_wishes",
        sa.Column(
            "user_id",
            sa.String(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("weight", sa.Float(), nullable=False),
    )
    op.create_index("ix_taste_wishes_subject", "taste_wishes", ["subject"])
    op.create_table(
        "recommender_models",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("made_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_serving", sa.Boolean(), nullable=False),
        sa.Column("artefact", sa.Text(), nullable=False),
        sa.Column("streamer_ids", sa.Text(), nullable=False),
        sa.Column("neighbours", sa.LargeBinary(), nullable=False),
    )
    counts = ("moments", "lists", "places", "new_places", "shown", "live")
    sums = ("hits", "ndcg", "popular_hits", "popular_ndcg")
    op.create_table(
        "recommender_days",
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        *(sa.Column(name, sa.Float(), nullable=False) for name in sums),
    )
