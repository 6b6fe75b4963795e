"""The kernel's link does what it says, and the relay behind it keeps its promises."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.faults.echo import echo_server
from tests.faults.lossy_link import LossyLink, lossy_link, why_not
from tests.support.relay_clients import control, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, assert_no_gap, check_payloads, sequences
from wire import event_base, events, media_events
from wire.errors import ErrorCode
from wire.media_packet import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.relay_clients import ControlClient

pytestmark = [
    pytest.mark.network_namespace,
    pytest.mark.skipif(bool(reason := why_not()), reason=reason),
]

LOSSES = (1.0, 5.0, 10.0)
FRAMES = 60
MESSAGES = 5
PATIENCE_S = 60.0
"""A packet that is lost several times is late by seconds; nothing here is about speed."""


@contextlib.asynccontextmanager
async def echoing() -> AsyncIterator[LossyLink]:
    async with echo_server() as port, lossy_link(port) as link:
        yield link


async def _echo(link: LossyLink, data: bytes) -> float:
    """Seconds until it had come back whole."""
    began_s = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    async with asyncio.timeout(PATIENCE_S):
        writer.write(data)
        assert await reader.readexactly(len(data)) == data
    writer.close()
    await writer.wait_closed()
    return time.monotonic() - began_s


async def test_link_when_it_loses_packets_then_all_arrives_all_the_same() -> None:
    async with echoing() as link:
        link.lose(10)
        await _echo(link, random.Random(1).randbytes(100_000))


async def test_link_when_narrow_then_keeps_to_its_rate_until_it_is_wide_again() -> None:
    async with echoing() as link:
        link.narrow(2_000_000)
        # Two bursts of 16 KB pass at once, each way; the rest waits.
        assert await _echo(link, bytes(250_000)) >= 0.5
        link.narrow(None)
        await _echo(link, bytes(250_000))


async def test_link_when_cut_then_is_silent_until_healed() -> None:
    async with echoing() as link:
        reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
        writer.write(b"before")
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.readexactly(6) == b"before"
        link.cut()
        writer.write(b"after")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await reader.readexactly(5)
        link.heal()
        async with asyncio.timeout(PATIENCE_S):
            assert await reader.readexactly(5) == b"after"
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("percent", LOSSES)
async def test_room_when_both_ends_lose_packets_then_nothing_is_garbled_doubled_or_lost_in_chat(
    tmp_path: Path, percent: float
) -> None:
    media = SyntheticMedia(keyframe_bytes=20_000, frame_bytes=3_000)
    # A packet that is lost five times in a row is no silence.
    patient = {"publisher_silent_s_max": PATIENCE_S, "subscriber_stuck_s_max": PATIENCE_S}
    with running_relay(tmp_path / "data", limits=patient) as relay:
        async with (
            lossy_link(relay.port) as link,
            publisher(link.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            subscriber(link.url, relay.room_id) as viewer,
            subscriber(relay.url, relay.room_id) as near,
            control(link.url) as writer,
            control(relay.url) as reader,
        ):
            await writer.register("writer")
            for member in (writer, reader):
                await member.join(relay.room_id)
            link.lose(percent)
            said = asyncio.get_running_loop().create_task(_chat(writer, relay.room_id))
            await source.stream(media, FRAMES, frame_interval_s=1 / 30)
            await near.wait_for_sequence(Kind.VIDEO, FRAMES - 1, timeout_s=PATIENCE_S)
            # The publisher's own packets are all there, in order, whatever the link did.
            assert sequences(near.packets, Kind.VIDEO) == list(range(FRAMES))
            assert await said == [f"message {number}" for number in range(MESSAGES)]
            link.lose(0)
            keyframe = media.frames
            await source.send(media.next_frame(keyframe=True))
            await viewer.wait_for_sequence(Kind.VIDEO, keyframe, timeout_s=PATIENCE_S)
            for one in (near, viewer):
                check_payloads(one.packets)
                seen = sequences(one.packets, Kind.VIDEO)
                assert seen == sorted(set(seen))
            if not viewer.of(media_events.SubscriberLagged):
                assert_no_gap(sequences(viewer.packets, Kind.VIDEO))
            await reader.wait_for(event_base.DanmakuPosted, text=f"message {MESSAGES - 1}")
            texts = [posted.text for posted in reader.of(event_base.DanmakuPosted)]
            assert texts == [f"message {number}" for number in range(MESSAGES)]


async def _chat(writer: ControlClient, room_id: str) -> list[str]:
    """Each once; who is told to wait waits."""
    accepted = []
    while len(accepted) < MESSAGES:
        text = f"message {len(accepted)}"
        answer = await (await writer.say(room_id, text))
        if isinstance(answer, events.Error):
            assert answer.code is ErrorCode.RATE_LIMITED, answer
            await asyncio.sleep((answer.retry_after_ms or 0) / 1000)
            continue
        accepted.append(text)
    return accepted
