"""Client to relay: what a keeper says about a raid. Taking it back is UndoAct of its act."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, RoomIdField


class KeepRaid(Command, frozen=True, kw_only=True):
    """It was one: what was done against it stays until its time is over. Answer: Ok."""

    room_id: RoomIdField
    raid_id: Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
