"""The disk is full: coins are refused with a code, picture and chat go on, and it heals."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from server import maintenance
from tests.faults.small_disk import small_disk, why_not
from tests.support.relay_clients import PASSWORD, ControlClient, control, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, sequences
from wire import (
    account_commands,
    chat_commands,
    coin_commands,
    coin_events,
    command_base,
    event_base,
    events,
)
from wire.errors import ErrorCode
from wire.media_packet import Kind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(reason := why_not()), reason=reason)

MEGABYTES: Final = 24
COINS: Final = 1_000
GIFTS_MAX: Final = 400
"""The log of the database has room for some when the disk has none."""
REFUSED_S_MAX: Final = 10.0
"""The promise is one; this machine may stand still."""
HEALED_S_MAX: Final = 60.0
FRAMES: Final = 30


@pytest.mark.parametrize("folder", ["", "data"])
async def test_relay_when_its_disk_is_full_then_refuses_coins_and_goes_on_and_heals(
    tmp_path: Path, folder: str
) -> None:
    """In a folder of the disk, its log stands beside that, and cannot be written either."""
    media = SyntheticMedia(keyframe_bytes=2_000, frame_bytes=500)
    with small_disk(tmp_path / "disk", MEGABYTES) as disk:
        data_dir = disk.folder / folder
        await asyncio.to_thread(
            maintenance.create_user, data_dir, "", name="admin", password=PASSWORD, is_admin=True
        )
        with running_relay(data_dir) as relay:
            async with (
                control(relay.url) as giver,
                control(relay.url) as reader,
                publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
                subscriber(relay.url, relay.room_id) as viewer,
            ):
                await _enrich(relay.url, giver)
                for one in (giver, reader):
                    await one.join(relay.room_id)
                await source.stream(media, FRAMES)
                given = [await giver.ask(_gift(relay.room_id, "before"))]

                disk.fill(relay.log_path if folder else None)
                key, took_s = await _give_until_refused(giver, relay.room_id, given)
                sys.stdout.write(f"refused in {took_s:.3f} s, after {len(given)} gifts\n")
                assert took_s <= REFUSED_S_MAX
                await giver.say(relay.room_id, "is anybody there?")
                await reader.wait_for(
                    event_base.DanmakuPosted, text="is anybody there?", timeout_s=30
                )
                await source.stream(media, FRAMES)
                await viewer.wait_for_sequence(Kind.VIDEO, 2 * FRAMES - 1, timeout_s=30)
                assert sequences(viewer.packets, Kind.VIDEO) == list(range(2 * FRAMES))

                disk.free()
                given.append(await _until_done(giver, _gift(relay.room_id, key)))
                said = chat_commands.SendDanmaku(id=0, room_id=relay.room_id, text="yes, again")  # type: ignore[arg-type]  # plain text
                await _until_done(giver, said)
                wallet = await giver.ask(coin_commands.GetWallet(id=0))
            assert wallet.balance_coins == COINS - len(given)
            assert {one.transfer_id for one in given} == set(_booked(data_dir))
            assert "Traceback" not in relay.log()
        report = await asyncio.to_thread(maintenance.verify_ledger, data_dir, "")
        assert report.ok, report.problems


async def _enrich(url: str, giver: ControlClient) -> None:
    made = await giver.register("giver")
    async with control(url) as admin:
        await admin.ask(account_commands.Login(id=0, name="admin", password=PASSWORD))
        await admin.ask(
            coin_commands.GrantCoins(
                id=0, user_id=made.user.user_id, coins=COINS, note="", idempotency_key="grant"
            )
        )


async def _give_until_refused(
    giver: ControlClient, room_id: str, given: list[Any]
) -> tuple[str, float]:
    """The key of the first gift that the disk refused, and how long that took."""
    for number in range(GIFTS_MAX):
        key = f"gift {number}"
        began_s = time.monotonic()
        answer = await (await giver.send(_gift(room_id, key)))
        took_s = time.monotonic() - began_s
        if isinstance(answer, coin_events.GiftAccepted):
            given.append(answer)
            continue
        assert isinstance(answer, events.Error)
        if answer.code is ErrorCode.STORAGE_FAILED:
            return key, took_s
        assert answer.code is ErrorCode.RATE_LIMITED, answer
        await asyncio.sleep((answer.retry_after_ms or 0) / 1000)
    raise AssertionError("the disk was never full")


async def _until_done(client: ControlClient, command: command_base.Command) -> Any:
    """As a person who tries again, with the same key."""
    async with asyncio.timeout(HEALED_S_MAX):
        while True:
            answer = await (await client.send(command))
            if not isinstance(answer, events.Error):
                return answer
            assert answer.retry_after_ms is not None, answer
            await asyncio.sleep(min(1.0, answer.retry_after_ms / 1000))


def _booked(data_dir: Path) -> list[str]:
    statement = maintenance.read_statement(data_dir, "", "giver")
    return [line.transfer_id for line in statement.movements if line.kind == "gift"]


def _gift(room_id: str, key: str) -> coin_commands.SendGift:
    return coin_commands.SendGift(
        id=0,
        room_id=room_id,  # type: ignore[arg-type]  # plain text
        gift_id="flower",  # type: ignore[arg-type]  # plain text
        idempotency_key=key,
    )
