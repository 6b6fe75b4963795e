"""Relay to client: what was done to keep order, and what it means for those concerned."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, ChatRules, DanmakuPosted, Data, Event, Role, UserInfo
from wire.ids import ActId, MessageId, RoomId, SanctionId
from wire.order_commands import SanctionKind
from wire.words_events import TextRules, WordLevel

DoerRole = Role | Literal["automatic"]
"""As what somebody acted; `automatic` is the relay itself."""


class ActDetail(Data, frozen=True, kw_only=True):
    """What exactly was done; each action has its own of these."""

    kind: SanctionKind | None = None
    duration_s: int | None = None
    """Of a sanction; None: for ever."""
    text: str = ""
    count: int = 0
    """Of deleted messages, or of words; `text` is the first one's."""
    is_on: bool | None = None
    """Of a moderator: made one, or no longer."""
    rules: ChatRules | None = None
    level: WordLevel | None = None
    """Of words."""
    text_rules: TextRules | None = None


class SanctionInfo(Data, frozen=True, kw_only=True):
    sanction_id: SanctionId
    kind: SanctionKind
    user: UserInfo
    room_id: RoomId | None = None
    """None: in the whole house."""
    room_name: str = ""
    """Only in an admin's list of many rooms."""
    reason: str = ""
    imposed_by: UserInfo | None = None
    """None: the relay itself."""
    role: DoerRole
    imposed_at_unix_ms: int
    remaining_ms: int | None = None
    """When this was sent; None: for ever. 0: over, or lifted."""


class ActInfo(Data, frozen=True, kw_only=True):
    act_id: ActId
    action: str
    """An ActName, or one that this client does not know."""
    actor: UserInfo | None = None
    """None: the relay itself."""
    role: DoerRole
    room_id: RoomId | None = None
    user: UserInfo | None = None
    """Whom it concerns."""
    target_kind: str = ""
    target_id: str = ""
    reason: str = ""
    detail: ActDetail | None = None
    at_unix_ms: int
    can_undo: bool = False
    """By somebody whose role is no lower."""
    undone_by: UserInfo | None = None
    undone_at_unix_ms: int | None = None


class ActList(Answer, frozen=True, kw_only=True):
    acts: tuple[ActInfo, ...]
    next_cursor: str = ""
    """Empty on the last page."""


class ActDetails(Answer, frozen=True, kw_only=True):
    act: ActInfo


class SanctionDetails(Answer, frozen=True, kw_only=True):
    sanction: SanctionInfo


class SanctionList(Answer, frozen=True, kw_only=True):
    sanctions: tuple[SanctionInfo, ...]
    next_cursor: str = ""
    """Empty on the last page."""


class ActRecorded(Event, frozen=True, kw_only=True):
    """To the leaders of the room; again when the act is undone."""

    room_id: RoomId
    act: ActInfo


class SanctionImposed(Event, frozen=True, kw_only=True):
    """To the leaders of the room, and to the person concerned on all of its sockets."""

    room_id: RoomId | None = None
    """None: in the whole house."""
    sanction: SanctionInfo


class SanctionLifted(Event, frozen=True, kw_only=True):
    """To the same."""

    room_id: RoomId | None = None
    """None: in the whole house."""
    sanction: SanctionInfo


class MessagesDeleted(Event, frozen=True, kw_only=True):
    room_id: RoomId
    message_ids: tuple[MessageId, ...]


class MessagesRestored(Event, frozen=True, kw_only=True):
    """A deletion was undone: they belong where their ids say."""

    room_id: RoomId
    messages: tuple[DanmakuPosted, ...]
