"""Answers and events of the chat."""

from __future__ import annotations

from wire.event_base import Answer, ChatRules, DanmakuPosted, Data, Event
from wire.ids import MessageId, RoomId
from wire.words_events import HeldReason


class DanmakuAccepted(Answer, frozen=True, kw_only=True):
    message_id: MessageId
    sent_at_unix_ms: int
    is_held: bool = False
    """Nobody sees it before the room's owner or a moderator lets it through."""
    reason: HeldReason | None = None
    """Why, when it is held."""


class Announcement(Data, frozen=True, kw_only=True):
    text: str
    name: str
    """Who announced it."""
    at_unix_ms: int


class LikesCounted(Event, frozen=True, kw_only=True):
    """Only when something changed, and at most 4 a second of a room."""

    room_id: RoomId
    total: int
    """Of this broadcast."""
    rate_per_s: int = 0
    """Taps a second over the last 2 s."""


class ChatRulesChanged(Event, frozen=True, kw_only=True):
    room_id: RoomId
    rules: ChatRules


class DanmakuHeld(Event, frozen=True, kw_only=True):
    """To owner, moderators and admins alone: it waits for ReviewDanmaku."""

    room_id: RoomId
    message: DanmakuPosted
    reason: HeldReason | None = None
    """A relay from before this field held for `review` alone."""


class DanmakuReviewed(Event, frozen=True, kw_only=True):
    """To the same: somebody has decided. Where it is shown, DanmakuPosted comes to all."""

    room_id: RoomId
    message_id: MessageId
    is_shown: bool


class MessagePinned(Event, frozen=True, kw_only=True):
    room_id: RoomId
    message: DanmakuPosted | None
    """None: taken down."""


class Announced(Event, frozen=True, kw_only=True):
    room_id: RoomId
    announcement: Announcement | None
    """None: taken down."""
