"""Users say something of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0002"


def upgrade(op: Operations) -> None:
    op.add_column("users", sa.Column("about", sa.String(), nullable=False, server_default=""))
