"""Requests about coins: gifts, red packets, one's wallet and its limits."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import (
    CoinLimit,
    Coins,
    Command,
    GiverSpan,
    Key,
    Note,
    RoomIdField,
    UserIdField,
)
from wire.ids import GiftId, PacketId, TransferId


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
