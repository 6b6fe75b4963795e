"""The likes of a broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0004"


def upgrade(op: Operations) -> None:
    likes = sa.Column("likes", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("broadcasts", likes)
