"""How often each kind of command is allowed, per user and per address.

Chat and failed logins have their own, finer rules in their features. An address may be a whole
school behind one router, or a proxy, so it has many times what one user has; and a thousand
viewers that come back in 30 s after a restart must pass.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from server.rates import Rate, TokenBuckets, rate_limited
from wire import (
    account_commands,
    admin_commands,
    chat_commands,
    coin_commands,
    command_base,
    commands,
    cover_commands,
    detection_commands,
    discovery_commands,
    emotes_commands,
    inbox_commands,
    order_commands,
    privacy_commands,
    replay_commands,
    room_commands,
    round_commands,
    taste_commands,
    words_commands,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class ActionKind(Enum):
    LOGIN = auto()
    """Costs a password hash."""
    RESUME = auto()
    READ = auto()
    WRITE = auto()
    CHAT = auto()
    """Before chat's own rule: bounds the refusals."""
    LIKE = auto()
    """Before the tap window, which counts; this bounds the commands."""
    COINS = auto()
    """Gifts are tapped fast, and a whole room grabs a red packet at once."""
    PICTURE = auto()
    """A new viewer fetches those that are used at once; each is half a message."""
    PING = auto()


PER_USER: Final = {
    ActionKind.LOGIN: Rate(burst=20, per_s=0.5),
    ActionKind.RESUME: Rate(burst=20, per_s=1),
    ActionKind.READ: Rate(burst=100, per_s=20),
    ActionKind.WRITE: Rate(burst=60, per_s=2),
    ActionKind.CHAT: Rate(burst=200, per_s=50),
    ActionKind.LIKE: Rate(burst=20, per_s=4),
    ActionKind.COINS: Rate(burst=200, per_s=20),
    ActionKind.PICTURE: Rate(burst=90, per_s=4),
    ActionKind.PING: Rate(burst=100, per_s=20),
}
PER_ADDRESS: Final = {
    ActionKind.LOGIN: Rate(burst=200, per_s=5),
    ActionKind.RESUME: Rate(burst=2_000, per_s=200),
    ActionKind.READ: Rate(burst=6_000, per_s=1_000),
    ActionKind.WRITE: Rate(burst=600, per_s=20),
    ActionKind.CHAT: Rate(burst=10_000, per_s=5_000),
    ActionKind.LIKE: Rate(burst=10_000, per_s=5_000),
    ActionKind.COINS: Rate(burst=10_000, per_s=1_000),
    ActionKind.PICTURE: Rate(burst=6_000, per_s=300),
    ActionKind.PING: Rate(burst=10_000, per_s=5_000),
}

_KINDS: Final[dict[type[command_base.Command], ActionKind]] = {
    account_commands.Register: ActionKind.LOGIN,
    account_commands.Login: ActionKind.LOGIN,
    account_commands.ChangePassword: ActionKind.LOGIN,
    account_commands.ClaimAdmin: ActionKind.LOGIN,
    account_commands.Resume: ActionKind.RESUME,
    account_commands.Logout: ActionKind.WRITE,
    account_commands.EndSession: ActionKind.WRITE,
    account_commands.EditProfile: ActionKind.WRITE,
    room_commands.CreateRoom: ActionKind.WRITE,
    room_commands.EditRoom: ActionKind.WRITE,
    room_commands.SetModerator: ActionKind.WRITE,
    room_commands.CreateInvite: ActionKind.WRITE,
    room_commands.RevokeInvite: ActionKind.WRITE,
    room_commands.CreatePublishKey: ActionKind.WRITE,
    room_commands.RevokePublishKey: ActionKind.WRITE,
    room_commands.EndBroadcast: ActionKind.WRITE,
    account_commands.ListSessions: ActionKind.READ,
    account_commands.GetProfile: ActionKind.READ,
    room_commands.ListRooms: ActionKind.READ,
    room_commands.GetRoom: ActionKind.READ,
    room_commands.JoinRoom: ActionKind.READ,
    room_commands.LeaveRoom: ActionKind.READ,
    room_commands.ListPublishKeys: ActionKind.READ,
    room_commands.RequestPublishTicket: ActionKind.READ,
    room_commands.RequestSubscribeTicket: ActionKind.READ,
    chat_commands.SendDanmaku: ActionKind.CHAT,
    chat_commands.SendLikes: ActionKind.LIKE,
    coin_commands.SendGift: ActionKind.COINS,
    coin_commands.SendRedPacket: ActionKind.COINS,
    coin_commands.GrabRedPacket: ActionKind.COINS,
    coin_commands.ClaimGrant: ActionKind.WRITE,
    coin_commands.SetSpendingLimits: ActionKind.WRITE,
    coin_commands.GrantCoins: ActionKind.WRITE,
    coin_commands.RefundTransfer: ActionKind.WRITE,
    coin_commands.ListGifts: ActionKind.READ,
    coin_commands.GetWallet: ActionKind.READ,
    coin_commands.ListMovements: ActionKind.READ,
    coin_commands.ListGivers: ActionKind.READ,
    # A room votes within seconds, perhaps from behind one address.
    round_commands.VotePoll: ActionKind.CHAT,
    round_commands.EnterDraw: ActionKind.CHAT,
    round_commands.OpenPoll: ActionKind.WRITE,
    round_commands.ClosePoll: ActionKind.WRITE,
    round_commands.OpenDraw: ActionKind.WRITE,
    round_commands.CloseDraw: ActionKind.WRITE,
    round_commands.ListDrawEntries: ActionKind.READ,
    chat_commands.SetChatRules: ActionKind.WRITE,
    chat_commands.ReviewDanmaku: ActionKind.CHAT,
    chat_commands.PinMessage: ActionKind.WRITE,
    chat_commands.Announce: ActionKind.WRITE,
    account_commands.FollowUser: ActionKind.WRITE,
    words_commands.ListWords: ActionKind.READ,
    words_commands.AddWord: ActionKind.WRITE,
    words_commands.RemoveWord: ActionKind.WRITE,
    words_commands.ImportWords: ActionKind.WRITE,
    words_commands.SetTextRules: ActionKind.WRITE,
    words_commands.GetTextRules: ActionKind.READ,
    words_commands.TryText: ActionKind.READ,
    commands.Ping: ActionKind.PING,
    # Admins alone get past the permission table; looking is polled while a page is open.
    admin_commands.GetOverview: ActionKind.READ,
    admin_commands.ListHouseRooms: ActionKind.READ,
    admin_commands.ListUsers: ActionKind.READ,
    admin_commands.GetUserPage: ActionKind.READ,
    admin_commands.ListMovementsOf: ActionKind.READ,
    admin_commands.ListHouseGifts: ActionKind.READ,
    admin_commands.ListRelaySettings: ActionKind.READ,
    admin_commands.GetStorage: ActionKind.READ,
    admin_commands.RedeemPasswordReset: ActionKind.LOGIN,
    admin_commands.CreateRoomFor: ActionKind.WRITE,
    admin_commands.FeatureRoom: ActionKind.WRITE,
    admin_commands.PlanBroadcast: ActionKind.WRITE,
    admin_commands.AnnounceToHouse: ActionKind.WRITE,
    admin_commands.SetAdmin: ActionKind.WRITE,
    admin_commands.EndSessionsOf: ActionKind.WRITE,
    admin_commands.MakePasswordReset: ActionKind.WRITE,
    admin_commands.SetGift: ActionKind.WRITE,
    admin_commands.ChangeRelaySetting: ActionKind.WRITE,
    admin_commands.StartJob: ActionKind.WRITE,
    admin_commands.DeleteBackup: ActionKind.WRITE,
    admin_commands.PrepareRestore: ActionKind.WRITE,
    privacy_commands.GetPrivacyTerms: ActionKind.READ,
    privacy_commands.GetMyData: ActionKind.READ,
    privacy_commands.SetRecording: ActionKind.WRITE,
    privacy_commands.PrepareExport: ActionKind.WRITE,
    # 20 pieces a second: a gigabyte takes ten minutes, and nobody has one.
    privacy_commands.ReadExport: ActionKind.READ,
    privacy_commands.DropExport: ActionKind.READ,
    privacy_commands.EraseAccount: ActionKind.LOGIN,
    order_commands.ListActs: ActionKind.READ,
    order_commands.ListSanctions: ActionKind.READ,
    order_commands.MySanctions: ActionKind.READ,
    # A raid is met fast.
    order_commands.UndoAct: ActionKind.CHAT,
    order_commands.ImposeSanction: ActionKind.CHAT,
    order_commands.LiftSanction: ActionKind.CHAT,
    order_commands.DeleteDanmaku: ActionKind.CHAT,
    order_commands.DeleteDanmakuOf: ActionKind.CHAT,
    detection_commands.KeepRaid: ActionKind.CHAT,
    order_commands.CloseRoom: ActionKind.WRITE,
    order_commands.ReopenRoom: ActionKind.WRITE,
    inbox_commands.SendReport: ActionKind.WRITE,
    inbox_commands.ClaimReport: ActionKind.WRITE,
    inbox_commands.DecideReport: ActionKind.WRITE,
    inbox_commands.SendFeedback: ActionKind.WRITE,
    inbox_commands.AppealBan: ActionKind.LOGIN,
    inbox_commands.MarkInboxRead: ActionKind.WRITE,
    inbox_commands.AnswerFeedback: ActionKind.WRITE,
    inbox_commands.ListReports: ActionKind.READ,
    inbox_commands.GetReport: ActionKind.READ,
    inbox_commands.GetInbox: ActionKind.READ,
    inbox_commands.ListFeedback: ActionKind.READ,
    inbox_commands.GetFeedback: ActionKind.READ,
    # A page that is scrolled through tells what was seen every few seconds.
    discovery_commands.RecordImpressions: ActionKind.READ,
    discovery_commands.RecordShare: ActionKind.WRITE,
    discovery_commands.HideStreamer: ActionKind.WRITE,
    discovery_commands.ResetBelief: ActionKind.WRITE,
    discovery_commands.CorrectBelief: ActionKind.WRITE,
    discovery_commands.TrainNow: ActionKind.WRITE,
    discovery_commands.CancelTraining: ActionKind.WRITE,
    discovery_commands.RollBack: ActionKind.WRITE,
    discovery_commands.GetBelief: ActionKind.READ,
    discovery_commands.ExplainRoom: ActionKind.READ,
    discovery_commands.ListPeople: ActionKind.READ,
    discovery_commands.GetQuality: ActionKind.READ,
    discovery_commands.ListModels: ActionKind.READ,
    taste_commands.RecommendReplays: ActionKind.READ,
    cover_commands.SetCover: ActionKind.WRITE,
    taste_commands.GetInterests: ActionKind.READ,
    taste_commands.ChooseInterests: ActionKind.WRITE,
    emotes_commands.AddEmote: ActionKind.WRITE,
    emotes_commands.RemoveEmote: ActionKind.WRITE,
    emotes_commands.GetEmote: ActionKind.PICTURE,
    replay_commands.ListReplays: ActionKind.READ,
    replay_commands.OpenReplay: ActionKind.READ,
    replay_commands.LiveRecording: ActionKind.READ,
    replay_commands.ReadTimeline: ActionKind.READ,
    replay_commands.EditReplay: ActionKind.WRITE,
    replay_commands.DeleteReplay: ActionKind.WRITE,
    replay_commands.GetRoomRecording: ActionKind.READ,
    replay_commands.RecordRoom: ActionKind.WRITE,
}


class ActionLimits:
    """One for the whole relay. Event loop's thread only."""

    def __init__(self, mono_s: Callable[[], float]) -> None:
        self._mono_s = mono_s
        self._users: dict[ActionKind, TokenBuckets[Hashable]] = {
            kind: TokenBuckets(rate) for kind, rate in PER_USER.items()
        }
        self._addresses: dict[ActionKind, TokenBuckets[Hashable]] = {
            kind: TokenBuckets(rate) for kind, rate in PER_ADDRESS.items()
        }

    def check(self, command: command_base.Command, *, user: Hashable, address: str) -> None:
        """Count a command. `user` is the user's id, or what stands for a guest's socket.

        It is remembered for as long as thousands of others, so it must be small.

        Raises WireError(RATE_LIMITED) with the time to wait.
        """
        kind = _KINDS[type(command)]
        now = self._mono_s()
        wait_s = self._addresses[kind].wait_s(address, now) or self._users[kind].take(user, now)
        if wait_s:
            raise rate_limited(wait_s)
        self._addresses[kind].take(address, now)
