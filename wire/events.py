"""Relay to client: answers (with `re`), events (without), and the JSON down the media sockets.

Events of one room may come several in one message, as a JSON array. Clients ignore fields and
event types that they do not know, so that a newer relay can say more.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from wire import (
    detection_events,
    discovery_events,
    emotes_events,
    inbox_events,
    privacy_events,
    replay_events,
    taste_events,
)
from wire.admin_events import AdminAnswer, HouseRoleChanged, HouseWaiting
from wire.commands import LayerChoice
from wire.errors import ErrorCode
from wire.event_base import (
    Answer,
    BroadcastInfo,
    BroadcastState,
    ChatRules,
    DanmakuPosted,
    Data,
    EndReason,
    Event,
    Reason,
    ReasonKind,
    Role,
    RoomInfo,
    SessionInfo,
    UserInfo,
)
from wire.ids import (
    BroadcastId,
    DrawId,
    GiftId,
    InviteId,
    MessageId,
    PacketId,
    PollId,
    PublishKeyId,
    RoomId,
    SessionId,
    TransferId,
    UserId,
)
from wire.order_events import (
    ActDetails,
    ActList,
    ActRecorded,
    MessagesDeleted,
    MessagesRestored,
    SanctionDetails,
    SanctionImposed,
    SanctionLifted,
    SanctionList,
)
from wire.tracks import TrackInfo
from wire.words_events import HeldReason, TextRulesNow, TextTried, WordPage, WordsImported

# Not defined here, and still looked for here: the bases and values of event_base.py.
__all__ = [
    "Answer",
    "BroadcastInfo",
    "BroadcastState",
    "ChatRules",
    "DanmakuPosted",
    "EndReason",
    "Event",
    "Reason",
    "ReasonKind",
    "Role",
    "RoomInfo",
    "SessionInfo",
    "UserInfo",
]

# --- answers ----------------------------------------------------------------------------------


class Ok(Answer, frozen=True, kw_only=True):
    pass


class Error(Answer, frozen=True, kw_only=True):
    code: ErrorCode
    message: str
    field: str | None = None
    retry_after_ms: int | None = None


class LoggedIn(Answer, frozen=True, kw_only=True):
    user: UserInfo
    session_id: SessionId
    token: str
    """For Resume. Empty where Resume was the question: the old one goes on."""
    device_token: str = ""
    expires_at_unix_ms: int


class Sessions(Answer, frozen=True, kw_only=True):
    sessions: tuple[SessionInfo, ...]
    """This one first, then those seen last."""


class Profile(Answer, frozen=True, kw_only=True):
    user: UserInfo
    about: str = ""


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


class DanmakuAccepted(Answer, frozen=True, kw_only=True):
    message_id: MessageId
    sent_at_unix_ms: int
    is_held: bool = False
    """Nobody sees it before the room's owner or a moderator lets it through."""
    reason: HeldReason | None = None
    """Why, when it is held."""


class Pong(Answer, frozen=True, kw_only=True):
    relay_unix_us: int


# --- events -----------------------------------------------------------------------------------


class Announcement(Data, frozen=True, kw_only=True):
    text: str
    name: str
    """Who announced it."""
    at_unix_ms: int


# --- likes, polls, draws ------------------------------------------------------------------------


class LikesCounted(Event, frozen=True, kw_only=True):
    """Only when something changed, and at most 4 a second of a room."""

    room_id: RoomId
    total: int
    """Of this broadcast."""
    rate_per_s: int = 0
    """Taps a second over the last 2 s."""


class PollInfo(Data, frozen=True, kw_only=True):
    poll_id: PollId
    question: str
    choices: tuple[str, ...]
    votes: tuple[int, ...]
    """One number for each choice."""
    ends_in_ms: int
    """From when this was sent; 0 once it is over."""
    own_choice: int | None = None
    """In RoomJoined: what this user chose."""


class PollDetails(Answer, frozen=True, kw_only=True):
    poll: PollInfo


class PollOpened(Event, frozen=True, kw_only=True):
    room_id: RoomId
    poll: PollInfo


class PollCounted(Event, frozen=True, kw_only=True):
    """Only when a vote came, and at most twice a second."""

    room_id: RoomId
    poll_id: PollId
    votes: tuple[int, ...]


class PollClosed(Event, frozen=True, kw_only=True):
    room_id: RoomId
    poll: PollInfo


class DrawInfo(Data, frozen=True, kw_only=True):
    draw_id: DrawId
    prize: str
    winners_max: int
    commitment: str
    """SHA-256 of the seed, which is revealed at the end."""
    entries: int
    ends_in_ms: int
    has_entered: bool = False
    """In RoomJoined: whether this user has."""


class DrawDetails(Answer, frozen=True, kw_only=True):
    draw: DrawInfo


class DrawEntries(Answer, frozen=True, kw_only=True):
    seed: str
    winners_max: int
    entries: tuple[UserId, ...]
    """In the order of entering; fewer than a page where it is the last."""


class DrawOpened(Event, frozen=True, kw_only=True):
    room_id: RoomId
    draw: DrawInfo


class DrawEntered(Event, frozen=True, kw_only=True):
    """Only when somebody entered, and at most twice a second."""

    room_id: RoomId
    draw_id: DrawId
    entries: int


class DrawClosed(Event, frozen=True, kw_only=True):
    """The winners, and what proves them."""

    room_id: RoomId
    draw_id: DrawId
    prize: str
    commitment: str
    seed: str
    entries: int
    entries_sha256: str
    winners_max: int
    winners: tuple[UserInfo, ...] = ()
    """The luckiest first."""


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


# --- coins and gifts --------------------------------------------------------------------------


class GiftInfo(Data, frozen=True, kw_only=True):
    gift_id: GiftId
    price_coins: int
    effect: Literal["banner", "combo", "stage"]
    names: dict[str, str]
    """By language: "en" and "zh_CN"."""


class GiftCatalogue(Answer, frozen=True, kw_only=True):
    gifts: tuple[GiftInfo, ...]


class GiftAccepted(Answer, frozen=True, kw_only=True):
    """The gift is on disk."""

    transfer_id: TransferId
    balance_coins: int
    combo: int
    """How many of this gift in a row, this one's count included."""


class Wallet(Answer, frozen=True, kw_only=True):
    balance_coins: int
    beans: int
    """What the user's own rooms were given."""
    grant_coins: int = 0
    """What ClaimGrant would give now."""
    spent_day_coins: int
    spent_month_coins: int
    limit_gift_coins: int | None = None
    limit_day_coins: int | None = None
    limit_month_coins: int | None = None


class Movement(Data, frozen=True, kw_only=True):
    """One line of a statement."""

    transfer_id: TransferId
    at_unix_ms: int
    amount: int
    """Below 0: it went away."""
    unit: Literal["coins", "beans"]
    kind: str
    balance: int
    """Of this unit, afterwards."""
    other: UserInfo | None = None
    note: str = ""


class Movements(Answer, frozen=True, kw_only=True):
    movements: tuple[Movement, ...]
    next_cursor: str = ""
    """Empty on the last page."""


class Giver(Data, frozen=True, kw_only=True):
    user: UserInfo
    coins: int


class Givers(Answer, frozen=True, kw_only=True):
    givers: tuple[Giver, ...]


class RedPacketAccepted(Answer, frozen=True, kw_only=True):
    packet_id: PacketId
    balance_coins: int


class RedPacketShare(Answer, frozen=True, kw_only=True):
    coins: int
    balance_coins: int


class GiftSent(Event, frozen=True, kw_only=True):
    room_id: RoomId
    transfer_id: TransferId
    user_id: UserId
    name: str
    gift_id: GiftId
    count: int
    combo: int
    coins: int
    """Price times count."""
    sent_at_unix_ms: int
    media_time_us: int | None = None


class RedPacketOpened(Event, frozen=True, kw_only=True):
    room_id: RoomId
    packet_id: PacketId
    user_id: UserId
    name: str
    coins: int
    shares: int
    left_ms: int = 60_000
    """From when this was sent: what nobody took by then goes back."""


class RedPacketGrabbed(Event, frozen=True, kw_only=True):
    room_id: RoomId
    packet_id: PacketId
    user_id: UserId
    name: str
    coins: int
    shares_left: int


class RedPacketEnded(Event, frozen=True, kw_only=True):
    """All shares are taken, or its time is over."""

    room_id: RoomId
    packet_id: PacketId
    returned_coins: int


# --- down the media sockets -------------------------------------------------------------------


class PublishAccepted(Answer, frozen=True, kw_only=True):
    broadcast_id: BroadcastId
    resumed: bool
    started_at_unix_us: int
    next_pts_us: int
    """Where a publisher whose clock is new starts counting; 0 in a new broadcast. A publisher that
    gave this broadcast_id and still has its clock goes on with its own pts."""
    feedback_interval_ms: int
    join_token: str = ""
    """With it a second socket joins this publisher by `JoinPublishing`. A secret; it is worth
    nothing once this publisher's last path is gone or another publisher took over."""


class PathJoined(Answer, frozen=True, kw_only=True):
    """Packets may follow on this path too."""

    broadcast_id: BroadcastId
    path: int
    feedback_interval_ms: int


class PublishFeedback(Event, frozen=True, kw_only=True):
    """What the relay has received from this socket so far."""

    packets: int
    bytes: int
    last_pts_us: int
    subscribers: int
    subscribers_lagging: int = 0
    relay_unix_us: int


class KeyframeRequested(Event, frozen=True, kw_only=True):
    layer: int


class Subscribed(Answer, frozen=True, kw_only=True):
    room_id: RoomId
    broadcast: BroadcastInfo | None
    """None: nothing is live; BroadcastStarted follows on this socket when it is."""
    layer: LayerChoice
    """The layer that is sent now ("auto" is resolved), or the wish where nothing is live."""
    audio_only: bool = False
    relay_unix_us: int
    takes_keyframe_requests: bool = False
    """Whether `RequestKeyframe` is known here."""


class LayerSelected(Event, frozen=True, kw_only=True):
    layer: int
    audio_only: bool = False
    reason: Literal["chosen", "viewer_slow", "recovered", "layer_gone", "viewer_busy", "data_saver"]


class SubscriberLagged(Event, frozen=True, kw_only=True):
    """This viewer's link did not drain in time: what it missed until it was brought back."""

    video_dropped: int
    audio_dropped: int
    lagged_ms: int


# --- recordings -------------------------------------------------------------------------------

TimelineEvent = (
    DanmakuPosted
    | LikesCounted
    | GiftSent
    | RedPacketOpened
    | RedPacketGrabbed
    | RedPacketEnded
    | PollOpened
    | PollCounted
    | PollClosed
    | DrawOpened
    | DrawEntered
    | DrawClosed
    | MessagePinned
    | Announced
    | ChatRulesChanged
)
"""What a recording keeps of what its room's members were sent."""


class TimelineEntry(Data, frozen=True, kw_only=True):
    at_ms: int
    """From the first packet of the recording."""
    event: TimelineEvent


class TimelinePage(Answer, frozen=True, kw_only=True):
    """In order of `at_ms`; what was deleted since is not there."""

    entries: tuple[TimelineEntry, ...] = ()
    next: str = ""
    """Cursor of the next page; empty: this is the last, so far."""
    likes: int | None = None
    """Hearts before `from_ms`; None on the pages after the first, as is `gift_coins`."""
    gift_coins: int | None = None
    """What all gifts before `from_ms` were worth."""


# ----------------------------------------------------------------------------------------------

ControlAnswer = (
    Ok
    | Error
    | LoggedIn
    | Sessions
    | Profile
    | RoomDetails
    | RoomList
    | InviteCreated
    | PublishKeyCreated
    | PublishKeys
    | TicketIssued
    | DanmakuAccepted
    | GiftCatalogue
    | GiftAccepted
    | Wallet
    | Movements
    | Givers
    | RedPacketAccepted
    | RedPacketShare
    | Pong
    | RoomJoined
    | PollDetails
    | DrawDetails
    | DrawEntries
    | AdminAnswer
    | privacy_events.PrivacyTerms
    | privacy_events.MyData
    | privacy_events.ExportPiece
    | WordPage
    | WordsImported
    | TextRulesNow
    | TextTried
    | ActList
    | ActDetails
    | SanctionDetails
    | SanctionList
    | inbox_events.ReportTaken
    | inbox_events.ReportList
    | inbox_events.ReportDetails
    | inbox_events.Inbox
    | inbox_events.FeedbackTaken
    | inbox_events.FeedbackList
    | inbox_events.FeedbackDetails
    | inbox_events.Appeals
    | discovery_events.Belief
    | discovery_events.Explanation
    | discovery_events.People
    | discovery_events.QualityReport
    | discovery_events.Models
    | discovery_events.HiddenChanged
    | taste_events.RecommendedReplays
    | taste_events.Interests
    | emotes_events.EmotePicture
    | replay_events.ReplayList
    | replay_events.ReplayOpened
    | replay_events.ReplayDetails
    | replay_events.RecordingDetails
    | TimelinePage
)
RoomEvent = (
    DanmakuPosted
    | ViewersChanged
    | RoomChanged
    | BroadcastStarted
    | BroadcastAway
    | BroadcastResumed
    | BroadcastEnded
    | TracksChanged
    | LikesCounted
    | GiftSent
    | RedPacketOpened
    | RedPacketGrabbed
    | RedPacketEnded
    | PollOpened
    | PollCounted
    | PollClosed
    | DrawOpened
    | DrawEntered
    | DrawClosed
    | ChatRulesChanged
    | DanmakuHeld
    | DanmakuReviewed
    | MessagePinned
    | Announced
    | ActRecorded
    | SanctionImposed
    | SanctionLifted
    | MessagesDeleted
    | MessagesRestored
    | inbox_events.ReportsChanged
    | inbox_events.ReportDecided
    | inbox_events.FeedbackAnswered
    | detection_events.RaidDetected
    | detection_events.ReturnFlagged
    | HouseWaiting
    | HouseRoleChanged
    | emotes_events.EmotesChanged
    | replay_events.ReplayReady
    | replay_events.ReplayDeleted
    | replay_events.RecordingState
)
PublisherEvent = (
    PublishAccepted | PublishFeedback | KeyframeRequested | BroadcastEnded | Error | PathJoined
)
SubscriberEvent = (
    Subscribed
    | LayerSelected
    | SubscriberLagged
    | BroadcastStarted
    | BroadcastAway
    | BroadcastResumed
    | BroadcastEnded
    | TracksChanged
    | Error
)

_encoder = msgspec.json.Encoder()
_control_decoder: msgspec.json.Decoder[ControlAnswer | RoomEvent] = msgspec.json.Decoder(
    ControlAnswer | RoomEvent
)
_batch_decoder: msgspec.json.Decoder[tuple[RoomEvent, ...]] = msgspec.json.Decoder(
    tuple[RoomEvent, ...]
)
_publisher_decoder: msgspec.json.Decoder[PublisherEvent] = msgspec.json.Decoder(PublisherEvent)
_subscriber_decoder: msgspec.json.Decoder[SubscriberEvent] = msgspec.json.Decoder(SubscriberEvent)


def pack(message: Answer | Event) -> bytes:
    """The JSON of one answer or event, as UTF-8."""
    return _encoder.encode(message)


def pack_batch(events: tuple[Event, ...]) -> bytes:
    """Several events in one message: a JSON array."""
    return _encoder.encode(events)


def parse_control(text: str | bytes) -> ControlAnswer | tuple[RoomEvent, ...]:
    """One answer, or the events of one message. Raises msgspec.DecodeError (ValueError)."""
    if text[:1] in {"[", b"["}:
        return _batch_decoder.decode(text)
    message = _control_decoder.decode(text)
    if isinstance(message, Event):
        return (message,)
    return message


def parse_publisher(text: str | bytes) -> PublisherEvent:
    """Raises msgspec.DecodeError (ValueError)."""
    return _publisher_decoder.decode(text)


def parse_subscriber(text: str | bytes) -> SubscriberEvent:
    """Raises msgspec.DecodeError (ValueError)."""
    return _subscriber_decoder.decode(text)
