"""Client to relay: requests on the control socket, and the JSON sent up the media sockets.

A control request carries `id`, which its answer repeats as `re`. Media sockets have one
conversation each, so their messages carry none. Unknown fields are refused: a misspelt option is
told to its author, and no message can nest deeper than these types do.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from wire import (
    cover_commands,
    detection_commands,
    discovery_commands,
    emotes_commands,
    inbox_commands,
    limits,
    privacy_commands,
    replay_commands,
    taste_commands,
)
from wire.admin_commands import AdminCommand
from wire.command_base import (
    CoinLimit,
    Coins,
    Command,
    Count,
    DanmakuMode,
    DanmakuSize,
    GiverSpan,
    Key,
    Label,
    MediaMessage,
    Milliseconds,
    Name,
    Note,
    Password,
    Privacy,
    RoomIdField,
    RoomName,
    RoomOrder,
    RoundSeconds,
    Secret,
    UserIdField,
)
from wire.errors import ErrorCode, MalformedMessage
from wire.ids import (
    BroadcastId,
    DrawId,
    GiftId,
    InviteId,
    MessageId,
    PacketId,
    PollId,
    PublishKeyId,
    SessionId,
    TransferId,
)
from wire.order_commands import (
    CloseRoom,
    DeleteDanmaku,
    DeleteDanmakuOf,
    ImposeSanction,
    LiftSanction,
    ListActs,
    ListSanctions,
    MySanctions,
    ReopenRoom,
    UndoAct,
)
from wire.tracks import TrackInfo
from wire.words_commands import (
    AddWord,
    GetTextRules,
    ImportWords,
    ListWords,
    RemoveWord,
    SetTextRules,
    TryText,
)

# Not defined here, and still looked for here: the bases and words of command_base.py.
__all__ = [
    "Command",
    "DanmakuMode",
    "DanmakuSize",
    "GiverSpan",
    "MediaMessage",
    "Privacy",
]

# --- accounts ---------------------------------------------------------------------------------


class Register(Command, frozen=True, kw_only=True):
    """Make an account and log in. Answer: LoggedIn."""

    name: Name
    password: Password
    device: Label = ""
    code: Secret = ""
    """Where the house asks for one."""
    device_token: Secret = ""
    """Of an account that was on this device before, where there is one."""
    agreed_version: Count = 0
    """Of the words on what the relay keeps (`PrivacyTerms`) that the user has agreed to."""


class Login(Command, frozen=True, kw_only=True):
    """Answer: LoggedIn."""

    name: Name
    password: Password
    device: Label = ""
    device_token: Secret = ""
    """From an earlier LoggedIn on this device; lets the owner in while others are locked out."""


class Resume(Command, frozen=True, kw_only=True):
    """Log in with the token of an earlier LoggedIn. Answer: LoggedIn."""

    token: Secret


class Logout(Command, frozen=True, kw_only=True):
    """End this session; with `everywhere` all sessions of the user. Answer: Ok."""

    everywhere: bool = False


class ChangePassword(Command, frozen=True, kw_only=True):
    """Ends all other sessions of the user. Answer: LoggedIn with a new token."""

    old_password: Password
    new_password: Password


class ListSessions(Command, frozen=True, kw_only=True):
    """Where the user is logged in. Answer: Sessions."""


class EndSession(Command, frozen=True, kw_only=True):
    """End one of the user's own sessions; its sockets are closed. Answer: Ok."""

    session_id: Annotated[SessionId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class GetProfile(Command, frozen=True, kw_only=True):
    """What a user says of themselves. Answer: Profile."""

    user_id: UserIdField


class EditProfile(Command, frozen=True, kw_only=True):
    """Change what is given, keep what is left out. Answer: Profile."""

    name: Name | None = None
    about: Annotated[str, Meta(max_length=limits.USER_ABOUT_CHARACTERS_MAX)] | None = None


class ClaimAdmin(Command, frozen=True, kw_only=True):
    """Become the first admin with the secret that the relay printed on its console. Answer: Ok."""

    secret: Secret


# --- rooms ------------------------------------------------------------------------------------


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


# --- broadcasts and chat ----------------------------------------------------------------------


class RequestPublishTicket(Command, frozen=True, kw_only=True):
    """The owner's ticket for `/v1/publish`. Answer: TicketIssued."""

    room_id: RoomIdField


class RequestSubscribeTicket(Command, frozen=True, kw_only=True):
    """A ticket for `/v1/subscribe`; a public room needs none. Answer: TicketIssued."""

    room_id: RoomIdField


class EndBroadcast(Command, frozen=True, kw_only=True):
    """End what is live in the room. Answer: Ok."""

    room_id: RoomIdField


class SendDanmaku(Command, frozen=True, kw_only=True):
    """Say something in a joined room. Answer: DanmakuAccepted, once the message is on disk."""

    room_id: RoomIdField
    text: Annotated[str, Meta(max_length=limits.DANMAKU_CHARACTERS_MAX * 4)]
    mode: DanmakuMode = 1
    color: Annotated[int, Meta(ge=0, le=0xFFFFFF)] = 0xFFFFFF
    size: DanmakuSize = "normal"
    reply_to: Annotated[MessageId, Meta(max_length=limits.ID_CHARACTERS_MAX)] | None = None


# --- leading a chat, and following ------------------------------------------------------------


class SetChatRules(Command, frozen=True, kw_only=True):
    """What may be said in a room, and when it is seen. Answer: Ok. What is left out is off."""

    room_id: RoomIdField
    slow_s: Annotated[int, Meta(ge=0, le=limits.CHAT_SLOW_S_MAX)] = 0
    followers_only: bool = False
    emoji_only: bool = False
    is_held: bool = False
    delay_s: Annotated[int, Meta(ge=0, le=limits.CHAT_DELAY_S_MAX)] = 0
    known_only: bool = False
    """Only who wrote here, or followed the owner, before this was switched on."""
    is_muted: bool = False
    """Nobody but those who lead it."""


class ReviewDanmaku(Command, frozen=True, kw_only=True):
    """Show a held message to all, or drop it. Answer: Ok."""

    room_id: RoomIdField
    message_id: Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    is_shown: bool


class PinMessage(Command, frozen=True, kw_only=True):
    """Keep one message above the chat; null takes it down. Answer: Ok."""

    room_id: RoomIdField
    message_id: Annotated[MessageId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)] | None


class Announce(Command, frozen=True, kw_only=True):
    """A line above the chat; an empty one takes it down. Answer: Ok."""

    room_id: RoomIdField
    text: Annotated[str, Meta(max_length=limits.ANNOUNCEMENT_CHARACTERS_MAX * 4)]


class FollowUser(Command, frozen=True, kw_only=True):
    """Follow a user, or end it. Answer: Ok."""

    user_id: UserIdField
    is_following: bool


# --- coins and gifts --------------------------------------------------------------------------


class ListGifts(Command, frozen=True, kw_only=True):
    """What can be given, cheapest first. Answer: GiftCatalogue."""


class SendGift(Command, frozen=True, kw_only=True):
    """Give to the owner of a live room. Answer: GiftAccepted, once it is on disk."""

    room_id: RoomIdField
    gift_id: Annotated[GiftId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    count: Annotated[int, Meta(ge=1, le=limits.GIFT_COUNT_MAX)] = 1
    idempotency_key: Key


class GetWallet(Command, frozen=True, kw_only=True):
    """What the user has, and its own limits. Answer: Wallet."""


class ClaimGrant(Command, frozen=True, kw_only=True):
    """Take the coins that are free today. Answer: Wallet."""


class SetSpendingLimits(Command, frozen=True, kw_only=True):
    """Set all three of the user's own limits; none where null. Answer: Wallet."""

    limit_gift_coins: CoinLimit = None
    limit_day_coins: CoinLimit = None
    limit_month_coins: CoinLimit = None


class ListMovements(Command, frozen=True, kw_only=True):
    """The user's own statement, newest first. Answer: Movements."""

    cursor: Annotated[str, Meta(max_length=limits.TOKEN_CHARACTERS_MAX)] = ""
    limit: Annotated[int, Meta(ge=1, le=limits.MOVEMENT_LIST_MAX)] = 50


class ListGivers(Command, frozen=True, kw_only=True):
    """Who gave most in a room. Answer: Givers."""

    room_id: RoomIdField
    span: GiverSpan


class SendRedPacket(Command, frozen=True, kw_only=True):
    """Put coins into a packet for whoever is quick. Answer: RedPacketAccepted."""

    room_id: RoomIdField
    coins: Coins
    shares: Annotated[int, Meta(ge=1, le=limits.RED_PACKET_SHARES_MAX)]
    idempotency_key: Key


class GrabRedPacket(Command, frozen=True, kw_only=True):
    """Take a share; asking again repeats the answer. Answer: RedPacketShare."""

    room_id: RoomIdField
    packet_id: Annotated[PacketId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class GrantCoins(Command, frozen=True, kw_only=True):
    """An admin gives a user coins. Answer: Ok."""

    user_id: UserIdField
    coins: Coins
    note: Note
    idempotency_key: Key


class RefundTransfer(Command, frozen=True, kw_only=True):
    """An admin undoes a gift or a grant with a new transfer. Answer: Ok."""

    transfer_id: Annotated[TransferId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    note: Note


# --- likes, polls, draws ------------------------------------------------------------------------


class SendLikes(Command, frozen=True, kw_only=True):
    """So many taps since the last ones; what exceeds the tap window is not counted. Answer: Ok."""

    room_id: RoomIdField
    count: Annotated[int, Meta(ge=1, le=limits.LIKES_BATCH_MAX)]


class OpenPoll(Command, frozen=True, kw_only=True):
    """Ask the room. Answer: PollDetails."""

    room_id: RoomIdField
    question: Annotated[str, Meta(max_length=limits.POLL_QUESTION_CHARACTERS_MAX * 4)]
    choices: Annotated[
        tuple[Annotated[str, Meta(max_length=limits.POLL_CHOICE_CHARACTERS_MAX * 4)], ...],
        Meta(min_length=2, max_length=limits.POLL_CHOICES_MAX),
    ]
    seconds: RoundSeconds = 120


class VotePoll(Command, frozen=True, kw_only=True):
    """Choose, or choose anew. Answer: Ok, once the vote is on disk."""

    room_id: RoomIdField
    poll_id: Annotated[PollId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    choice: Annotated[int, Meta(ge=0, lt=limits.POLL_CHOICES_MAX)]


class ClosePoll(Command, frozen=True, kw_only=True):
    """End a poll before its time. Answer: PollDetails."""

    room_id: RoomIdField
    poll_id: Annotated[PollId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class OpenDraw(Command, frozen=True, kw_only=True):
    """Draw lots among those who enter. Answer: DrawDetails."""

    room_id: RoomIdField
    prize: Annotated[str, Meta(max_length=limits.DRAW_PRIZE_CHARACTERS_MAX * 4)]
    winners: Annotated[int, Meta(ge=1, le=limits.DRAW_WINNERS_MAX)] = 1
    seconds: RoundSeconds = 120


class EnterDraw(Command, frozen=True, kw_only=True):
    """Answer: Ok, once the entry is on disk."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class CloseDraw(Command, frozen=True, kw_only=True):
    """Draw now, before its time. Answer: Ok; DrawClosed says who won."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class ListDrawEntries(Command, frozen=True, kw_only=True):
    """All that is needed to check a closed draw. Answer: DrawEntries."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    after: Count = 0
    """Entries to pass over: those that came before."""


# --- the socket itself ------------------------------------------------------------------------


class Ping(Command, frozen=True, kw_only=True):
    """Round trip and clock. Answer: Pong."""


ControlCommand = (
    Register
    | Login
    | Resume
    | Logout
    | ChangePassword
    | ListSessions
    | EndSession
    | GetProfile
    | EditProfile
    | ClaimAdmin
    | CreateRoom
    | EditRoom
    | ListRooms
    | GetRoom
    | JoinRoom
    | LeaveRoom
    | SetModerator
    | CreateInvite
    | RevokeInvite
    | CreatePublishKey
    | ListPublishKeys
    | RevokePublishKey
    | RequestPublishTicket
    | RequestSubscribeTicket
    | EndBroadcast
    | SendDanmaku
    | SendLikes
    | ListGifts
    | SendGift
    | GetWallet
    | ClaimGrant
    | SetSpendingLimits
    | ListMovements
    | ListGivers
    | SendRedPacket
    | GrabRedPacket
    | GrantCoins
    | RefundTransfer
    | OpenPoll
    | VotePoll
    | ClosePoll
    | OpenDraw
    | EnterDraw
    | CloseDraw
    | ListDrawEntries
    | SetChatRules
    | ReviewDanmaku
    | PinMessage
    | Announce
    | FollowUser
    | Ping
    | AdminCommand
    | privacy_commands.GetPrivacyTerms
    | privacy_commands.GetMyData
    | privacy_commands.SetRecording
    | privacy_commands.PrepareExport
    | privacy_commands.ReadExport
    | privacy_commands.DropExport
    | privacy_commands.EraseAccount
    | ListWords
    | AddWord
    | RemoveWord
    | ImportWords
    | SetTextRules
    | GetTextRules
    | TryText
    | ListActs
    | UndoAct
    | ImposeSanction
    | LiftSanction
    | ListSanctions
    | MySanctions
    | DeleteDanmaku
    | DeleteDanmakuOf
    | CloseRoom
    | ReopenRoom
    | inbox_commands.SendReport
    | inbox_commands.ListReports
    | inbox_commands.GetReport
    | inbox_commands.ClaimReport
    | inbox_commands.DecideReport
    | inbox_commands.SendFeedback
    | inbox_commands.AppealBan
    | inbox_commands.GetInbox
    | inbox_commands.MarkInboxRead
    | inbox_commands.ListFeedback
    | inbox_commands.GetFeedback
    | inbox_commands.AnswerFeedback
    | detection_commands.KeepRaid
    | discovery_commands.RecordImpressions
    | discovery_commands.RecordShare
    | discovery_commands.HideStreamer
    | discovery_commands.GetBelief
    | discovery_commands.ExplainRoom
    | discovery_commands.ResetBelief
    | discovery_commands.CorrectBelief
    | discovery_commands.ListPeople
    | discovery_commands.GetQuality
    | discovery_commands.ListModels
    | discovery_commands.TrainNow
    | discovery_commands.CancelTraining
    | discovery_commands.RollBack
    | taste_commands.RecommendReplays
    | cover_commands.SetCover
    | taste_commands.GetInterests
    | taste_commands.ChooseInterests
    | emotes_commands.AddEmote
    | emotes_commands.RemoveEmote
    | emotes_commands.GetEmote
    | replay_commands.ListReplays
    | replay_commands.OpenReplay
    | replay_commands.LiveRecording
    | replay_commands.ReadTimeline
    | replay_commands.EditReplay
    | replay_commands.DeleteReplay
    | replay_commands.GetRoomRecording
    | replay_commands.RecordRoom
)


# --- up the media sockets ---------------------------------------------------------------------


class Publish(MediaMessage, frozen=True, kw_only=True):
    """First message on `/v1/publish`: a ticket, or a publish key, and what will be sent.

    `broadcast_id` is given by a publisher that comes back after a cut and whose pts go on.
    """

    room_id: RoomIdField
    tracks: Annotated[tuple[TrackInfo, ...], Meta(max_length=limits.TRACKS_MAX)]
    ticket: Secret = ""
    publish_key: Secret = ""
    broadcast_id: (
        Annotated[BroadcastId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)] | None
    ) = None


class JoinPublishing(MediaMessage, frozen=True, kw_only=True):
    """First message on a further `/v1/publish` socket of a publisher that is on the air already.

    `path` names the way up: `Publish` opened path 0. A path that is open already is replaced.
    """

    room_id: RoomIdField
    join_token: Secret
    """From `PublishAccepted`."""
    path: Annotated[int, Meta(ge=0, lt=limits.PUBLISH_PATHS_MAX)] = 1


class UpdateTracks(MediaMessage, frozen=True, kw_only=True):
    """The tracks change from the next keyframe on."""

    tracks: Annotated[tuple[TrackInfo, ...], Meta(max_length=limits.TRACKS_MAX)]
    revision: Count = 0
    """On several paths the same message goes up each, with a number that grows: what is not newer
    than what the relay has is passed over. 0: it counts as it comes."""


class EndPublishing(MediaMessage, frozen=True, kw_only=True):
    """The broadcast is over (a lost socket alone only means "away")."""


PublisherMessage = Publish | UpdateTracks | EndPublishing | JoinPublishing

LayerChoice = Literal["auto"] | Annotated[int, Meta(ge=0, lt=limits.LAYERS_MAX)]


class Subscribe(MediaMessage, frozen=True, kw_only=True):
    """First message on `/v1/subscribe`. A public room needs no ticket."""

    room_id: RoomIdField
    ticket: Secret = ""
    layer: LayerChoice = "auto"
    audio_only: bool = False
    data_saver: bool = False
    """"auto" stays on a layer that takes little."""


class SelectLayer(MediaMessage, frozen=True, kw_only=True):
    """Another layer from its next keyframe on."""

    layer: LayerChoice = "auto"
    audio_only: bool = False
    data_saver: bool = False


class Report(MediaMessage, frozen=True, kw_only=True):
    """How the viewer fares, for the streamer's health line and for layer choice."""

    buffer_ms: Milliseconds = 0
    latency_ms: Milliseconds = 0
    frames: Count = 0
    frames_dropped: Count = 0
    stalls: Count = 0
    decode_ms: Milliseconds = 0


class RequestKeyframe(MediaMessage, frozen=True, kw_only=True):
    """The viewer's decoder can go on at the next keyframe only. Not for a new choice of layer: that
    asks by itself. To relays that said `takes_keyframe_requests`."""


SubscriberMessage = Subscribe | SelectLayer | Report | RequestKeyframe

_control_decoder: msgspec.json.Decoder[ControlCommand] = msgspec.json.Decoder(ControlCommand)
_publisher_decoder: msgspec.json.Decoder[PublisherMessage] = msgspec.json.Decoder(PublisherMessage)
_subscriber_decoder: msgspec.json.Decoder[SubscriberMessage] = msgspec.json.Decoder(
    SubscriberMessage
)
_encoder = msgspec.json.Encoder()
_Message = TypeVar("_Message")


class _Envelope(Struct, frozen=True):
    id: object = None
    type: object = None


_envelope_decoder = msgspec.json.Decoder(_Envelope)


def pack(message: Command | MediaMessage) -> str:
    """The JSON text of a command."""
    return _encoder.encode(message).decode()


def parse_control(text: str | bytes) -> ControlCommand:
    """Raises MalformedMessage; its words may be shown to the sender."""
    return _parse(_control_decoder, text)


def parse_publisher(text: str | bytes) -> PublisherMessage:
    """Raises MalformedMessage."""
    return _parse(_publisher_decoder, text)


def parse_subscriber(text: str | bytes) -> SubscriberMessage:
    """Raises MalformedMessage."""
    return _parse(_subscriber_decoder, text)


def find_request_id(text: str | bytes) -> int | None:
    """The id of a request that did not parse, so that even its error can be matched to it."""
    try:
        envelope = _envelope_decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    request_id = envelope.id
    if isinstance(request_id, bool) or not isinstance(request_id, int):
        return None
    return request_id if 0 <= request_id <= limits.INTEGER_MAX else None


def _parse(decoder: msgspec.json.Decoder[_Message], text: str | bytes) -> _Message:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        words = str(error)
        if words.startswith("Invalid value") and words.endswith("`$.type`"):
            raise MalformedMessage(words, ErrorCode.UNKNOWN_TYPE) from None
        raise MalformedMessage(words, ErrorCode.INVALID_VALUE) from None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise MalformedMessage("the message is not valid JSON in UTF-8") from None
