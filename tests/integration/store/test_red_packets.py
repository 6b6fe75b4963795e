"""Red packets over control sessions, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from server.accounts.actor import Login
from server.gifts import packets as packet_module
from tests.integration.store.books import assert_book_holds, read_book
from tests.integration.store.test_gifts import code, enter, go_live, open_stage, settle, wallet
from tests.server_parts import Parts, Socket
from wire import (
    coin_commands,
    coin_events,
    event_base,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode, WireError
from wire.event_base import UserInfo
from wire.ids import PacketId, SessionId, UserId

if TYPE_CHECKING:
    import pytest

    from server.store.store import Store
    from wire.ids import RoomId


async def put_in(socket: Socket, room_id: RoomId, **fields: Any) -> coin_events.RedPacketAccepted:
    wish = {"coins": 50, "shares": 5, "idempotency_key": "packet", **fields}
    answer = await socket.ask(coin_commands.SendRedPacket, room_id=room_id, **wish)
    assert isinstance(answer, coin_events.RedPacketAccepted), answer
    return answer


async def grab(socket: Socket, room_id: RoomId, packet_id: str) -> event_base.Answer:
    return await socket.ask(coin_commands.GrabRedPacket, room_id=room_id, packet_id=packet_id)


async def test_packet_when_1000_grab_100_shares_then_100_winners_and_the_sum_is_exact(
    parts: Parts,
) -> None:
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=1_000)
    packet = await put_in(giver, room_id, coins=777, shares=100)

    async def grab_as(number: int) -> coin_events.RedPacketShare | ErrorCode:
        user = UserInfo(user_id=UserId(f"user{number}"), name=f"user {number}")
        command = coin_commands.GrabRedPacket(id=1, room_id=room_id, packet_id=packet.packet_id)
        try:
            return await parts.packets.grab(Login(user, SessionId(f"s{number}")), command)
        except WireError as error:
            return error.code

    answers = await asyncio.gather(*(grab_as(number) for number in range(1_000)))
    won = [one for one in answers if isinstance(one, coin_events.RedPacketShare)]
    assert len(won) == 100
    assert sum(one.coins for one in won) == 777
    assert min(one.coins for one in won) >= 1
    assert {one for one in answers if isinstance(one, ErrorCode)} == {ErrorCode.GONE}
    await settle(parts)
    grabbed = [one for one in giver.channel.events if isinstance(one, coin_events.RedPacketGrabbed)]
    assert [one.shares_left for one in grabbed] == list(range(99, -1, -1))
    (ended,) = [one for one in giver.channel.events if isinstance(one, coin_events.RedPacketEnded)]
    assert ended.returned_coins == 0
    assert parts.packets.open_in(room_id) == ()
    await assert_book_holds(parts.store)


async def test_share_when_grabbed_twice_then_the_same_answer_and_nothing_more(
    parts: Parts,
) -> None:
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    packet = await put_in(giver, room_id)
    first = await grab(giver, room_id, packet.packet_id)
    assert isinstance(first, coin_events.RedPacketShare)
    second = await grab(giver, room_id, packet.packet_id)
    assert isinstance(second, coin_events.RedPacketShare)
    assert (second.coins, second.balance_coins) == (first.coins, first.balance_coins)
    assert (await wallet(giver)).balance_coins == 50 + first.coins
    later = await enter(parts, room_id, "later")
    joined = await later.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    (shown,) = joined.red_packets
    assert (shown.packet_id, shown.name, shown.shares) == (packet.packet_id, "giver", 4)


async def test_packet_when_the_broadcast_ends_then_the_rest_goes_back(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    quick = await enter(parts, room_id, "quick")
    packet = await put_in(giver, room_id)
    share = await grab(quick, room_id, packet.packet_id)
    assert isinstance(share, coin_events.RedPacketShare)
    await parts.packets.end_room(room_id)
    assert (await wallet(giver)).balance_coins == 100 - share.coins
    assert (await wallet(giver)).spent_day_coins == share.coins
    slow = await enter(parts, room_id, "slow")
    assert code(await grab(slow, room_id, packet.packet_id)) is ErrorCode.GONE
    again = await grab(quick, room_id, packet.packet_id)
    assert isinstance(again, coin_events.RedPacketShare)
    await settle(parts)
    (ended,) = [one for one in giver.channel.events if isinstance(one, coin_events.RedPacketEnded)]
    assert ended.returned_coins == 50 - share.coins
    await parts.packets.end_room(room_id)
    await assert_book_holds(parts.store)


async def test_packet_when_its_time_is_over_then_the_rest_goes_back(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packet_module, "PACKET_S", 0.0)
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    await put_in(giver, room_id)
    while parts.packets.open_in(room_id):
        await parts.store.read(lambda _session: None)
    assert (await wallet(giver)).balance_coins == 100
    await assert_book_holds(parts.store)


async def test_packet_when_the_relay_was_stopped_meanwhile_then_it_goes_on_and_ends(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    login = giver.session._state.actor.login
    assert login is not None
    accepted = await put_in(giver, room_id)
    await parts.close()

    parts = Parts(open_store(), first_id=1_000_000)
    await parts.packets.start()
    go_live(parts, room_id)
    (still_open,) = parts.packets.open_in(room_id)
    assert (still_open.packet_id, still_open.name, still_open.shares) == (
        accepted.packet_id,
        "giver",
        5,
    )
    giver = Socket(parts)
    await giver.session._state.log_in(login)
    await giver.ask(room_commands.JoinRoom, room_id=room_id)
    again = await put_in(giver, room_id)
    assert (again.packet_id, again.balance_coins) == (accepted.packet_id, 50)
    assert isinstance(await grab(giver, room_id, accepted.packet_id), coin_events.RedPacketShare)
    await parts.close()

    parts = Parts(open_store(), first_id=2_000_000)
    parts.time.pass_s(61)
    await parts.packets.start()
    while parts.packets.open_in(room_id):
        await parts.store.read(lambda _session: None)
    assert (await parts.ledger.wallet(login.user.user_id)).balance_coins == 100
    await assert_book_holds(parts.store)
    await parts.close()


async def test_packet_when_it_may_not_be_then_refused_and_nothing_moves(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    before = await read_book(parts.store)

    async def refused(**fields: Any) -> ErrorCode:
        wish = {"room_id": room_id, "coins": 50, "shares": 5, "idempotency_key": "k", **fields}
        return code(await giver.ask(coin_commands.SendRedPacket, **wish))

    assert await refused(coins=4) is ErrorCode.INVALID_VALUE
    assert await refused(coins=101) is ErrorCode.NOT_ENOUGH_COINS
    await giver.ask(coin_commands.SetSpendingLimits, limit_gift_coins=49)
    assert await refused() is ErrorCode.LIMIT_REACHED
    del parts.plane.live[room_id]
    assert await refused() is ErrorCode.NOT_LIVE
    unknown = await grab(giver, room_id, PacketId("nothing"))
    assert code(unknown) is ErrorCode.NOT_FOUND
    assert await read_book(parts.store) == before


async def test_packets_when_five_are_open_in_a_room_then_full(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    giver = await enter(parts, room_id, "giver", coins=100)
    for number in range(5):
        await put_in(giver, room_id, coins=5, shares=1, idempotency_key=f"k{number}")
    sixth = await giver.ask(
        coin_commands.SendRedPacket, room_id=room_id, coins=5, shares=1, idempotency_key="k6"
    )
    assert code(sixth) is ErrorCode.FULL
