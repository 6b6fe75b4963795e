"""Client to relay: keeping order. Acts and their undoing, sanctions, deleting, closing a room."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits
from wire.command_base import Command, RoomIdField, UserIdField
from wire.ids import ActId, MessageId, SanctionId

SanctionKind = Literal["mute", "kick", "ban"]
SanctionScope = Literal["place", "rooms", "all"]
ActName = Literal[
    "mute",
    "kick",
    "ban",
    "lift",
    "delete_messages",
    "set_chat_rules",
    "pin",
    "announce",
    "set_moderator",
    "close_room",
    "reopen_room",
    "create_room_for",
    "feature_room",
    "plan_broadcast",
    "announce_to_house",
    "set_admin",
    "end_sessions",
    "make_password_reset",
    "set_gift",
    "grant_coins",
    "refund",
    "change_setting",
    "backup",
    "check",
    "delete_backup",
    "prepare_restore",
    "raid",
    "flag_return",
    "add_words",
    "remove_word",
    "set_text_rules",
    "add_emote",
    "remove_emote",
    "remove_cover",
    "edit_room",
]
"""What is recorded; a relay may record more than a client has a word for."""

Reason = Annotated[str, Meta(max_length=limits.REASON_CHARACTERS_MAX * 4)]
Cursor = Annotated[str, Meta(max_length=limits.ID_CHARACTERS_MAX)]
OrderPage = Annotated[int, Meta(ge=1, le=limits.ORDER_PAGE_MAX)]
UnixMs = Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]


class ListActs(Command, frozen=True, kw_only=True):
    """What was done to keep order, newest first. Answer: ActList."""

    room_id: RoomIdField | None = None
    """None: of the whole house, for admins."""
    actor_id: UserIdField | None = None
    user_id: UserIdField | None = None
    action: Annotated[str, Meta(max_length=limits.LABEL_CHARACTERS_MAX)] = ""
    since_unix_ms: UnixMs | None = None
    until_unix_ms: UnixMs | None = None
    cursor: Cursor = ""
    limit: OrderPage = 50


class UndoAct(Command, frozen=True, kw_only=True):
    """Take back what was done. Answer: ActDetails."""

    act_id: Annotated[ActId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class ImposeSanction(Command, frozen=True, kw_only=True):
    """Silence somebody, or keep them out. Answer: SanctionDetails."""

    user_id: UserIdField
    room_id: RoomIdField | None = None
    """None: in the whole house, for admins."""
    kind: SanctionKind
    duration_s: Annotated[int, Meta(ge=1, le=limits.SANCTION_S_MAX)] | None = None
    """None: for ever; of a kick: a minute."""
    reason: Reason = ""
    deletes_messages: bool = False
    """Also what they wrote within a day, in the room or in all rooms."""


class LiftSanction(Command, frozen=True, kw_only=True):
    """End a sanction before its time. Answer: SanctionDetails."""

    sanction_id: Annotated[SanctionId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class ListSanctions(Command, frozen=True, kw_only=True):
    """Those that stand now, newest first. Answer: SanctionList."""

    room_id: RoomIdField | None = None
    """None: those of the whole house, for admins."""
    scope: SanctionScope = "place"
    """For admins, without a room: those of every room, or of the house and every room."""
    user_id: UserIdField | None = None
    cursor: Cursor = ""
    limit: OrderPage = 50


class MySanctions(Command, frozen=True, kw_only=True):
    """What stands against oneself, and why. Answer: SanctionList."""


class DeleteDanmaku(Command, frozen=True, kw_only=True):
    """Take a message away from all, also a held or a pinned one. Answer: Ok."""

    room_id: RoomIdField
    message_id: Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    reason: Reason = ""


class DeleteDanmakuOf(Command, frozen=True, kw_only=True):
    """Take away what somebody wrote lately in the room. Answer: Ok."""

    room_id: RoomIdField
    user_id: UserIdField
    reason: Reason = ""


class CloseRoom(Command, frozen=True, kw_only=True):
    """Nobody enters, watches or writes until it is reopened. Answer: Ok."""

    room_id: RoomIdField
    reason: Reason = ""


class ReopenRoom(Command, frozen=True, kw_only=True):
    """For the owner, unless an admin has closed it. Answer: Ok."""

    room_id: RoomIdField
