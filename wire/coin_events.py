"""Answers and events about coins: gifts, red packets, wallets."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Answer, Data, Event, UserInfo
from wire.ids import GiftId, PacketId, RoomId, TransferId, UserId


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
