"""A room as those who keep it in order see it: what waits, what is gone. Frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from app.state.room_lead import NO_LEAD, LeadEvent, RoomLead
from app.state.rounds import RoundChange, Rounds
from wire import chat_events, detection_events, event_base, events, order_events, room_events
from wire.permissions import Action, is_allowed, may_take_back, stands_above

if TYPE_CHECKING:
    from wire.ids import MessageId, RoomId
    from wire.order_commands import SanctionKind
    from wire.words_events import HeldReason

Messages = tuple[event_base.DanmakuPosted, ...]

GONE_MAX: Final = 500
"""As many deleted messages are remembered: what shows them takes them away."""
ACTS_MAX: Final = 100
SANCTION_PRESETS_S: Final[tuple[int | None, ...]] = (60, 600, 3_600, 86_400, 604_800, None)
"""None: for ever."""


@dataclass(frozen=True, slots=True)
class ActsListed:
    """What was done to keep the room in order, the newest first."""

    acts: tuple[order_events.ActInfo, ...]


@dataclass(frozen=True, slots=True)
class OwnSanction:
    """What stands against the one who looks."""

    sanction_id: str
    kind: SanctionKind
    reason: str = ""
    by: str = ""
    """Who imposed it; empty: the relay itself."""
    is_everywhere: bool = False
    """In the whole house, not in this room alone."""
    until_mono_ms: int | None = None
    """None: for ever."""


@dataclass(frozen=True, slots=True)
class OwnSanctionsRead:
    """All of them, those of other rooms left out."""

    sanctions: tuple[OwnSanction, ...]


KeepingEvent = (
    chat_events.DanmakuHeld
    | chat_events.DanmakuReviewed
    | order_events.MessagesDeleted
    | order_events.MessagesRestored
    | order_events.ActRecorded
    | detection_events.RaidDetected
    | ActsListed
    | OwnSanctionsRead
)
_WEIGHT: Final[dict[SanctionKind, int]] = {"mute": 1, "kick": 2, "ban": 3}


def read_own_sanction(info: order_events.SanctionInfo, now_mono_ms: int) -> OwnSanction | None:
    """None where it is over."""
    if info.remaining_ms == 0:
        return None
    return OwnSanction(
        sanction_id=info.sanction_id,
        kind=info.kind,
        reason=info.reason,
        by=info.imposed_by.name if info.imposed_by is not None else "",
        is_everywhere=info.room_id is None,
        until_mono_ms=None if info.remaining_ms is None else now_mono_ms + info.remaining_ms,
    )


@dataclass(frozen=True, slots=True)
class Target:
    """A message and its writer, with whom something is to be done. Names are a stranger's words."""

    message_id: str
    user_id: str
    name: str
    role: event_base.Role
    text: str


def merge_restored(shown: Messages, restored: Messages) -> Messages:
    """Back in their places; each once. Not in order of their ids: what came late stays late."""
    merged = list(shown)
    there = {message.message_id for message in shown}
    for message in restored:
        if message.message_id not in there:
            newer = (at for at, one in enumerate(merged) if one.message_id > message.message_id)
            merged.insert(next(newer, len(merged)), message)
            there.add(message.message_id)
    return tuple(merged)


def merge_joined(shown: Messages, listed: Messages, gone: Collection[MessageId]) -> Messages:
    """What is shown after joining again: the last ones as the relay lists them, in the order in
    which they came, and what else was shown here and is not gone, before them."""
    known = {*gone, *(message.message_id for message in listed)}
    newest = max((message.message_id for message in listed), default="")
    left = [one for one in shown if one.message_id not in known]
    older = (one for one in left if one.message_id <= newest)
    return (*older, *listed, *(one for one in left if one.message_id > newest))


def _find_missing(listed: Messages, shown: Messages) -> tuple[MessageId, ...]:
    """What is missing among the last ones that the relay lists; both in the order in which they
    came.

    They begin with the first of them that was shown here, whatever its id: a message that was held
    or delayed has an older id than those among which it came. A relay that has just started lists
    by the ids alone: what came late is then not among the last ones, and not missing.
    """
    there = {message.message_id for message in listed}
    places = {message.message_id: place for place, message in enumerate(shown)}
    first = next((one.message_id for one in listed if one.message_id in places), None)
    if first is None:
        return ()
    oldest, newest = min(there), max(there)
    behind = (one.message_id for one in shown[places[first] :])
    return tuple(one for one in behind if one not in there and oldest <= one <= newest)


def target_of(message: event_base.DanmakuPosted) -> Target:
    return Target(message.message_id, message.user_id, message.name, message.role, message.text)


@dataclass(frozen=True, slots=True)
class Keeping:
    held: tuple[event_base.DanmakuPosted, ...] = ()
    """What waits for review, the oldest first."""
    reasons: tuple[tuple[MessageId, HeldReason], ...] = ()
    """Why each of them waits, where that is known."""
    gone: tuple[MessageId, ...] = ()
    """Messages that were deleted, the newest last."""
    acts: tuple[order_events.ActInfo, ...] = ()
    """What was done lately, the newest first; of those who may see it alone."""
    own: tuple[OwnSanction, ...] = ()
    """What stands against the one who looks."""
    raid: detection_events.RaidInfo | None = None
    """What the room is shut against now; of those who lead it alone."""

    def join(self, answer: room_events.RoomJoined, shown: Messages) -> Keeping:
        """After a cut: what was shown and is missing in the answer was deleted meanwhile, and what
        is in it was restored."""
        there = {message.message_id for message in answer.messages}
        kept = tuple(one for one in self.gone if one not in there)
        waiting = zip(answer.held, answer.held_reasons, strict=False)
        return replace(
            self,
            held=answer.held,
            raid=answer.raid,
            reasons=tuple((message.message_id, reason) for message, reason in waiting),
            gone=(*kept, *_find_missing(answer.messages, shown))[-GONE_MAX:],
        )

    def find_reason(self, message_id: str) -> HeldReason | None:
        """Why it waits."""
        return next((why for key, why in self.reasons if key == message_id), None)

    def find_own(self, now_mono_ms: int) -> OwnSanction | None:
        """The one that weighs most now."""
        standing = [
            one for one in self.own if one.until_mono_ms is None or one.until_mono_ms > now_mono_ms
        ]
        return max(
            standing,
            key=lambda one: (_WEIGHT[one.kind], one.until_mono_ms is None, one.until_mono_ms or 0),
            default=None,
        )

    def apply(self, event: KeepingEvent) -> Keeping:
        match event:
            case ActsListed(acts):
                return replace(self, acts=acts[:ACTS_MAX])
            case OwnSanctionsRead(sanctions):
                return replace(self, own=sanctions)
            case detection_events.RaidDetected(raid=raid):
                return replace(self, raid=raid if raid.state in {"on", "kept"} else None)
            case order_events.ActRecorded(act=act):
                others = tuple(one for one in self.acts if one.act_id != act.act_id)
                ordered = sorted((act, *others), key=lambda one: one.act_id, reverse=True)
                return replace(self, acts=tuple(ordered[:ACTS_MAX]))
            case _:
                return self._apply_message(event)

    def _let_go(self, message_ids: tuple[MessageId, ...]) -> Keeping:
        """They wait no longer."""
        return replace(
            self,
            held=tuple(one for one in self.held if one.message_id not in message_ids),
            reasons=tuple(one for one in self.reasons if one[0] not in message_ids),
        )

    def _apply_message(
        self,
        event: chat_events.DanmakuHeld
        | chat_events.DanmakuReviewed
        | order_events.MessagesDeleted
        | order_events.MessagesRestored,
    ) -> Keeping:
        match event:
            case order_events.MessagesDeleted(message_ids=message_ids):
                gone = (*self.gone, *message_ids)[-GONE_MAX:]
                return replace(self._let_go(message_ids), gone=gone)
            case order_events.MessagesRestored(messages=messages):
                back = {message.message_id for message in messages}
                return replace(self, gone=tuple(one for one in self.gone if one not in back))
            case chat_events.DanmakuHeld(message=message, reason=reason):
                if any(one.message_id == message.message_id for one in self.held):
                    return self
                new = () if reason is None else ((message.message_id, reason),)
                return replace(self, held=(*self.held, message), reasons=(*self.reasons, *new))
            case chat_events.DanmakuReviewed(message_id=message_id):
                return self._let_go((message_id,))


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """All that the controls of a room's keepers need, in Room and in Studio alike."""

    room_id: RoomId | None = None
    """None: not joined."""
    role: event_base.Role = "guest"
    lead: RoomLead = NO_LEAD
    rounds: Rounds = field(default_factory=Rounds)
    keeping: Keeping = field(default_factory=Keeping)

    @property
    def is_keeper(self) -> bool:
        return self.may(Action.LEAD_CHAT)

    def may(self, action: Action) -> bool:
        return self.room_id is not None and is_allowed({self.role}, action)

    def reaches(self, target: Target) -> bool:
        """Whether one may mute, kick or ban them; the relay has the last word."""
        return self.may(Action.KEEP_ORDER) and stands_above(self.role, {target.role})

    def may_undo(self, act: order_events.ActInfo) -> bool:
        """Whether it can be taken back, and by this keeper."""
        is_open = act.can_undo and act.undone_at_unix_ms is None
        return is_open and may_take_back({self.role}, act.role)

    @property
    def keeps_room_id(self) -> RoomId | None:
        """None where one may only look."""
        return self.room_id if self.is_keeper else None

    def join(self, answer: room_events.RoomJoined, shown: Messages) -> KeptRoom:
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
            lead = self.lead
            if isinstance(change, order_events.MessagesDeleted):
                lead = lead.drop(change.message_ids)
            return replace(self, lead=lead, keeping=self.keeping.apply(change))
        return self
