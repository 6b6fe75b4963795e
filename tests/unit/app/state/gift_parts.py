"""Gifts, wallets and rooms for tests."""

from __future__ import annotations

from typing import Literal

from app.state.gifts import Catalogued, Entered, GiftsState, Place, WalletRead
from wire import coin_events
from wire.ids import GiftId, PacketId, RoomId, TransferId, UserId

ROOM = RoomId("r1")


def gift(
    gift_id: str = "flower", price: int = 1, effect: Literal["banner", "combo", "stage"] = "banner"
) -> coin_events.GiftInfo:
    names = {"en": gift_id.title(), "zh_CN": f"礼物{gift_id}"}
    return coin_events.GiftInfo(
        gift_id=GiftId(gift_id), price_coins=price, effect=effect, names=names
    )


GIFTS = (gift(), gift("candy", 10, "combo"), gift("castle", 1000, "stage"))


def wallet(
    coins: int = 100,
    *,
    beans: int = 0,
    grant: int = 0,
    day: int = 0,
    month: int = 0,
    limits: tuple[int | None, int | None, int | None] = (None, None, None),
) -> coin_events.Wallet:
    return coin_events.Wallet(
        balance_coins=coins,
        beans=beans,
        grant_coins=grant,
        spent_day_coins=day,
        spent_month_coins=month,
        limit_gift_coins=limits[0],
        limit_day_coins=limits[1],
        limit_month_coins=limits[2],
    )


def place(
    user_id: str = "u2",
    *,
    is_live: bool = True,
    packets: tuple[coin_events.RedPacketOpened, ...] = (),
) -> Place:
    return Place(room_id=ROOM, owner_id="u1", user_id=user_id, is_live=is_live, red_packets=packets)


def entered(user_id: str = "u2", coins: int = 100, *, is_live: bool = True) -> GiftsState:
    return (
        GiftsState()
        .apply(Entered(place(user_id, is_live=is_live)))
        .apply(Catalogued(GIFTS))
        .apply(WalletRead(wallet(coins)))
    )


def opened(packet: str = "p1", coins: int = 100, shares: int = 10) -> coin_events.RedPacketOpened:
    return coin_events.RedPacketOpened(
        room_id=ROOM,
        packet_id=PacketId(packet),
        user_id=UserId("u3"),
        name="Bob",
        coins=coins,
        shares=shares,
    )


def sent(
    name: str = "Bob", gift_id: str = "flower", *, combo: int = 1, coins: int = 1
) -> coin_events.GiftSent:
    return coin_events.GiftSent(
        room_id=ROOM,
        transfer_id=TransferId(f"t{combo}"),
        user_id=UserId("u3"),
        name=name,
        gift_id=GiftId(gift_id),
        count=1,
        combo=combo,
        coins=coins,
        sent_at_unix_ms=1_700_000_000_000,
    )
