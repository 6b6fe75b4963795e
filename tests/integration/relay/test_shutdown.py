"""SIGTERM: everybody is told, nothing acknowledged is lost, and nobody holds it up."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from tests.support.raw_sockets import StillViewer
from tests.support.relay_clients import control, publisher, subscribers
from tests.support.relay_process import STOP_TIMEOUT_S, RelayProcess, running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import chat_events, media_commands
from wire.errors import CloseCode

if TYPE_CHECKING:
    from pathlib import Path

STUCK = 50
GOOD = 50


async def test_relay_when_told_to_stop_under_load_then_ends_in_order_and_keeps_what_it_acknowledged(
    tmp_path: Path,
) -> None:
    data_dir = tmp_path / "data"
    with running_relay(data_dir) as relay:
        media = SyntheticMedia()
        acknowledged: set[str] = set()
        async with AsyncExitStack() as stack:
            good = await subscribers(stack, relay.url, relay.room_id, GOOD)
            source = await stack.enter_async_context(
                publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key)
            )
            for _ in range(STUCK):
                stack.enter_context(StillViewer(relay.port, relay.room_id))
            chatter = await stack.enter_async_context(control(relay.url))
            await chatter.register("chatter")
            room_id = await chatter.create_room("chat")
            await chatter.join(room_id)
            await source.stream(media, 90, frame_interval_s=1 / 30)
            await _wait_until_stuck(relay)
            answers = {
                f"message {number}": await chatter.say(room_id, f"message {number}")
                for number in range(90)
            }
            await answers["message 10"]
            took_s = await asyncio.to_thread(relay.stop)
            sys.stdout.write(f"stopped after {took_s:.2f} s\n")
            assert took_s < STOP_TIMEOUT_S
            for client in (*good, source, chatter):
                assert await client.wait_closed(timeout_s=20) == CloseCode.GOING_AWAY
            acknowledged = {
                text
                for text, answer in answers.items()
                if answer.done() and isinstance(answer.result(), chat_events.DanmakuAccepted)
            }
            for viewer in good:
                assert [p.sequence for p in viewer.video] == list(range(90))

        relay.start()
        async with control(relay.url) as guest:
            joined = await guest.join(room_id)
            texts = [message.text for message in joined.messages]
            assert acknowledged <= set(texts)
            assert len(texts) == len(set(texts))
            assert len(acknowledged) > 10


async def _wait_until_stuck(relay: RelayProcess) -> None:
    async with asyncio.timeout(20):
        while True:
            figures = await asyncio.to_thread(relay.metrics)
            if figures["livehouse_subscribers_lagging"] >= STUCK:
                return
            await asyncio.sleep(0.1)


async def test_relay_when_stopped_and_started_then_the_broadcast_is_not_over(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        media = SyntheticMedia()
        async with publisher(
            relay.url, relay.room_id, media, publish_key=relay.publish_key
        ) as source:
            broadcast_id = source.accepted.broadcast_id
            await source.stream(media, 10)
            await asyncio.to_thread(relay.stop)
            assert await source.wait_closed() == CloseCode.GOING_AWAY
        relay.start()
        async with publisher(
            relay.url,
            relay.room_id,
            media,
            publish_key=relay.publish_key,
            broadcast_id=broadcast_id,
        ) as source:
            assert source.accepted.resumed
            assert source.accepted.next_pts_us >= media.pts_us - 34_000
            await source.say(media_commands.EndPublishing())


async def test_relay_when_stopped_with_nobody_there_then_ends_at_once(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data") as relay:
        assert await asyncio.to_thread(relay.stop) < 3
