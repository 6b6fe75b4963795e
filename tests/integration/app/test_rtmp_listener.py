"""A room's port against real sockets: strangers cost nothing, the right key takes over."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

from app.net.rtmp.address import RtmpAddress
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.listener import STRANGERS_MAX, ListenerEvent, PublisherLost, RtmpListener
from app.net.rtmp.server_session import PublishBegan, PublishEnded, TagArrived
from app.net.rtmp.target_socket import TargetSocket

KEY = "a-stream-key-of-some-length"
WAIT_S = 30.0


class Heard:
    """What a listener told."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[ListenerEvent] = asyncio.Queue(1000)
        self.refusals: asyncio.Queue[str] = asyncio.Queue(1000)

    async def next(self) -> ListenerEvent:
        async with asyncio.timeout(WAIT_S):
            return await self.events.get()

    async def next_refusal(self) -> str:
        async with asyncio.timeout(WAIT_S):
            return await self.refusals.get()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest_asyncio.fixture
async def listener(heard: Heard) -> AsyncIterator[RtmpListener]:
    listener = RtmpListener(
        KEY, on_event=heard.events.put_nowait, on_refused=heard.refusals.put_nowait
    )
    await listener.start("127.0.0.1", 0)
    yield listener
    await listener.stop()


def _publisher(listener: RtmpListener, key: str = KEY, application: str = "live") -> TargetSocket:
    address = RtmpAddress("127.0.0.1", listener.port, application, is_encrypted=False)
    return TargetSocket(address, key)


async def test_publish_when_the_key_is_right_then_tags_arrive_until_the_goodbye(
    listener: RtmpListener, heard: Heard
) -> None:
    publisher = _publisher(listener)
    await publisher.open()
    assert isinstance(await heard.next(), PublishBegan)
    await publisher.send("video", 40, b"v" * 100_000)
    assert await heard.next() == TagArrived("video", 40, b"v" * 100_000)
    await publisher.close()
    assert await heard.next() == PublishEnded()


async def test_publish_when_the_connection_breaks_then_the_publisher_counts_as_lost(
    listener: RtmpListener, heard: Heard
) -> None:
    publisher = _publisher(listener)
    await publisher.open()
    await heard.next()
    publisher._abort()
    assert await heard.next() == PublisherLost()
    await publisher.close()


@pytest.mark.parametrize(("key", "application"), [("wrong", "live"), (KEY, "other")])
async def test_publish_when_key_or_application_is_wrong_then_it_is_refused(
    listener: RtmpListener, heard: Heard, key: str, application: str
) -> None:
    with pytest.raises(RtmpRefused):
        await _publisher(listener, key, application).open()
    assert KEY not in await heard.next_refusal()
    assert heard.events.empty()


async def test_publish_when_somebody_is_on_air_then_strangers_change_nothing(
    listener: RtmpListener, heard: Heard
) -> None:
    publisher = _publisher(listener)
    await publisher.open()
    await heard.next()
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + os.urandom(5000), b"\x16\x03\x01", b""):
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(garbage)
        writer.close()
        await heard.next_refusal()
    with pytest.raises(RtmpError):
        await _publisher(listener, "wrong").open()
    await publisher.send("audio", 7, b"a")
    assert await heard.next() == TagArrived("audio", 7, b"a")
    await publisher.close()


async def test_publish_when_many_strangers_hang_on_then_more_are_closed_at_once(
    listener: RtmpListener, heard: Heard
) -> None:
    hanging = [
        await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(STRANGERS_MAX)
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    async with asyncio.timeout(WAIT_S):
        # Closed by a reset: as an error or as an end, by what the system saw first.
        with suppress(ConnectionError):
            assert await reader.read(1) == b""
    assert await heard.next_refusal() == "too many connections"
    for _, each in [*hanging, (reader, writer)]:
        each.close()
    for _ in hanging:
        await heard.next_refusal()
    publisher = _publisher(listener)
    await publisher.open()
    await publisher.close()


async def test_publish_when_a_second_one_has_the_key_then_it_takes_over(
    listener: RtmpListener, heard: Heard
) -> None:
    first, second = _publisher(listener), _publisher(listener)
    await first.open()
    assert isinstance(await heard.next(), PublishBegan)
    await second.open()
    assert await heard.next() == PublisherLost()
    assert isinstance(await heard.next(), PublishBegan)
    async with asyncio.timeout(WAIT_S):
        with pytest.raises(RtmpError):
            await first.wait_end()
    await second.send("video", 0, b"v")
    assert await heard.next() == TagArrived("video", 0, b"v")
    await first.close()
    await second.close()


async def test_publish_when_the_publisher_falls_silent_then_it_counts_as_lost(
    heard: Heard,
) -> None:
    listener = RtmpListener(
        KEY,
        on_event=heard.events.put_nowait,
        on_refused=heard.refusals.put_nowait,
        silence_timeout_s=0.2,
    )
    await listener.start("127.0.0.1", 0)
    publisher = _publisher(listener)
    await publisher.open()
    assert isinstance(await heard.next(), PublishBegan)
    assert await heard.next() == PublisherLost()
    await publisher.close()
    await listener.stop()
