"""How large a message flies, of those that were shown and of those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0015"


def upgrade(op: Operations) -> None:
    for table in ("messages", "held_messages"):
        # What was said before there were sizes was of the normal one.
        size = sa.Column("size", sa.String(), nullable=False, server_default="normal")
        op.add_column(table, size)
