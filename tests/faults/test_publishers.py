"""Publishers that die again and again, and two that take a room from each other."""

from __future__ import annotations

import asyncio
import contextlib
import random
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

from tests.faults.seeds import fault_seed
from tests.faults.tcp_proxy import fault_proxy
from tests.support.relay_clients import publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, check_payloads
from wire import room_events
from wire.errors import CloseCode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.relay_clients import PublisherClient, SubscriberClient

KILLS: Final = 20
TURNS: Final = 50
FRAMES: Final = 8
PATIENCE_S: Final = 30.0


async def test_publisher_when_killed_and_restarted_20_times_then_it_stays_one_broadcast(
    tmp_path: Path,
) -> None:
    chance = random.Random(fault_seed())
    with running_relay(tmp_path / "data") as relay:
        async with subscriber(relay.url, relay.room_id) as viewer, fault_proxy(relay.port) as link:
            for number in range(KILLS):
                media = _media(number)
                # Its last packet ends wherever that is.
                link.up.limit_bytes = chance.randrange(20_000, 60_000)
                async with publisher(
                    link.url, relay.room_id, media, publish_key=relay.publish_key
                ) as source:
                    assert source.accepted.resumed is (number > 0)
                    media.first_pts_us = source.accepted.next_pts_us
                    await _stream_until_cut(source, media)
                    # The kernel's half of a kill: the socket is gone without a goodbye.
                    source.socket.transport.abort()
                await viewer.wait_for(
                    room_events.BroadcastAway, count=number + 1, timeout_s=PATIENCE_S
                )
                assert _newest_name(viewer) == media.name
            link.up.limit_bytes = None
            await _check_one_broadcast(viewer, KILLS)


async def test_publishers_when_two_take_turns_50_times_then_frames_never_mix(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        async with contextlib.AsyncExitStack() as stack:
            viewer = await stack.enter_async_context(subscriber(relay.url, relay.room_id))
            before: PublisherClient | None = None
            streams: list[asyncio.Task[None]] = []
            for turn in range(TURNS):
                media = _media(turn)
                source = await stack.enter_async_context(
                    publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key)
                )
                media.first_pts_us = source.accepted.next_pts_us
                # The one before goes on sending until it is told.
                streams.append(
                    asyncio.get_running_loop().create_task(_stream_until_cut(source, media))
                )
                await viewer.wait_until(
                    lambda name=media.name: viewer.video and _newest_name(viewer) == name,
                    f"the pictures of turn {turn}",
                    timeout_s=PATIENCE_S,
                )
                if before is not None:
                    assert await before.wait_closed(timeout_s=PATIENCE_S) == CloseCode.REPLACED
                before = source
            assert before is not None
            before.socket.transport.abort()
            await asyncio.wait(streams, timeout=PATIENCE_S)
            assert all(stream.done() and stream.exception() is None for stream in streams)
            await _check_one_broadcast(viewer, TURNS)


def _media(number: int) -> SyntheticMedia:
    """Its name grows with the number: what is sorted never went back."""
    return SyntheticMedia(
        name=bytes([number + 1]), gop_frames=FRAMES, keyframe_bytes=8_000, frame_bytes=2_000
    )


async def _stream_until_cut(source: PublisherClient, media: SyntheticMedia) -> None:
    with contextlib.suppress(ConnectionClosed):
        while not source.ended.done():
            await source.stream(media, 1)


def _newest_name(viewer: SubscriberClient) -> bytes:
    return viewer.video[-1].payload[:1]


async def _check_one_broadcast(viewer: SubscriberClient, publishers: int) -> None:
    assert viewer.close_code is None
    check_payloads(viewer.packets)
    names = [packet.payload[0] for packet in viewer.packets]
    assert names == sorted(names)
    assert len(set(names)) == publishers
    for earlier, later in pairwise(viewer.video):
        assert later.pts_us > earlier.pts_us
        assert later.payload[:1] == earlier.payload[:1] or later.is_keyframe
    started = [one.broadcast.broadcast_id for one in viewer.of(room_events.BroadcastStarted)]
    resumed = [one.broadcast.broadcast_id for one in viewer.of(room_events.BroadcastResumed)]
    assert len(started) == 1
    assert set(resumed) == set(started)
    assert len(resumed) == publishers - 1
    assert not viewer.of(room_events.BroadcastEnded)
