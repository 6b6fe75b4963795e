"""Tables of rooms. Only `RoomService` and its parts read and write them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, false
from sqlmodel import Field, SQLModel


class Room(SQLModel, table=True):
    __tablename__ = "rooms"
    __table_args__ = (Index("ix_rooms_created", "created_at_unix_ms", "id"),)

    id: str = Field(primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    name_skeleton: str = Field(unique=True)
    owner_id: str = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    title: str = ""
    category: str = ""
    description: str = ""
    cover: str = ""
    """The id of its picture in `room_covers`; empty: none."""
    privacy: str = "public"
    passphrase_hash: str | None = None
    """Argon2id; set while privacy is "passphrase"."""
    search_text: str = ""
    """`text.fold` of name and title, for searching."""
    created_at_unix_ms: int = Field(sa_type=BigInteger)
    is_featured: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    starts_at_unix_ms: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"}
    )
    """When it means to be live next; 0: nothing is planned."""
    starts_title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    away_s: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How long a host who was cut off is waited for; 0: as the house says."""
    closed_reason: str | None = None
    """None: it is open."""
    closed_role: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """As what it was closed: who stands lower does not reopen it."""


class RoomCover(SQLModel, table=True):
    __tablename__ = "room_covers"

    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
    cover_id: str = Field(index=True)
    """The SHA-256 of the picture, in hexadecimal digits."""
    picture: bytes
    """A JPEG."""
    set_at_unix_ms: int = Field(sa_type=BigInteger)


class RoomModerator(SQLModel, table=True):
    __tablename__ = "room_moderators"

    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    )
    user_id: str = Field(
        sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    )


class Invite(SQLModel, table=True):
    __tablename__ = "invites"

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    token_hash: str = Field(unique=True)
    label: str = ""
    created_at_unix_ms: int = Field(sa_type=BigInteger)


class PublishKey(SQLModel, table=True):
    __tablename__ = "publish_keys"

    id: str = Field(primary_key=True)
    room_id: str = Field(
        sa_column=Column(ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    key_hash: str = Field(unique=True)
    label: str = ""
    created_at_unix_ms: int = Field(sa_type=BigInteger)
    last_used_at_unix_ms: int | None = Field(default=None, sa_type=BigInteger)
