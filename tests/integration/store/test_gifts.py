"""Gifts over control sessions, on both databases; the numbers are the cases of docs/ledger.md."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.store.books import assert_book_holds, read_book
from tests.server_parts import Parts, Socket
from wire import (
    coin_commands,
    coin_events,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode
from wire.ids import BroadcastId

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.ids import RoomId

_keys = itertools.count(1)


def go_live(parts: Parts, room_id: RoomId) -> None:
    parts.plane.live[room_id] = event_base.BroadcastInfo(
        broadcast_id=BroadcastId(f"b-{room_id}"), started_at_unix_us=0, state="live"
    )


async def open_stage(parts: Parts) -> tuple[Socket, RoomId]:
    """A live room and its owner's socket, in it."""
    owner = Socket(parts)
    await owner.register("streamer")
    made = await owner.ask(room_commands.CreateRoom, name="Stage")
    assert isinstance(made, room_events.RoomDetails)
    room_id = made.room.room_id
    await owner.ask(room_commands.JoinRoom, room_id=room_id)
    go_live(parts, room_id)
    return owner, room_id


async def enter(parts: Parts, room_id: RoomId, name: str, *, coins: int = 0) -> Socket:
    """A new user in the room, with coins."""
    socket = Socket(parts)
    await socket.register(name)
    await socket.ask(room_commands.JoinRoom, room_id=room_id)
    if coins:
        user_id = socket.session.user_id
        assert user_id is not None
        key = f"test {next(_keys)}"
        await parts.ledger.grant(user_id, user_id, coins=coins, note="", key=key)
    return socket


async def give(socket: Socket, room_id: RoomId, **fields: Any) -> event_base.Answer:
    wish = {"gift_id": "candy", "idempotency_key": f"key {next(_keys)}", **fields}
    return await socket.ask(coin_commands.SendGift, room_id=room_id, **wish)


async def wallet(socket: Socket) -> coin_events.Wallet:
    answer = await socket.ask(coin_commands.GetWallet)
    assert isinstance(answer, coin_events.Wallet), answer
    return answer


def code(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


async def settle(parts: Parts) -> None:
    """Until the events that were posted have been written."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_gift_when_sent_then_coins_become_the_owners_beans_and_the_room_hears(
    parts: Parts,
) -> None:
    owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    accepted = await give(viewer, room_id, gift_id="candy", count=3)
    assert isinstance(accepted, coin_events.GiftAccepted)
    assert (accepted.balance_coins, accepted.combo) == (70, 3)
    assert (await wallet(owner)).beans == 30
    spent = await wallet(viewer)
    assert (spent.balance_coins, spent.spent_day_coins, spent.spent_month_coins) == (70, 30, 30)
    await settle(parts)
    (heard,) = [one for one in owner.channel.events if isinstance(one, coin_events.GiftSent)]
    assert heard == coin_events.GiftSent(
        room_id=room_id,
        transfer_id=accepted.transfer_id,
        user_id=spent_by(viewer),
        name="viewer",
        gift_id="candy",
        count=3,
        combo=3,
        coins=30,
        sent_at_unix_ms=parts.time.clocks.unix_ms(),
        media_time_us=5_000_000,
    )
    await assert_book_holds(parts.store)


def spent_by(socket: Socket) -> Any:
    return socket.session.user_id


async def test_gift_when_it_may_not_be_then_refused_and_nothing_moves(parts: Parts) -> None:
    owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    before = await read_book(parts.store)
    assert code(await give(owner, room_id)) is ErrorCode.FORBIDDEN
    assert code(await give(Socket(parts), room_id)) is ErrorCode.LOGIN_REQUIRED
    assert code(await give(viewer, room_id, gift_id="moon")) is ErrorCode.NOT_FOUND
    assert code(await give(viewer, room_id, gift_id="rocket")) is ErrorCode.NOT_ENOUGH_COINS
    outsider = Socket(parts)
    await outsider.register("outsider")
    assert code(await give(outsider, room_id)) is ErrorCode.WRONG_STATE
    del parts.plane.live[room_id]
    assert code(await give(viewer, room_id)) is ErrorCode.NOT_LIVE
    assert await read_book(parts.store) == before
    assert not [one for one in owner.channel.events if isinstance(one, coin_events.GiftSent)]


async def test_gift_when_a_limit_of_ones_own_is_reached_then_named(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=1_000)

    async def limit(**limits: int | None) -> None:
        answer = await viewer.ask(coin_commands.SetSpendingLimits, **limits)
        assert isinstance(answer, coin_events.Wallet)
        assert answer.limit_day_coins == limits.get("limit_day_coins")

    async def refused_by(count: int) -> str | None:
        answer = await give(viewer, room_id, count=count)
        if isinstance(answer, coin_events.GiftAccepted):
            return None
        assert code(answer) is ErrorCode.LIMIT_REACHED
        assert isinstance(answer, events.Error)
        return answer.field

    await limit(limit_gift_coins=20, limit_day_coins=50, limit_month_coins=60)
    assert await refused_by(3) == "limit_gift_coins"
    assert [await refused_by(2), await refused_by(2)] == [None, None]
    assert await refused_by(2) == "limit_day_coins"
    parts.time.pass_s(86_401)
    assert await refused_by(2) is None
    assert await refused_by(1) == "limit_month_coins"
    await limit()
    assert await refused_by(5) is None


async def test_gift_when_sent_again_within_5_s_then_the_combo_counts_on(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=1_000)
    other = await enter(parts, room_id, "other", coins=1_000)

    async def combo(socket: Socket, count: int, gift_id: str = "candy") -> int:
        answer = await give(socket, room_id, gift_id=gift_id, count=count)
        assert isinstance(answer, coin_events.GiftAccepted)
        return answer.combo

    assert [await combo(viewer, 1), await combo(viewer, 2)] == [1, 3]
    assert await combo(other, 1) == 1
    assert await combo(viewer, 1, "flower") == 1
    parts.time.pass_s(5)
    assert await combo(viewer, 1) == 4
    parts.time.pass_s(5.1)
    assert await combo(viewer, 1) == 1


async def test_gifts_when_200_race_for_a_purse_of_100_then_10_in_each_of_20_rounds(
    parts: Parts,
) -> None:
    owner, room_id = await open_stage(parts)
    sockets = [await enter(parts, room_id, "viewer")]
    login = sockets[0].session._state.actor.login
    assert login is not None
    for _ in range(99):
        socket = Socket(parts)
        await socket.session._state.log_in(login)
        await socket.ask(room_commands.JoinRoom, room_id=room_id)
        sockets.append(socket)
    for number in range(1, 21):
        parts.time.pass_s(60)
        await parts.ledger.grant(
            login.user.user_id, login.user.user_id, coins=100, note="", key=f"round {number}"
        )
        answers = await asyncio.gather(*(give(socket, room_id) for socket in sockets * 2))
        accepted = [one for one in answers if isinstance(one, coin_events.GiftAccepted)]
        assert len(accepted) == 10
        assert {code(one) for one in answers if one not in accepted} == {ErrorCode.NOT_ENOUGH_COINS}
        assert sorted(one.balance_coins for one in accepted) == list(range(0, 100, 10))
        assert (await wallet(owner)).beans == 100 * number
    await assert_book_holds(parts.store)


async def test_gifts_when_answers_are_lost_and_asked_again_then_debits_are_the_distinct_keys(
    open_store: Callable[[], Store],
) -> None:
    chance = random.Random(4)
    parts = Parts(open_store())
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=1_000)
    login = viewer.session._state.actor.login
    answered: dict[str, event_base.Answer] = {}
    keys = [f"key {number}" for number in range(30)]
    for round_number in range(4):
        for key in chance.sample(keys, 20):
            answer = await give(viewer, room_id, gift_id="flower", idempotency_key=key)
            assert isinstance(answer, coin_events.GiftAccepted)
            same = coin_events.GiftAccepted(
                transfer_id=answer.transfer_id,
                balance_coins=answer.balance_coins,
                combo=answer.combo,
            )
            # What was lost is not known to the sender: every answer must be the first one.
            assert answered.setdefault(key, same) == same
        if round_number == 1:
            await parts.close()
            parts = Parts(open_store(), first_id=1_000_000)
            go_live(parts, room_id)
            viewer = Socket(parts)
            assert login is not None
            await viewer.session._state.log_in(login)
            await viewer.ask(room_commands.JoinRoom, room_id=room_id)
        parts.time.pass_s(60)
    assert (await wallet(viewer)).balance_coins == 1_000 - len(answered)
    gifts = [one for one in await read_book(parts.store) if one.fields["kind"] == "gift"]
    assert len(gifts) == len(answered) > 20
    await assert_book_holds(parts.store)
    await parts.close()


async def test_key_when_used_for_something_else_then_refused_and_other_users_may_have_it(
    parts: Parts,
) -> None:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    other = await enter(parts, room_id, "other", coins=100)
    first = await give(viewer, room_id, idempotency_key="k")
    assert isinstance(first, coin_events.GiftAccepted)
    for different in ({"gift_id": "flower"}, {"count": 2}):
        answer = await give(viewer, room_id, idempotency_key="k", **different)
        assert code(answer) is ErrorCode.ALREADY_DONE
    packet = await viewer.ask(
        coin_commands.SendRedPacket, room_id=room_id, coins=10, shares=1, idempotency_key="k"
    )
    assert code(packet) is ErrorCode.ALREADY_DONE
    assert isinstance(await give(other, room_id, idempotency_key="k"), coin_events.GiftAccepted)
    # The broadcast's end changes nothing in what was done.
    del parts.plane.live[room_id]
    again = await give(viewer, room_id, idempotency_key="k")
    assert isinstance(again, coin_events.GiftAccepted)
    assert again.transfer_id == first.transfer_id


@pytest.mark.parametrize(
    "wish",
    [
        '"count": 0',
        '"count": -1',
        '"count": 1315',
        '"count": NaN',
        '"count": 1e3',
        '"count": 1.5',
        '"count": true',
        '"count": "1"',
        '"count": ' + "9" * 5_000,
        '"price_coins": 0',
        '"coins": 1',
        '"idempotency_key": ""',
        '"idempotency_key": "' + "k" * 65 + '"',
        '"idempotency_key": "\\ud800"',
        '"idempotency_key": "a\\u0000b"',
        '"gift_id": "\\u0000"',
        '"gift_id": null',
        '"gift_id": "../../etc/passwd"',
        '"gift_id": "\' OR 1=1 --"',
    ],
)
async def test_gift_when_a_value_is_hostile_then_refused_and_nothing_moves(
    parts: Parts, wish: str
) -> None:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    before = await read_book(parts.store)
    fields = {
        "room_id": f'"room_id": "{room_id}"',
        "gift_id": '"gift_id": "flower"',
        "idempotency_key": '"idempotency_key": "k"',
    }
    fields[wish.split('"')[1]] = wish
    await viewer.send_text(f'{{"type": "SendGift", "id": 7, {", ".join(fields.values())}}}')
    answer = viewer.channel.sent[-1]
    assert isinstance(answer, events.Error)
    assert answer.code in {ErrorCode.INVALID_VALUE, ErrorCode.MALFORMED, ErrorCode.NOT_FOUND}
    assert await read_book(parts.store) == before
    assert (await wallet(viewer)).balance_coins == 100


async def test_givers_when_asked_then_most_first_in_each_span_and_refunds_do_not_count(
    parts: Parts,
) -> None:
    owner, room_id = await open_stage(parts)
    old = await enter(parts, room_id, "old", coins=1_000)
    new = await enter(parts, room_id, "new", coins=1_000)
    await give(old, room_id, count=50)
    parts.time.pass_s(8 * 86_400)
    parts.plane.live[room_id] = event_base.BroadcastInfo(
        broadcast_id=BroadcastId("second"), started_at_unix_us=0, state="live"
    )
    await give(new, room_id, count=3)
    undone = await give(new, room_id, count=90)
    assert isinstance(undone, coin_events.GiftAccepted)
    admin_id = spent_by(owner)
    await parts.ledger.refund(admin_id, undone.transfer_id, note="by mistake")

    async def givers(span: str) -> list[tuple[str, int]]:
        answer = await new.ask(coin_commands.ListGivers, room_id=room_id, span=span)
        assert isinstance(answer, coin_events.Givers)
        return [(giver.user.name, giver.coins) for giver in answer.givers]

    assert await givers("all") == [("old", 500), ("new", 30)]
    assert await givers("week") == [("new", 30)]
    assert await givers("broadcast") == [("new", 30)]
    del parts.plane.live[room_id]
    assert await givers("broadcast") == [("new", 30)]
