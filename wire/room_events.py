"""Answers and events about rooms and what is on the air in them."""

from __future__ import annotations

from wire import detection_events, emotes_events
from wire.chat_events import Announcement
from wire.coin_events import RedPacketOpened
from wire.event_base import (
    Answer,
    BroadcastInfo,
    ChatRules,
    DanmakuPosted,
    Data,
    EndReason,
    Event,
    Role,
    RoomInfo,
)
from wire.ids import BroadcastId, InviteId, PublishKeyId, RoomId
from wire.round_events import DrawClosed, DrawInfo, PollInfo
from wire.tracks import TrackInfo
from wire.words_events import HeldReason


class RoomDetails(Answer, frozen=True, kw_only=True):
    room: RoomInfo
    role: Role


class RoomList(Answer, frozen=True, kw_only=True):
    rooms: tuple[RoomInfo, ...]
    next_cursor: str = ""
    """Empty on the last page."""
    followed: tuple[RoomId, ...] = ()
    """Rooms of this page whose owner you follow."""


class InviteCreated(Answer, frozen=True, kw_only=True):
    invite_id: InviteId
    invite: str


class PublishKeyInfo(Data, frozen=True, kw_only=True):
    key_id: PublishKeyId
    label: str
    created_at_unix_ms: int
    last_used_at_unix_ms: int | None = None


class PublishKeyCreated(Answer, frozen=True, kw_only=True):
    key_id: PublishKeyId
    publish_key: str
    """Shown this once; the relay keeps only its hash."""


class PublishKeys(Answer, frozen=True, kw_only=True):
    keys: tuple[PublishKeyInfo, ...]


class TicketIssued(Answer, frozen=True, kw_only=True):
    ticket: str
    expires_in_ms: int


class RoomJoined(Answer, frozen=True, kw_only=True):
    room: RoomInfo
    role: Role
    messages: tuple[DanmakuPosted, ...] = ()
    """The last messages, oldest first."""
    likes: int = 0
    """Of what is live."""
    red_packets: tuple[RedPacketOpened, ...] = ()
    """Those with shares left."""
    poll: PollInfo | None = None
    """What is open."""
    draw: DrawInfo | None = None
    draw_result: DrawClosed | None = None
    """The last draw, for some minutes after it closed."""
    chat_rules: ChatRules | None = None
    """None: none is set."""
    pinned: DanmakuPosted | None = None
    announcement: Announcement | None = None
    held: tuple[DanmakuPosted, ...] = ()
    """What waits for review; of those who may review alone."""
    held_reasons: tuple[HeldReason, ...] = ()
    """Of `held`, in the same order."""
    raid: detection_events.RaidInfo | None = None
    """What the room is shut against now; to its leaders alone."""
    is_following: bool = False
    """You follow the room's owner."""
    followers: int = 0
    """Of the room's owner."""
    emotes: tuple[emotes_events.EmoteInfo, ...] = ()
    """The room's own, in alphabetical order."""


class ViewersChanged(Event, frozen=True, kw_only=True):
    room_id: RoomId
    viewers: int


class RoomChanged(Event, frozen=True, kw_only=True):
    room: RoomInfo


class BroadcastStarted(Event, frozen=True, kw_only=True):
    room_id: RoomId
    broadcast: BroadcastInfo


class BroadcastAway(Event, frozen=True, kw_only=True):
    """The publisher's socket is gone; the broadcast waits for its return."""

    room_id: RoomId
    broadcast_id: BroadcastId


class BroadcastResumed(Event, frozen=True, kw_only=True):
    room_id: RoomId
    broadcast: BroadcastInfo


class BroadcastEnded(Event, frozen=True, kw_only=True):
    room_id: RoomId
    broadcast_id: BroadcastId
    reason: EndReason


class TracksChanged(Event, frozen=True, kw_only=True):
    room_id: RoomId
    tracks: tuple[TrackInfo, ...]
