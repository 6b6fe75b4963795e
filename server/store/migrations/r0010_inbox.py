"""Reports of messages, users and rooms; feedback to the admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0010"


def upgrade(op: Operations) -> None:
    _create_reports(op)
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("diagnostics", sa.String(), nullable=False),
        sa.Column("screenshot", sa.LargeBinary(), nullable=True),
        sa.Column("sanction_id", sa.String(), nullable=True),
        sa.Column("sent_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("answered_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("user_id", "idempotency_key", name="uq_feedback_key"),
    )
    for column in ("user_id", "sanction_id", "sent_at_unix_ms"):
        op.create_index(f"ix_feedback_{column}", "feedback", [column])


def _create_reports(op: Operations) -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column(
            "room_id", sa.String(), sa.ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("room_name", sa.String(), nullable=False),
        sa.Column("accused_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("first_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("claimed_until_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("decided_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
    )
    op.create_index("ix_reports_target", "reports", ["kind", "target_id", "room_id"])
    op.create_index("ix_reports_queue", "reports", ["state", "room_id"])
    op.create_index("ix_reports_accused_id", "reports", ["accused_id"])
    op.create_table(
        "report_entries",
        sa.Column(
            "report_id",
            sa.String(),
            sa.ForeignKey("reports.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("reporter_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_report_entries_reporter_id", "report_entries", ["reporter_id"])
