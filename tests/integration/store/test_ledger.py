"""Wallets, grants, refunds and the book itself, on both databases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server import __main__ as relay
from tests.integration.store.books import assert_book_holds, read_book, verify
from tests.integration.store.test_gifts import code, enter, give, open_stage, wallet
from tests.server_parts import Parts, Socket
from wire import account_commands, coin_commands, coin_events, event_base, events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.store.store import Store
    from wire.ids import RoomId


async def claim(socket: Socket) -> int:
    answer = await socket.ask(coin_commands.ClaimGrant)
    assert isinstance(answer, coin_events.Wallet)
    assert answer.grant_coins == 0
    return answer.balance_coins


async def make_admin(parts: Parts) -> Socket:
    secret = await parts.accounts.console_secret()
    socket = Socket(parts)
    await socket.register("admin")
    answer = await socket.ask(account_commands.ClaimAdmin, secret=secret)
    assert isinstance(answer, events.Ok)
    return socket


async def movements(socket: Socket, **fields: object) -> coin_events.Movements:
    answer = await socket.ask(coin_commands.ListMovements, **fields)
    assert isinstance(answer, coin_events.Movements), answer
    return answer


async def test_grant_when_claimed_twice_in_a_day_then_once_and_again_the_next_day(
    parts: Parts,
) -> None:
    viewer = Socket(parts)
    await viewer.register("viewer")
    assert (await wallet(viewer)).grant_coins == 100
    assert [await claim(viewer), await claim(viewer)] == [100, 100]
    parts.time.pass_s(86_400)
    assert (await wallet(viewer)).grant_coins == 100
    assert await claim(viewer) == 200
    # A clock that is set back gives nothing twice.
    parts.time.pass_s(-86_400)
    assert await claim(viewer) == 200
    await assert_book_holds(parts.store)


async def test_watching_when_minutes_pass_then_10_coins_for_10_minutes_up_to_60_a_day(
    parts: Parts,
) -> None:
    viewer = Socket(parts)
    await viewer.register("viewer")
    await claim(viewer)
    user_id = viewer.session.user_id
    assert user_id is not None

    async def watch(minutes: int) -> None:
        for _ in range(minutes):
            await parts.ledger.add_watched_minute(frozenset({user_id}))

    await watch(9)
    assert await claim(viewer) == 100
    await watch(1)
    assert (await wallet(viewer)).grant_coins == 10
    assert await claim(viewer) == 110
    await watch(70)
    assert await claim(viewer) == 160
    parts.time.pass_s(86_400)
    await watch(10)
    assert await claim(viewer) == 160 + 100 + 10
    kinds = [one.kind for one in (await movements(viewer)).movements]
    assert kinds == ["watch_grant", "daily_grant", "watch_grant", "watch_grant", "daily_grant"]
    await assert_book_holds(parts.store)


async def test_admin_when_granting_then_once_a_key_and_nobody_else_may(parts: Parts) -> None:
    admin = await make_admin(parts)
    owner, room_id = await open_stage(parts)
    user_id = owner.session.user_id
    assert user_id is not None

    async def grant(socket: Socket, **fields: object) -> event_base.Answer:
        wish = {"user_id": user_id, "coins": 50, "note": "hello", "idempotency_key": "k"}
        return await socket.ask(coin_commands.GrantCoins, **{**wish, **fields})

    assert isinstance(await grant(admin), events.Ok)
    assert isinstance(await grant(admin), events.Ok)
    assert code(await grant(admin, coins=51)) is ErrorCode.ALREADY_DONE
    assert code(await grant(admin, user_id="nobody", idempotency_key="l")) is ErrorCode.NOT_FOUND
    assert code(await grant(owner)) is ErrorCode.FORBIDDEN
    assert code(await grant(Socket(parts))) is ErrorCode.LOGIN_REQUIRED
    refund = await owner.ask(coin_commands.RefundTransfer, transfer_id="t", note="")
    assert code(refund) is ErrorCode.FORBIDDEN
    (one,) = (await movements(owner)).movements
    assert (one.amount, one.unit, one.kind, one.note, one.other) == (
        50,
        "coins",
        "admin_grant",
        "hello",
        None,
    )
    assert room_id


async def test_refund_when_asked_twice_then_a_new_transfer_once(parts: Parts) -> None:
    admin = await make_admin(parts)
    owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    gift = await give(viewer, room_id, count=4)
    assert isinstance(gift, coin_events.GiftAccepted)

    async def refund(transfer_id: str) -> event_base.Answer:
        return await admin.ask(coin_commands.RefundTransfer, transfer_id=transfer_id, note="sorry")

    assert isinstance(await refund(gift.transfer_id), events.Ok)
    assert isinstance(await refund(gift.transfer_id), events.Ok)
    back = await wallet(viewer)
    assert (back.balance_coins, back.spent_day_coins) == (100, 0)
    assert (await wallet(owner)).beans == 0
    newest = (await movements(viewer)).movements[0]
    assert (newest.kind, newest.amount, newest.note) == ("gift_refund", 40, "sorry")
    assert newest.other is not None
    assert newest.other.name == "streamer"
    assert code(await refund(newest.transfer_id)) is ErrorCode.WRONG_STATE
    assert code(await refund("nothing")) is ErrorCode.NOT_FOUND
    grant = (await movements(viewer)).movements[-1]
    await give(viewer, room_id, count=1)
    assert code(await refund(grant.transfer_id)) is ErrorCode.NOT_ENOUGH_COINS
    await assert_book_holds(parts.store)


async def test_movements_when_paged_then_all_once_newest_first(parts: Parts) -> None:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    for _ in range(6):
        await give(viewer, room_id, gift_id="flower")
    seen: list[coin_events.Movement] = []
    cursor = ""
    while True:
        page = await movements(viewer, cursor=cursor, limit=3)
        seen += page.movements
        cursor = page.next_cursor
        if not cursor:
            break
    assert [one.balance for one in seen] == [94, 95, 96, 97, 98, 99, 100]
    assert len({one.transfer_id for one in seen}) == 7
    for bad in ("-1", "1e3", "x", "9" * 40, "\u0663"):
        answer = await viewer.ask(coin_commands.ListMovements, cursor=bad)
        assert code(answer) is ErrorCode.INVALID_VALUE


async def test_wallet_when_a_guest_asks_then_log_in_first(parts: Parts) -> None:
    guest = Socket(parts)
    for kind in (coin_commands.GetWallet, coin_commands.ClaimGrant, coin_commands.ListMovements):
        assert code(await guest.ask(kind)) is ErrorCode.LOGIN_REQUIRED
    assert isinstance(await guest.ask(coin_commands.ListGifts), coin_events.GiftCatalogue)


async def _fill(parts: Parts) -> RoomId:
    _owner, room_id = await open_stage(parts)
    viewer = await enter(parts, room_id, "viewer", coins=100)
    await give(viewer, room_id, count=4)
    return room_id


@pytest.mark.parametrize("table", ["ledger_transfers", "ledger_entries"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_book_when_something_would_be_changed_then_the_database_refuses(
    parts: Parts, database_url: str, table: str, statement: str
) -> None:
    await _fill(parts)
    column = "note" if table == "ledger_transfers" else "amount"
    sql = statement.format(table, column, column)
    engine = create_engine(database_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(sql))
    engine.dispose()
    await assert_book_holds(parts.store)


async def test_balance_when_changed_past_the_book_then_verify_says_so(
    parts: Parts, database_url: str
) -> None:
    await _fill(parts)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger_accounts SET balance = balance + 1"))
    engine.dispose()
    report = await verify(parts.store)
    assert not report.ok
    assert any("its entries say 60" in problem for problem in report.problems)


async def test_command_line_when_asked_then_verifies_and_reads_a_statement(
    open_store: Callable[[], Store],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = Parts(open_store())
    await _fill(parts)
    book = await read_book(parts.store)

    def run(*arguments: str) -> tuple[int, str, str]:
        given = ["livehouse-relay", *arguments, "--database", database_url]
        monkeypatch.setattr("sys.argv", given)
        exit_code = relay._run_cli()
        printed = capsys.readouterr()
        return exit_code, printed.out, printed.err

    exit_code, out, _ = run("ledger", "verify", "--json")
    report = json.loads(out)
    assert (exit_code, report["ok"], report["transfers"]) == (0, True, 2)
    assert report["head"] == book[-1].hash
    exit_code, out, _ = run("ledger", "statement", "Viewer")
    assert exit_code == 0
    assert "60 coins, 0 beans" in out
    assert len(out.splitlines()) == 3
    assert json.loads(run("ledger", "statement", "viewer", "--json")[1])["coins"] == 60
    assert run("ledger", "statement", "nobody")[::2] == (
        3,
        "livehouse-relay: there is no user nobody\n",
    )
    assert run("check")[0] == 0
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'beans'")
        )
    engine.dispose()
    exit_code, out, _ = run("ledger", "verify", "--json")
    assert exit_code == 3
    assert "its entries say 40" in json.loads(out)["problems"][0]
    exit_code, _, err = run("check")
    assert exit_code == 3
    assert "ledger: beans:" in err
    await parts.close()
