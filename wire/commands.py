"""Client to relay: all requests of the control socket; how they and the media JSON are read.

A control request carries `id`, which its answer repeats as `re`. Media sockets have one
conversation each, so their messages carry none. Unknown fields are refused: a misspelt option is
told to its author, and no message can nest deeper than these types do.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Struct

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
from wire.account_commands import (
    ChangePassword,
    ClaimAdmin,
    EditProfile,
    EndSession,
    FollowUser,
    GetProfile,
    ListSessions,
    Login,
    Logout,
    Register,
    Resume,
)
from wire.admin_commands import AdminCommand
from wire.chat_commands import (
    Announce,
    PinMessage,
    ReviewDanmaku,
    SendDanmaku,
    SendLikes,
    SetChatRules,
)
from wire.coin_commands import (
    ClaimGrant,
    GetWallet,
    GrabRedPacket,
    GrantCoins,
    ListGifts,
    ListGivers,
    ListMovements,
    RefundTransfer,
    SendGift,
    SendRedPacket,
    SetSpendingLimits,
)
from wire.command_base import Command, MediaMessage
from wire.errors import ErrorCode, MalformedMessage
from wire.media_commands import PublisherMessage, SubscriberMessage
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
from wire.room_commands import (
    CreateInvite,
    CreatePublishKey,
    CreateRoom,
    EditRoom,
    EndBroadcast,
    GetRoom,
    JoinRoom,
    LeaveRoom,
    ListPublishKeys,
    ListRooms,
    RequestPublishTicket,
    RequestSubscribeTicket,
    RevokeInvite,
    RevokePublishKey,
    SetModerator,
)
from wire.round_commands import (
    CloseDraw,
    ClosePoll,
    EnterDraw,
    ListDrawEntries,
    OpenDraw,
    OpenPoll,
    VotePoll,
)
from wire.words_commands import (
    AddWord,
    GetTextRules,
    ImportWords,
    ListWords,
    RemoveWord,
    SetTextRules,
    TryText,
)


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
