"""The relay is killed in the middle of its work and started again: nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.relay_clients import ControlClient, control, publisher, subscribers
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import account_commands, chat_events, event_base, events, media_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.support.relay_process import RelayProcess

BACK_S_MAX = 10.0
KILLS = 10


class Chatter:
    """Says numbered messages without waiting, and knows which were acknowledged."""

    def __init__(self, client: ControlClient, room_id: str, word: str) -> None:
        self.acknowledged: set[str] = set()
        self.sent = 0
        self._client = client
        self._room_id = room_id
        self._word = word

    async def say(self, count: int, *, interval_s: float = 0.0) -> None:
        for _ in range(count):
            text = f"{self._word} {self.sent}"
            answer = await self._client.say(self._room_id, text)
            answer.add_done_callback(lambda done, text=text: self._note(text, done))
            self.sent += 1
            await asyncio.sleep(interval_s)

    async def wait_for_acknowledged(self, count: int) -> None:
        await self._client.wait_until(
            lambda: len(self.acknowledged) >= count, f"{count} acknowledged messages"
        )

    def _note(self, text: str, answer: asyncio.Future[object]) -> None:
        if not answer.cancelled() and isinstance(answer.result(), chat_events.DanmakuAccepted):
            self.acknowledged.add(text)


def _assert_kept(acknowledged: set[str], history: Iterable[event_base.DanmakuPosted]) -> None:
    texts = Counter(message.text for message in history)
    assert acknowledged <= texts.keys()
    assert max(texts.values(), default=1) == 1


async def test_relay_when_killed_under_load_then_goes_on_where_it_was(tmp_path: Path) -> None:
    with running_relay(tmp_path / "data") as relay:
        media = SyntheticMedia()
        async with AsyncExitStack() as stack:
            viewers = await subscribers(stack, relay.url, relay.room_id, 5)
            source = await stack.enter_async_context(
                publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key)
            )
            client = await stack.enter_async_context(control(relay.url))
            token = (await client.register("chatter")).token
            room_id = await client.create_room("chat")
            await client.join(room_id)
            chatter = Chatter(client, room_id, "message")
            live = asyncio.get_running_loop().create_task(
                source.stream(media, 10_000, frame_interval_s=1 / 30)
            )
            talk = asyncio.get_running_loop().create_task(chatter.say(90, interval_s=0.01))
            await chatter.wait_for_acknowledged(40)
            broadcast_id, old_port = source.accepted.broadcast_id, relay.port
            relay.kill()
            killed_at_s = time.monotonic()
            for task in (live, talk):
                task.cancel()
            await asyncio.wait([live, talk])
            for ended in (source, client, *viewers):
                assert await ended.wait_closed(timeout_s=20) == 1006

        relay.start()
        assert relay.port == old_port
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(control(relay.url))
            await client.ask(account_commands.Resume(id=0, token=token))
            joined = await client.join(room_id)
            _assert_kept(chatter.acknowledged, joined.messages)
            viewers = await subscribers(stack, relay.url, relay.room_id, 5)
            before_us = media.pts_us
            source = await stack.enter_async_context(
                publisher(
                    relay.url,
                    relay.room_id,
                    media,
                    publish_key=relay.publish_key,
                    broadcast_id=broadcast_id,
                )
            )
            assert source.accepted.resumed
            assert source.accepted.broadcast_id == broadcast_id
            media.frames += 60 - media.frames % 60
            await source.stream(media, 10)
            for viewer in viewers:
                await viewer.wait_until(lambda viewer=viewer: viewer.video, "a picture")
                assert viewer.video[0].is_keyframe
                assert viewer.video[0].pts_us >= before_us
            assert time.monotonic() - killed_at_s < BACK_S_MAX
            answer = await (await client.say(room_id, "after the kill"))
            assert isinstance(answer, chat_events.DanmakuAccepted)
            assert answer.message_id > joined.messages[-1].message_id


async def test_publisher_without_memory_when_the_relay_was_killed_then_is_told_where_to_go_on(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        media = SyntheticMedia()
        async with publisher(
            relay.url, relay.room_id, media, publish_key=relay.publish_key
        ) as source:
            broadcast_id = source.accepted.broadcast_id
            await source.stream(media, 30, frame_interval_s=1 / 60)
            await source.wait_for(media_events.PublishFeedback)
            relay.kill()
        relay.start()
        new = SyntheticMedia()
        async with publisher(
            relay.url, relay.room_id, new, publish_key=relay.publish_key
        ) as source:
            assert source.accepted.broadcast_id == broadcast_id
            assert source.accepted.resumed
            assert source.accepted.next_pts_us > 0
            new.first_pts_us = source.accepted.next_pts_us
            await source.stream(new, 3)
        async with publisher(relay.url, relay.room_id, new, publish_key="forged") as refused:
            assert refused.of(events.Error)[0].code is ErrorCode.BAD_CREDENTIALS


@pytest.mark.slow
async def test_messages_when_the_relay_is_killed_10_times_then_none_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    chance = random.Random(20)
    with running_relay(tmp_path / "data") as relay:
        async with control(relay.url) as client:
            token = (await client.register("chatter")).token
            room_id = await client.create_room("chat")
        total = 0
        for round_number in range(KILLS):
            acknowledged = await _chat_until_killed(
                relay, token, room_id, f"round {round_number}", chance.randrange(1, 60)
            )
            total += len(acknowledged)
            relay.start()
            async with control(relay.url) as guest:
                joined = await guest.join(room_id)
                _assert_kept(acknowledged, joined.messages)
        assert total >= KILLS


async def _chat_until_killed(
    relay: RelayProcess, token: str, room_id: str, word: str, kill_after: int
) -> set[str]:
    async with control(relay.url) as client:
        await client.ask(account_commands.Resume(id=0, token=token))
        await client.join(room_id)
        chatter = Chatter(client, room_id, word)
        talk = asyncio.get_running_loop().create_task(chatter.say(90, interval_s=0.001))
        await chatter.wait_for_acknowledged(kill_after)
        relay.kill()
        talk.cancel()
        await asyncio.wait([talk])
        await client.wait_closed(timeout_s=20)
        return chatter.acknowledged
