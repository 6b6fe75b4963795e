"""Everybody comes at once."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from benchmarks.harness.stampede_round import run_round
from tests.support.relay_clients import publisher, subscriber
from tests.support.relay_process import RelayProcess, running_relay
from tests.support.synthetic_media import SyntheticMedia, assert_no_gap, sequences
from wire.media_packet import Kind

if TYPE_CHECKING:
    from pathlib import Path


CLIENTS = 300


async def test_clients_when_300_come_at_once_then_all_have_a_picture_within_10_s(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(keyframe_bytes=30_000, frame_bytes=4_000)
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, publish_key=publish_key)
        )
        await source.stream(media, 30)
        live = asyncio.get_running_loop().create_task(
            source.stream(media, 90, frame_interval_s=1 / 30)
        )
        began_s = time.monotonic()
        crowd = await asyncio.gather(
            *(stack.enter_async_context(subscriber(relay.url, room_id)) for _ in range(CLIENTS))
        )
        for viewer in crowd:
            await viewer.wait_until(lambda viewer=viewer: viewer.video, "a picture")
        took_s = time.monotonic() - began_s
        assert took_s < 10
        await live
        for viewer in crowd:
            await viewer.wait_for_sequence(Kind.VIDEO, 119)
            assert viewer.video[0].is_keyframe
            assert_no_gap(sequences(viewer.packets, Kind.VIDEO))
        sys.stdout.write(f"{CLIENTS} clients had a picture after {took_s:.2f} s\n")


async def test_sockets_when_over_the_limit_then_are_refused_and_the_others_work(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data", limits={"sockets_max": 10}) as small:
        async with AsyncExitStack() as stack:
            viewers = [
                await stack.enter_async_context(subscriber(small.url, small.room_id))
                for _ in range(9)
            ]
            media = SyntheticMedia()
            source = await stack.enter_async_context(
                publisher(small.url, small.room_id, media, publish_key=small.publish_key)
            )
            for _ in range(20):
                reader, writer = await asyncio.open_connection("127.0.0.1", small.port)
                try:
                    assert await reader.read() == b""
                except ConnectionError:
                    pass
                finally:
                    writer.close()
            await source.stream(media, 5)
            for viewer in viewers:
                await viewer.wait_for_sequence(Kind.VIDEO, 4)
            await viewers[0].close()
            viewers[0] = await stack.enter_async_context(subscriber(small.url, small.room_id))
            await viewers[0].wait_for_sequence(Kind.VIDEO, 4)


def test_sockets_when_the_relay_is_killed_under_200_then_come_back_without_a_password_hashed(
    tmp_path: Path,
) -> None:
    come_back = run_round(RelayProcess(tmp_path / "data"), 200)
    sys.stdout.write(f"{come_back}\n")
    assert come_back.back == 200
    assert come_back.password_hashes == 0
