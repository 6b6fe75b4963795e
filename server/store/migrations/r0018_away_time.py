"""How long each room waits for its host who was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0018"


def upgrade(op: Operations) -> None:
    # 0: as long as the house says.
    op.add_column("rooms", sa.Column("away_s", sa.Integer(), nullable=False, server_default="0"))
