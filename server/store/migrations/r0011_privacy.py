"""What users agree to and choose; users that are erased; who announced what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0011"


def upgrade(op: Operations) -> None:
    op.create_table(
        "privacy_choices",
        sa.Column(
            "user_id",
            sa.String(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("agreed_version", sa.Integer(), nullable=False),
        sa.Column("agreed_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
    )
    op.add_column("users", sa.Column("erased_at_unix_ms", sa.BigInteger(), nullable=True))
    op.add_column("chat_rooms", sa.Column("announced_by_id", sa.String(), nullable=True))
    # Rows from before know the name alone. A name is unique, and who has changed it since is not
    # found: such a line is taken down, rather than left for ever.
    op.execute(
        "UPDATE chat_rooms SET announced_by_id = "
        "(SELECT users.id FROM users WHERE users.name = chat_rooms.announced_by)"
    )
    op.execute(
        "UPDATE chat_rooms SET announcement = '', announced_by = '' WHERE announced_by_id IS NULL"
    )
