"""Gifts and red packets on a real relay: what a live broadcast and its end do to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.relay_clients import control, publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import coin_commands, coin_events, media_commands
from wire.errors import ErrorCode
from wire.ids import GiftId, RoomId

if TYPE_CHECKING:
    from pathlib import Path


async def test_red_packet_when_the_publisher_ends_then_the_room_hears_and_coins_are_back(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        media, room_id = SyntheticMedia(), RoomId(relay.room_id)
        async with (
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            control(relay.url) as giver,
            control(relay.url) as watcher,
        ):
            await source.stream(media, 3)
            await giver.register("giver")
            await giver.join(relay.room_id)
            await watcher.join(relay.room_id)
            await giver.ask(coin_commands.ClaimGrant(id=0))
            gift = coin_commands.SendGift(
                id=0, room_id=room_id, gift_id=GiftId("heart"), idempotency_key="g"
            )
            assert (await giver.ask(gift)).balance_coins == 95
            sent = await watcher.wait_for(coin_events.GiftSent)
            assert (sent.name, sent.gift_id, sent.coins) == ("giver", "heart", 5)
            assert sent.media_time_us is not None
            packet = await giver.ask(
                coin_commands.SendRedPacket(
                    id=0, room_id=room_id, coins=90, shares=3, idempotency_key="p"
                )
            )
            opened = await watcher.wait_for(coin_events.RedPacketOpened)
            share = await giver.ask(
                coin_commands.GrabRedPacket(id=0, room_id=room_id, packet_id=packet.packet_id)
            )
            await source.say(media_commands.EndPublishing())
            ended = await watcher.wait_for(coin_events.RedPacketEnded)
            assert ended.packet_id == opened.packet_id
            assert ended.returned_coins == 90 - share.coins
            assert (await giver.ask(coin_commands.GetWallet(id=0))).balance_coins == 95
            assert (await giver.ask_in_vain(gift_again("h", room_id))).code is ErrorCode.NOT_LIVE


def gift_again(key: str, room_id: RoomId) -> coin_commands.SendGift:
    return coin_commands.SendGift(
        id=0, room_id=room_id, gift_id=GiftId("heart"), idempotency_key=key
    )
