"""Gifts whose answers are lost on the way: asked again with the same key, each is there once."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Final

from server import maintenance
from tests.faults.tcp_proxy import Direction, fault_proxy
from tests.support.relay_clients import PASSWORD, control, publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import account_commands, coin_commands, coin_events

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.tcp_proxy import FaultProxy
    from tests.support.relay_process import RelayProcess

GIFTS: Final = 120
BREAKS: Final = 8
"""Links that break while answers are under way; the relay is killed after half of them."""
LATE: Final = Direction(latency_s=0.05, jitter_s=0.1)
"""Only the way back: gifts arrive at once, answers lag behind and are lost with the link."""


async def test_gifts_when_their_answers_are_lost_then_debits_are_the_distinct_keys(
    tmp_path: Path,
) -> None:
    chance = random.Random(41)
    data_dir = tmp_path / "data"
    await asyncio.to_thread(
        maintenance.create_user, data_dir, "", name="admin", password=PASSWORD, is_admin=True
    )
    answered: dict[str, coin_events.GiftAccepted] = {}
    keys = [f"gift {number}" for number in range(GIFTS)]
    with running_relay(data_dir) as relay:
        token = await _make_giver(relay)
        lost = 0
        for number in range(BREAKS):
            media = SyntheticMedia()
            async with (
                publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
                fault_proxy(relay.port, down=LATE, seed=number) as proxy,
            ):
                await source.stream(media, 3)
                lost += await _give_until_it_breaks(
                    relay, proxy, token, [key for key in keys if key not in answered], answered,
                    breaks_after=chance.randrange(1, 12),
                )  # fmt: skip
                if number == BREAKS // 2:
                    relay.kill()
            if number == BREAKS // 2:
                relay.start()
        media = SyntheticMedia()
        async with (
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            control(relay.url) as giver,
        ):
            await source.stream(media, 3)
            await giver.ask(account_commands.Resume(id=0, token=token))
            await giver.join(relay.room_id)
            for key in keys:
                again = await giver.ask(_gift(relay.room_id, key))
                known = answered.setdefault(key, again)
                assert known.transfer_id == again.transfer_id
            balance = (await giver.ask(coin_commands.GetWallet(id=0))).balance_coins
    assert lost > BREAKS
    assert len({one.transfer_id for one in answered.values()}) == GIFTS
    assert balance == 10 * GIFTS - GIFTS
    statement = maintenance.read_statement(data_dir, "", "giver")
    assert sum(line.kind == "gift" for line in statement.movements) == GIFTS
    report = maintenance.verify_ledger(data_dir, "")
    assert report.ok, report.problems


async def _make_giver(relay: RelayProcess) -> str:
    async with control(relay.url) as admin, control(relay.url) as giver:
        await admin.ask(account_commands.Login(id=0, name="admin", password=PASSWORD))
        made = await giver.register("giver")
        await admin.ask(
            coin_commands.GrantCoins(
                id=0, user_id=made.user.user_id, coins=10 * GIFTS, note="", idempotency_key="grant"
            )
        )
        return made.token


async def _give_until_it_breaks(
    relay: RelayProcess,
    proxy: FaultProxy,
    token: str,
    keys: list[str],
    answered: dict[str, coin_events.GiftAccepted],
    *,
    breaks_after: int,
) -> int:
    """Returns how many gifts were asked for and never answered."""
    asked = keys[:30]
    async with control(proxy.url) as giver:
        await giver.ask(account_commands.Resume(id=0, token=token))
        await giver.join(relay.room_id)
        answers = [(key, await giver.send(_gift(relay.room_id, key))) for key in asked]
        await asyncio.wait(
            [answer for _, answer in answers[:breaks_after]], return_when=asyncio.FIRST_COMPLETED
        )
        await proxy.reset()
        await giver.wait_closed(timeout_s=20)
    lost = 0
    for key, answer in answers:
        if answer.done() and not answer.cancelled() and answer.exception() is None:
            answered[key] = answer.result()
        else:
            lost += 1
    return lost


def _gift(room_id: str, key: str) -> coin_commands.SendGift:
    return coin_commands.SendGift(
        id=0,
        room_id=room_id,  # type: ignore[arg-type]  # plain text here
        gift_id="flower",  # type: ignore[arg-type]  # plain text here
        idempotency_key=key,
    )
