"""A way up that falls silent: it is not closed, what goes into it only does not come out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from app.net import publish_client
from app.net.address import parse_relay_address
from app.net.media_socket import open_socket
from app.net.publish_client import FIRST, SECOND
from tests.faults.tcp_proxy import FaultProxy, fault_proxy
from tests.support.linked_publisher import WAIT_S, LinkedPublisher, on_two_ways
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, assert_no_gap, check_payloads, sequences
from wire import room_events
from wire.media_packet import Kind

if TYPE_CHECKING:
    import contextlib
    from collections.abc import AsyncIterator
    from pathlib import Path

    from app.net.address import RelayAddress
    from app.net.media_socket import RelaySocket
    from tests.support.relay_clients import SubscriberClient

FRAMES_A_SECOND = 100
LAG_FRAMES = 40
"""So many pictures on their way: the machine stands still, or the publisher has yet to find out."""


@pytest.fixture
async def two_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[LinkedPublisher, SubscriberClient, dict[int, FaultProxy]]]:
    """Each way goes through a proxy of its own."""
    media = SyntheticMedia(
        frame_rate=FRAMES_A_SECOND, gop_frames=220, keyframe_bytes=8_000, frame_bytes=1_500
    )
    with running_relay(tmp_path / "data", rooms=("hall",)) as relay:
        async with fault_proxy(relay.port) as first, fault_proxy(relay.port) as second:

            def open_by_proxy(
                _address: RelayAddress,
                path: str,
                *,
                message_bytes_max: int,
                local_address: str = "",
            ) -> contextlib.AbstractAsyncContextManager[RelaySocket]:
                proxy = second if local_address else first
                return open_socket(
                    parse_relay_address(proxy.url), path, message_bytes_max=message_bytes_max
                )

            monkeypatch.setattr(publish_client, "open_socket", open_by_proxy)
            publisher = LinkedPublisher(relay, media)
            async with on_two_ways(publisher, relay) as viewer:
                yield publisher, viewer, {FIRST: first, SECOND: second}


@pytest.mark.parametrize("silent", [FIRST, SECOND])
async def test_path_when_it_falls_silent_and_bursts_later_then_nothing_is_lost_or_repeated(
    two_ways: tuple[LinkedPublisher, SubscriberClient, dict[int, FaultProxy]], silent: int
) -> None:
    publisher, viewer, ways = two_ways
    await _push(publisher, viewer, 50)
    ways[silent].half_open()
    await _push(publisher, viewer, 150)
    # All of it came by the other way, while this one is silent still.
    await viewer.wait_for_sequence(Kind.VIDEO, 199, timeout_s=WAIT_S)
    ways[silent].heal()
    await _push(publisher, viewer, 50)
    await viewer.wait_for_sequence(Kind.VIDEO, 249, timeout_s=WAIT_S)
    assert sequences(viewer.packets, Kind.VIDEO) == list(range(250))
    assert_no_gap(sequences(viewer.packets, Kind.AUDIO))
    check_payloads(viewer.packets)
    assert not viewer.of(room_events.BroadcastAway)


async def _push(publisher: LinkedPublisher, viewer: SubscriberClient, frames: int) -> None:
    """Pictures at their times; ten times as slowly while many have not come out."""
    for _ in range(frames):
        await publisher.push(1)
        if publisher.media.frames - len(viewer.video) > LAG_FRAMES:
            await asyncio.sleep(10 / FRAMES_A_SECOND)
