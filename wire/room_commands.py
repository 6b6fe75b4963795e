"""Requests about rooms: made, changed, entered; who may send there, and with what."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import (
    Command,
    Label,
    Password,
    Privacy,
    RoomIdField,
    RoomName,
    RoomOrder,
    Secret,
    UserIdField,
)
from wire.ids import InviteId, PublishKeyId


class CreateRoom(Command, frozen=True, kw_only=True):
    """Answer: RoomDetails."""

    name: RoomName
    title: Annotated[str, Meta(max_length=limits.ROOM_TITLE_CHARACTERS_MAX)] = ""
    category: Annotated[str, Meta(max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)] = ""
    description: Annotated[str, Meta(max_length=limits.ROOM_DESCRIPTION_CHARACTERS_MAX)] = ""
    privacy: Privacy = "public"
    passphrase: Password = ""


class EditRoom(Command, frozen=True, kw_only=True):
    """Change what is given, keep what is left out. Answer: RoomDetails."""

    room_id: RoomIdField
    title: Annotated[str, Meta(max_length=limits.ROOM_TITLE_CHARACTERS_MAX)] | None = None
    category: Annotated[str, Meta(max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)] | None = None
    description: Annotated[str, Meta(max_length=limits.ROOM_DESCRIPTION_CHARACTERS_MAX)] | None = (
        None
    )
    privacy: Privacy | None = None
    passphrase: Password | None = None
    away_s: Annotated[int, Meta(ge=0, le=limits.AWAY_S_MAX)] | None = None
    """How long a host who was cut off is waited for: from AWAY_S_MIN on, or 0: as the house says.
    """


class ListRooms(Command, frozen=True, kw_only=True):
    """Public rooms, live ones first, and one's own. Answer: RoomList."""

    search: Annotated[str, Meta(max_length=limits.SEARCH_CHARACTERS_MAX)] = ""
    category: Annotated[str, Meta(max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)] = ""
    live_only: bool = False
    own_only: bool = False
    """Only rooms that one owns; of a guest: none."""
    cursor: Annotated[str, Meta(max_length=limits.TOKEN_CHARACTERS_MAX)] = ""
    """`next_cursor` of the page before."""
    limit: Annotated[int, Meta(ge=1, le=limits.ROOM_LIST_MAX)] = 50
    order: RoomOrder = "usual"
    """Of the live ones. usual: followed owners first, then by viewers. recommended: each with its
    reason; where something is searched, or only own rooms are asked for, as usual."""


class GetRoom(Command, frozen=True, kw_only=True):
    """Find one room by its id or its exact name. Answer: RoomDetails."""

    room: RoomName
    passphrase: Password = ""
    invite: Secret = ""
    """With either that fits one sees what a member of a private room sees."""


class JoinRoom(Command, frozen=True, kw_only=True):
    """Become a member: get the room's state now and its events from now on. Answer: RoomJoined."""

    room_id: RoomIdField
    passphrase: Password = ""
    invite: Secret = ""


class LeaveRoom(Command, frozen=True, kw_only=True):
    """Answer: Ok."""

    room_id: RoomIdField


class SetModerator(Command, frozen=True, kw_only=True):
    """The owner makes a user a moderator of the room, or ends it. Answer: Ok."""

    room_id: RoomIdField
    user_id: UserIdField
    granted: bool


class CreateInvite(Command, frozen=True, kw_only=True):
    """A secret that opens an invite-only room. Answer: InviteCreated."""

    room_id: RoomIdField
    label: Label = ""


class RevokeInvite(Command, frozen=True, kw_only=True):
    """Answer: Ok."""

    room_id: RoomIdField
    invite_id: Annotated[InviteId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class CreatePublishKey(Command, frozen=True, kw_only=True):
    """A key with which a headless publisher goes live in the room. Answer: PublishKeyCreated."""

    room_id: RoomIdField
    label: Label = ""


class ListPublishKeys(Command, frozen=True, kw_only=True):
    """Answer: PublishKeys (without the secrets)."""

    room_id: RoomIdField


class RevokePublishKey(Command, frozen=True, kw_only=True):
    """Cuts a publisher that uses the key. Answer: Ok."""

    room_id: RoomIdField
    key_id: Annotated[PublishKeyId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class RequestPublishTicket(Command, frozen=True, kw_only=True):
    """The owner's ticket for `/v1/publish`. Answer: TicketIssued."""

    room_id: RoomIdField


class RequestSubscribeTicket(Command, frozen=True, kw_only=True):
    """A ticket for `/v1/subscribe`; a public room needs none. Answer: TicketIssued."""

    room_id: RoomIdField


class EndBroadcast(Command, frozen=True, kw_only=True):
    """End what is live in the room. Answer: Ok."""

    room_id: RoomIdField
