"""What the use cases of rooms answer the gateway with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wire.event_base import Role, RoomInfo
    from wire.ids import PublishKeyId, RoomId, SessionId, UserId
    from wire.room_events import RoomDetails


@dataclass(frozen=True)
class PublishGrant:
    """On whose word a publisher may go live."""

    room_id: RoomId
    room_name: str
    user_id: UserId
    session_id: SessionId | None
    key_id: PublishKeyId | None
    away_s: int = 0
    """How long the room waits for its host; 0: as the house says."""


@dataclass(frozen=True)
class SubscribeGrant:
    """Who watches; nobody known for a guest in a public room."""

    room_id: RoomId
    user_id: UserId | None
    session_id: SessionId | None


@dataclass(frozen=True)
class EnsuredRoom:
    """A room of `--room`."""

    room_id: RoomId
    name: str
    publish_key: str


@dataclass(frozen=True)
class Entered:
    """Somebody may be in the room now."""

    room: RoomInfo
    role: Role


@dataclass(frozen=True)
class Edited:
    details: RoomDetails
    is_closed_to_guests: bool
    """The room was public before and is not now."""
    is_changed: bool
    """Something is not as it was."""
