"""Pictures of rooms. What stood as a cover before was a word that nothing showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0019"


def upgrade(op: Operations) -> None:
    op.create_table(
        "room_covers",
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("cover_id", sa.String(), nullable=False, index=True),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("set_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    op.execute("UPDATE rooms SET cover = ''")
