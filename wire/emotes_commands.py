"""Commands of a room's own emotes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, Id, RoomIdField

EmoteName = Annotated[
    str,
    Meta(min_length=limits.EMOTE_NAME_CHARACTERS_MIN, max_length=limits.EMOTE_NAME_CHARACTERS_MAX),
]


class AddEmote(Command, frozen=True, kw_only=True):
    """Add an emote, or give one that is there another picture. Answer: Ok."""

    room_id: RoomIdField
    name: EmoteName
    picture: Annotated[bytes, Meta(min_length=1, max_length=limits.EMOTE_BYTES_MAX)]
    """A PNG."""


class RemoveEmote(Command, frozen=True, kw_only=True):
    """Answer: Ok."""

    room_id: RoomIdField
    name: EmoteName


class GetEmote(Command, frozen=True, kw_only=True):
    """The picture of an emote of a room that this socket has joined. Answer: EmotePicture."""

    room_id: RoomIdField
    emote_id: Id
