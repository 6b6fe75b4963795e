"""What client-to-relay messages are made of: their bases and the types of their fields.

The messages themselves: commands.py, and one module for each further group of them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from wire import limits
from wire.ids import RoomId, UserId

Id = Annotated[str, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
RoomIdField = Annotated[RoomId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
UserIdField = Annotated[UserId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
Secret = Annotated[str, Meta(max_length=limits.TOKEN_CHARACTERS_MAX)]
Password = Annotated[str, Meta(max_length=limits.PASSWORD_CHARACTERS_MAX * 4)]
"""Longer than the rule, so that the rule's own words reach the user."""
Name = Annotated[str, Meta(max_length=limits.USER_NAME_CHARACTERS_MAX * 4)]
Label = Annotated[str, Meta(max_length=limits.LABEL_CHARACTERS_MAX)]
Count = Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]
RoundSeconds = Annotated[int, Meta(ge=limits.ROUND_S_MIN, le=limits.ROUND_S_MAX)]
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]
Coins = Annotated[int, Meta(ge=1, le=limits.COINS_MAX)]
CoinLimit = Annotated[int, Meta(ge=0, le=limits.COINS_MAX)] | None
Key = Annotated[str, Meta(min_length=1, max_length=limits.IDEMPOTENCY_KEY_CHARACTERS_MAX)]
"""Made by the client, one for each thing that is to be done once, however often it is asked."""
Note = Annotated[str, Meta(max_length=limits.NOTE_CHARACTERS_MAX)]
RoomName = Annotated[str, Meta(min_length=1, max_length=limits.ROOM_NAME_CHARACTERS_MAX)]

Privacy = Literal["public", "passphrase", "invite"]
RoomOrder = Literal["usual", "recommended"]
GiverSpan = Literal["broadcast", "week", "all"]
DanmakuMode = Literal[1, 4, 5, 6]
"""1 scrolls right to left, 4 bottom, 5 top, 6 scrolls left to right (Bilibili's numbers)."""
DanmakuSize = Literal["small", "normal", "large"]
"""18, 25 and 36 of Bilibili's: of a viewer's own size 0.72, 1 and 1.44."""


class Command(
    Struct, frozen=True, kw_only=True, tag=True, tag_field="type", forbid_unknown_fields=True
):
    """A control request."""

    id: Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]


class MediaMessage(
    Struct, frozen=True, kw_only=True, tag=True, tag_field="type", forbid_unknown_fields=True
):
    """A JSON message on a media socket."""
