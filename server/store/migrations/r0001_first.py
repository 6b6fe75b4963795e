"""The first schema: accounts, rooms, broadcasts, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION: Final = "0001"


def upgrade(op: Operations) -> None:
    _create_accounts(op)
    _create_rooms(op)
    _create_broadcasts(op)
    _create_messages(op)


def _create_accounts(op: Operations) -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(), primary_key=True),
        _text("name"),
        sa.Column("name_folded", sa.String(), nullable=False, unique=True),
        sa.Column("name_skeleton", sa.String(), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        _big("created_at_unix_ms"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("user_id", "users.id", ondelete="CASCADE"),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        _text("device"),
        _big("created_at_unix_ms"),
        _big("last_used_at_unix_ms"),
        _big("expires_at_unix_ms"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "devices",
        sa.Column("token_hash", sa.String(), primary_key=True),
        _reference("user_id", "users.id", ondelete="CASCADE"),
        _big("last_used_at_unix_ms"),
    )
    op.create_index("ix_devices_user_id", "devices", ["user_id"])


def _create_rooms(op: Operations) -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.String(), primary_key=True),
        _text("name"),
        sa.Column("name_folded", sa.String(), nullable=False, unique=True),
        sa.Column("name_skeleton", sa.String(), nullable=False, unique=True),
        _reference("owner_id", "users.id"),
        _text("title"),
        _text("category"),
        _text("description"),
        _text("cover"),
        _text("privacy"),
        sa.Column("passphrase_hash", sa.String(), nullable=True),
        _text("search_text"),
        _big("created_at_unix_ms"),
    )
    op.create_index("ix_rooms_owner_id", "rooms", ["owner_id"])
    op.create_index("ix_rooms_created", "rooms", ["created_at_unix_ms", "id"])
    op.create_table(
        "room_moderators",
        _reference("room_id", "rooms.id", ondelete="CASCADE", primary_key=True),
        _reference("user_id", "users.id", ondelete="CASCADE", primary_key=True),
    )
    op.create_index("ix_room_moderators_user_id", "room_moderators", ["user_id"])
    op.create_table(
        "invites",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        _text("label"),
        _big("created_at_unix_ms"),
    )
    op.create_index("ix_invites_room_id", "invites", ["room_id"])
    op.create_table(
        "publish_keys",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        sa.Column("key_hash", sa.String(), nullable=False, unique=True),
        _text("label"),
        _big("created_at_unix_ms"),
        _big("last_used_at_unix_ms", nullable=True),
    )
    op.create_index("ix_publish_keys_room_id", "publish_keys", ["room_id"])


def _create_broadcasts(op: Operations) -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        _reference("user_id", "users.id"),
        _big("started_at_unix_us"),
        _big("last_seen_at_unix_us"),
        _big("ended_at_unix_us", nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        _big("last_pts_us"),
        sa.Column("viewers_peak", sa.Integer(), nullable=False),
        _big("bytes_received"),
    )
    op.create_index("ix_broadcasts_room", "broadcasts", ["room_id", "started_at_unix_us"])
    op.create_index("ix_broadcasts_ended_at_unix_us", "broadcasts", ["ended_at_unix_us"])


def _create_messages(op: Operations) -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("room_id", "rooms.id", ondelete="CASCADE"),
        _reference("user_id", "users.id"),
        _text("role"),
        _text("text"),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("color", sa.Integer(), nullable=False),
        _big("sent_at_unix_ms"),
        _big("media_time_us", nullable=True),
        sa.Column("reply_to", sa.String(), nullable=True),
    )
    op.create_index("ix_messages_room", "messages", ["room_id", "id"])
    op.create_index("ix_messages_user_id", "messages", ["user_id"])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _reference(
    name: str, target: str, *, ondelete: str | None = None, primary_key: bool = False
) -> sa.Column[Any]:
    key = sa.ForeignKey(target, ondelete=ondelete)
    return sa.Column(name, sa.String(), key, primary_key=primary_key, nullable=False)
