"""Settings that change while the relay runs, the house's figures, and what admins do with rooms,
passwords and gifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0012"

_FIGURES: Final = (
    "viewers",
    "rooms_live",
    "sockets",
    "bytes_in_per_s",
    "bytes_out_per_s",
    "cpu_permille",
    "memory_bytes",
    "lag_us_max",
    "messages",
    "coins",
    "refusals",
    "sanctions",
)


def upgrade(op: Operations) -> None:
    op.create_table(
        "relay_settings",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "house_figures",
        sa.Column("at_unix_ms", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _FIGURES),
    )
    op.create_table(
        "password_resets",
        sa.Column(
            "user_id",
            sa.String(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_at_unix_ms", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "gift_choices",
        sa.Column("gift_id", sa.String(), primary_key=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("price_coins", sa.BigInteger(), nullable=False),
    )
    for column in (
        sa.Column("is_featured", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("starts_at_unix_ms", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("starts_title", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("rooms", column)
