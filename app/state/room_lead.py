"""What leads a room's chat, and how one stands to its owner. Frozen; changed only by `apply`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from wire import chat_events, emotes_events, event_base, limits, room_events

if TYPE_CHECKING:
    from wire.ids import MessageId

LeadEvent = (
    chat_events.ChatRulesChanged
    | chat_events.MessagePinned
    | chat_events.Announced
    | emotes_events.EmotesChanged
)
_NO_RULES: Final = event_base.ChatRules()


@dataclass(frozen=True, slots=True)
class Followed:
    """The relay has taken the user's wish."""

    is_following: bool


@dataclass(frozen=True, slots=True)
class RoomLead:
    rules: event_base.ChatRules = _NO_RULES
    pinned: event_base.DanmakuPosted | None = None
    announcement: chat_events.Announcement | None = None
    is_following: bool = False
    followers: int = 0
    emotes: tuple[emotes_events.EmoteInfo, ...] = ()
    """The room's own."""

    def apply(self, change: room_events.RoomJoined | Followed | LeadEvent) -> RoomLead:
        match change:
            case room_events.RoomJoined():
                return RoomLead(
                    rules=change.chat_rules or _NO_RULES,
                    pinned=change.pinned,
                    announcement=change.announcement,
                    is_following=change.is_following,
                    followers=change.followers,
                    emotes=change.emotes[: limits.EMOTES_ROOM_MAX],
                )
            case Followed(is_following):
                step = int(is_following) - int(self.is_following)
                return replace(self, is_following=is_following, followers=self.followers + step)
            case chat_events.ChatRulesChanged(rules=rules):
                return replace(self, rules=rules)
            case chat_events.MessagePinned(message=message):
                return replace(self, pinned=message)
            case chat_events.Announced(announcement=announcement):
                return replace(self, announcement=announcement)
            case emotes_events.EmotesChanged(emotes=emotes):
                return replace(self, emotes=emotes[: limits.EMOTES_ROOM_MAX])

    def drop(self, message_ids: Collection[MessageId]) -> RoomLead:
        """What was deleted does not stay pinned."""
        if self.pinned is None or self.pinned.message_id not in message_ids:
            return self
        return replace(self, pinned=None)


NO_LEAD: Final = RoomLead()
