"""What relay-to-client messages are made of: their bases, and the values that many carry.

The messages themselves: events.py, and one module for each further group of them.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from wire.command_base import DanmakuSize, Privacy
from wire.ids import BroadcastId, MessageId, RoomId, SessionId, UserId
from wire.tracks import TrackInfo

Role = Literal["guest", "viewer", "moderator", "streamer", "admin"]
"""A user's strongest role in a room; `streamer` is the room's owner."""

BroadcastState = Literal["live", "away"]
ReasonKind = Literal[
    "watched",
    "alike",
    "friends",
    "category",
    "followed",
    "rising",
    "new_streamer",
    "popular",
    "taste",
    "recent",
    "open",
    "interest",
]
"""Why a room is recommended; a client says it in words."""
EndReason = Literal["ended", "away_too_long", "replaced", "room_closed", "relay_stopped"]


class Data(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value inside messages."""


class UserInfo(Data, frozen=True, kw_only=True):
    user_id: UserId
    name: str
    is_admin: bool = False


class BroadcastInfo(Data, frozen=True, kw_only=True):
    broadcast_id: BroadcastId
    started_at_unix_us: int
    state: BroadcastState
    tracks: tuple[TrackInfo, ...] = ()


class Reason(Data, frozen=True, kw_only=True):
    """The strongest true reason why a room is recommended."""

    kind: ReasonKind
    """watched: `count` visits in 30 days. alike: those who like `names` like it. friends: `count`
    of them watch. category: the user watches `names`. taste: none of these alone. recent: a
    recording of the last weeks. open: nothing is known that speaks for it.
    interest: the user chose `names`."""
    names: tuple[str, ...] = ()
    count: int = 0
    is_discovery: bool = False
    """This place is kept for streamers that the user does not know."""
    is_approximate: bool = False
    """The model does not say exactly what its score is made of."""


class RoomInfo(Data, frozen=True, kw_only=True):
    room_id: RoomId
    name: str
    """Unique after folding; never changes."""
    owner: UserInfo
    title: str = ""
    category: str = ""
    description: str = ""
    cover: str = ""
    """The SHA-256 of its picture, which the relay has by HTTP; empty: none."""
    privacy: Privacy = "public"
    viewers: int = 0
    broadcast: BroadcastInfo | None = None
    is_featured: bool = False
    """The house's admins show it before others."""
    starts_at_unix_ms: int = 0
    """When it means to be live next; 0: nothing is planned."""
    starts_title: str = ""
    closed_reason: str | None = None
    """None: it is open. Empty: it is closed, and nobody said why."""
    away_s: int = 0
    """How long its host is waited for after a cut; 0: as the house says."""
    reason: Reason | None = None
    """Only in a RoomList that was asked for as "recommended"."""


class SessionInfo(Data, frozen=True, kw_only=True):
    session_id: SessionId
    device: str
    """What the device called itself when it logged in; may be empty."""
    created_at_unix_ms: int
    last_seen_at_unix_ms: int
    """Now, while one of its sockets is open."""
    is_this: bool = False
    """The session that asks."""


class ChatRules(Data, frozen=True, kw_only=True):
    """Owner, moderators and admins are free of them."""

    slow_s: int = 0
    """Between two messages of one user; 0: no slow mode."""
    followers_only: bool = False
    emoji_only: bool = False
    is_held: bool = False
    delay_s: int = 0
    """A message is seen this much later."""
    known_only: bool = False
    """Only who wrote here, or followed the owner, before this was switched on."""
    is_muted: bool = False
    """Nobody but those who lead it; what an admin has muted only admins open."""


class Answer(Struct, frozen=True, kw_only=True, tag=True, tag_field="type", omit_defaults=True):
    re: int | None = None
    """The request's id. None on media sockets, and where a request was too broken to have one."""


class Event(Struct, frozen=True, kw_only=True, tag=True, tag_field="type", omit_defaults=True):
    """Something that happened in a room or to the session."""


class DanmakuPosted(Event, frozen=True, kw_only=True):
    room_id: RoomId
    message_id: MessageId
    user_id: UserId
    name: str
    role: Role
    text: str
    mode: int = 1
    color: int = 0xFFFFFF
    size: DanmakuSize = "normal"
    sent_at_unix_ms: int
    media_time_us: int | None = None
    """Where in the broadcast it was said; None while nothing is live."""
    reply_to: MessageId | None = None
