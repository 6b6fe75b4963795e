"""Relay to client: answers (with `re`), events (without), and the JSON down the media sockets.

Events of one room may come several in one message, as a JSON array. Clients ignore fields and
event types that they do not know, so that a newer relay can say more.
"""

from __future__ import annotations

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
from wire.account_events import LoggedIn, Profile, Sessions
from wire.admin_events import AdminAnswer, HouseRoleChanged, HouseWaiting
from wire.chat_events import (
    Announced,
    ChatRulesChanged,
    DanmakuAccepted,
    DanmakuHeld,
    DanmakuReviewed,
    LikesCounted,
    MessagePinned,
)
from wire.coin_events import (
    GiftAccepted,
    GiftCatalogue,
    GiftSent,
    Givers,
    Movements,
    RedPacketAccepted,
    RedPacketEnded,
    RedPacketGrabbed,
    RedPacketOpened,
    RedPacketShare,
    Wallet,
)
from wire.errors import ErrorCode
from wire.event_base import Answer, DanmakuPosted, Data, Event
from wire.media_events import (
    KeyframeRequested,
    LayerSelected,
    PathJoined,
    PublishAccepted,
    PublishFeedback,
    Subscribed,
    SubscriberLagged,
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
from wire.room_events import (
    BroadcastAway,
    BroadcastEnded,
    BroadcastResumed,
    BroadcastStarted,
    InviteCreated,
    PublishKeyCreated,
    PublishKeys,
    RoomChanged,
    RoomDetails,
    RoomJoined,
    RoomList,
    TicketIssued,
    TracksChanged,
    ViewersChanged,
)
from wire.round_events import (
    DrawClosed,
    DrawDetails,
    DrawEntered,
    DrawEntries,
    DrawOpened,
    PollClosed,
    PollCounted,
    PollDetails,
    PollOpened,
)
from wire.words_events import TextRulesNow, TextTried, WordPage, WordsImported


class Ok(Answer, frozen=True, kw_only=True):
    pass


class Error(Answer, frozen=True, kw_only=True):
    code: ErrorCode
    message: str
    field: str | None = None
    retry_after_ms: int | None = None


class Pong(Answer, frozen=True, kw_only=True):
    relay_unix_us: int


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
