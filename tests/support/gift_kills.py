"""A relay killed in the middle of gifts, over and over: for the test and for the bench."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import ConnectionClosed

from server import maintenance
from tests.support.relay_clients import PASSWORD, ControlClient, control, publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import account_commands, coin_commands, coin_events

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from tests.support.relay_process import RelayProcess

GIFTS_A_ROUND: Final = 120
"""More than are acknowledged before the kill, fewer than the rate allows at once."""


@dataclass
class Tally:
    """What was promised, and what the book says in the end."""

    kills: int = 0
    acknowledged: int = 0
    asked_again: int = 0
    gifts_in_book: int = 0
    keys: int = 0


async def kill_in_mid_gift(data_dir: Path, kills: int, chance: random.Random) -> Tally:
    """Raises AssertionError where a gift was lost or doubled, or the book does not hold."""
    # In a thread: it has a loop of its own.
    await asyncio.to_thread(
        maintenance.create_user, data_dir, "", name="admin", password=PASSWORD, is_admin=True
    )
    tally = Tally()
    answers: dict[str, coin_events.GiftAccepted] = {}
    with running_relay(data_dir) as relay:
        token = await _make_giver(relay, coins=kills * GIFTS_A_ROUND)
        keys: list[str] = []
        for number in range(kills):
            new = [f"round {number} gift {index}" for index in range(GIFTS_A_ROUND)]
            keys += new
            await _give_until_killed(relay, token, new, answers, chance.randrange(1, 60))
            tally.kills += 1
            _check_book(data_dir, answers, keys)
            relay.start()
        tally.acknowledged, tally.keys = len(answers), len(keys)
        tally.asked_again = await _ask_again(relay, token, keys[-GIFTS_A_ROUND:], answers)
        tally.gifts_in_book = _check_book(data_dir, answers, keys)
    return tally


async def _make_giver(relay: RelayProcess, *, coins: int) -> str:
    async with control(relay.url) as admin, control(relay.url) as giver:
        await admin.ask(account_commands.Login(id=0, name="admin", password=PASSWORD))
        made = await giver.register("giver")
        await admin.ask(
            coin_commands.GrantCoins(
                id=0, user_id=made.user.user_id, coins=coins, note="", idempotency_key="grant"
            )
        )
        return made.token


async def _give_until_killed(
    relay: RelayProcess,
    token: str,
    keys: list[str],
    answers: dict[str, coin_events.GiftAccepted],
    kill_after: int,
) -> None:
    """Half of the gifts on each of two sockets, without waiting for answers."""
    before = len(answers)
    media = SyntheticMedia()
    async with (
        publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
        control(relay.url) as first,
        control(relay.url) as second,
    ):
        await source.stream(media, 3)
        loop = asyncio.get_running_loop()
        tasks = []
        for client, share in ((first, keys[::2]), (second, keys[1::2])):
            await client.ask(account_commands.Resume(id=0, token=token))
            await client.join(relay.room_id)
            tasks.append(loop.create_task(_give_all(client, relay.room_id, share, answers)))
        await first.wait_until(lambda: len(answers) >= before + kill_after, "acknowledged gifts")
        relay.kill()
        for client in (first, second):
            await client.wait_closed(timeout_s=20)
        await asyncio.wait(tasks)


async def _give_all(
    client: ControlClient,
    room_id: str,
    keys: list[str],
    answers: dict[str, coin_events.GiftAccepted],
) -> None:
    with suppress(ConnectionClosed):
        for key in keys:
            answer = await client.send(_gift(room_id, key))

            def note(done: asyncio.Future[Any], key: str = key) -> None:
                if not done.cancelled() and isinstance(done.result(), coin_events.GiftAccepted):
                    answers[key] = done.result()

            answer.add_done_callback(note)


async def _ask_again(
    relay: RelayProcess, token: str, keys: list[str], answers: dict[str, coin_events.GiftAccepted]
) -> int:
    """All gifts of the last round once more, live or not: answered as before, or done now."""
    media = SyntheticMedia()
    async with (
        publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key),
        control(relay.url) as client,
    ):
        await client.ask(account_commands.Resume(id=0, token=token))
        await client.join(relay.room_id)
        for key in keys:
            answer = await client.ask(_gift(relay.room_id, key))
            known = answers.setdefault(key, answer)
            assert (known.transfer_id, known.balance_coins, known.combo) == (
                answer.transfer_id,
                answer.balance_coins,
                answer.combo,
            ), f"another answer to {key}"
    return len(keys)


def _check_book(
    data_dir: Path, answers: dict[str, coin_events.GiftAccepted], keys: list[str]
) -> int:
    """The book holds; each acknowledged gift stands in it once, and none that nobody gave."""
    report = maintenance.verify_ledger(data_dir, "")
    assert report.ok, report.problems
    statement = maintenance.read_statement(data_dir, "", "giver")
    gifts = [line.transfer_id for line in statement.movements if line.kind == "gift"]
    assert len(gifts) == len(set(gifts)) <= len(keys)
    lost = {answer.transfer_id for answer in answers.values()} - set(gifts)
    assert not lost, f"acknowledged and not in the book: {lost}"
    granted = sum(line.amount for line in statement.movements if line.kind == "admin_grant")
    assert statement.coins == granted - len(gifts)
    return len(gifts)


def _gift(room_id: str, key: str) -> coin_commands.SendGift:
    return coin_commands.SendGift(
        id=0,
        room_id=room_id,  # type: ignore[arg-type]  # plain text here
        gift_id="flower",  # type: ignore[arg-type]  # plain text here
        idempotency_key=key,
    )
