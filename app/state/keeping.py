"""A room as those who keep it in order see it: what waits, what is gone. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from app.state.room_lead import NO_LEAD, LeadEvent, RoomLead
from app.state.rounds import RoundChange, Rounds
from wire import events

if TYPE_CHECKING:
    from wire.ids import MessageId, RoomId

KEEPERS: Final[frozenset[events.Role]] = frozenset({"streamer", "moderator", "admin"})
GONE_MAX: Final = 500
"""As many deleted messages are remembered, so that none comes back with a late event."""

KeepingEvent = events.DanmakuHeld | events.DanmakuReviewed


@dataclass(frozen=True, slots=True)
class Target:
    """A message and its writer, with whom something is to be done. Names are a stranger's words."""

    message_id: str
    user_id: str
    name: str
    role: events.Role
    text: str


def target_of(message: events.DanmakuPosted) -> Target:
    return Target(message.message_id, message.user_id, message.name, message.role, message.text)


@dataclass(frozen=True, slots=True)
class Keeping:
    held: tuple[events.DanmakuPosted, ...] = ()
    """What waits for review, the oldest first."""
    gone: tuple[MessageId, ...] = ()
    """Messages that were deleted, the newest last."""

    def join(self, answer: events.RoomJoined, shown: tuple[events.DanmakuPosted, ...]) -> Keeping:
        """After a cut: what was shown and is missing in the answer was deleted meanwhile."""
        gone: tuple[MessageId, ...] = ()
        if answer.messages:
            there = {message.message_id for message in answer.messages}
            first, last = min(there), max(there)
            gone = tuple(
                message.message_id
                for message in shown
                if first <= message.message_id <= last and message.message_id not in there
            )
        return replace(self, held=answer.held, gone=(*self.gone, *gone)[-GONE_MAX:])

    def apply(self, event: KeepingEvent) -> Keeping:
        match event:
            case events.DanmakuHeld(message=message):
                if any(one.message_id == message.message_id for one in self.held):
                    return self
                return replace(self, held=(*self.held, message))
            case events.DanmakuReviewed(message_id=message_id):
                held = tuple(one for one in self.held if one.message_id != message_id)
                return replace(self, held=held)


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """All that the controls of a room's keepers need, in Room and in Studio alike."""

    room_id: RoomId | None = None
    """None: not joined."""
    role: events.Role = "guest"
    lead: RoomLead = NO_LEAD
    rounds: Rounds = field(default_factory=Rounds)
    keeping: Keeping = field(default_factory=Keeping)

    @property
    def is_keeper(self) -> bool:
        return self.room_id is not None and self.role in KEEPERS

    @property
    def keeps_room_id(self) -> RoomId | None:
        """None where one may only look."""
        return self.room_id if self.is_keeper else None

    def join(self, answer: events.RoomJoined, shown: tuple[events.DanmakuPosted, ...]) -> KeptRoom:
        return KeptRoom(
            room_id=answer.room.room_id,
            role=answer.role,
            lead=self.lead.apply(answer),
            rounds=self.rounds.join(answer),
            keeping=self.keeping.join(answer, shown),
        )

    def apply(self, change: LeadEvent | RoundChange | KeepingEvent | events.RoomEvent) -> KeptRoom:
        """Itself where it does not concern what is kept here."""
        if isinstance(change, LeadEvent):
            return replace(self, lead=self.lead.apply(change))
        if isinstance(change, RoundChange):
            return replace(self, rounds=self.rounds.apply(change))
        if isinstance(change, KeepingEvent):
            return replace(self, keeping=self.keeping.apply(change))
        return self
