"""A room's own emotes as a client hears of them."""

from __future__ import annotations

from wire.event_base import Answer, Data, Event
from wire.ids import RoomId


class EmoteInfo(Data, frozen=True, kw_only=True):
    name: str
    """It stands in a text between two colons."""
    emote_id: str
    """The SHA-256 of its picture, in hexadecimal digits."""


class EmotePicture(Answer, frozen=True, kw_only=True):
    emote_id: str
    picture: bytes
    """A PNG. A client compares it with the id, and checks its size, before it decodes it."""


class EmotesChanged(Event, frozen=True, kw_only=True):
    """All that the room has now."""

    room_id: RoomId
    emotes: tuple[EmoteInfo, ...] = ()
