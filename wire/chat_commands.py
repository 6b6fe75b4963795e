"""Requests of the chat: what is said, liked, pinned, held for review."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, DanmakuMode, DanmakuSize, RoomIdField
from wire.ids import MessageId


class SendDanmaku(Command, frozen=True, kw_only=True):
    """Say something in a joined room. Answer: DanmakuAccepted, once the message is on disk."""

    room_id: RoomIdField
    text: Annotated[str, Meta(max_length=limits.DANMAKU_CHARACTERS_MAX * 4)]
    mode: DanmakuMode = 1
    color: Annotated[int, Meta(ge=0, le=0xFFFFFF)] = 0xFFFFFF
    size: DanmakuSize = "normal"
    reply_to: Annotated[MessageId, Meta(max_length=limits.ID_CHARACTERS_MAX)] | None = None


class SetChatRules(Command, frozen=True, kw_only=True):
    """What may be said in a room, and when it is seen. Answer: Ok. What is left out is off."""

    room_id: RoomIdField
    slow_s: Annotated[int, Meta(ge=0, le=limits.CHAT_SLOW_S_MAX)] = 0
    followers_only: bool = False
    emoji_only: bool = False
    is_held: bool = False
    delay_s: Annotated[int, Meta(ge=0, le=limits.CHAT_DELAY_S_MAX)] = 0
    known_only: bool = False
    """Only who wrote here, or followed the owner, before this was switched on."""
    is_muted: bool = False
    """Nobody but those who lead it."""


class ReviewDanmaku(Command, frozen=True, kw_only=True):
    """Show a held message to all, or drop it. Answer: Ok."""

    room_id: RoomIdField
    message_id: Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    is_shown: bool


class PinMessage(Command, frozen=True, kw_only=True):
    """Keep one message above the chat; null takes it down. Answer: Ok."""

    room_id: RoomIdField
    message_id: Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)] | None


class Announce(Command, frozen=True, kw_only=True):
    """A line above the chat; an empty one takes it down. Answer: Ok."""

    room_id: RoomIdField
    text: Annotated[str, Meta(max_length=limits.ANNOUNCEMENT_CHARACTERS_MAX * 4)]


class SendLikes(Command, frozen=True, kw_only=True):
    """So many taps since the last ones; what exceeds the tap window is not counted. Answer: Ok."""

    room_id: RoomIdField
    count: Annotated[int, Meta(ge=1, le=limits.LIKES_BATCH_MAX)]
