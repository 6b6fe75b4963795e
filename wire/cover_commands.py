"""The command of a room's cover."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, RoomIdField


class SetCover(Command, frozen=True, kw_only=True):
    """Give the room a picture, or take it away. Answer: RoomDetails."""

    room_id: RoomIdField
    picture: Annotated[bytes, Meta(min_length=1, max_length=limits.COVER_BYTES_MAX)] | None = None
    """A baseline JPEG; None: no picture."""
