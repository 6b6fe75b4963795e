"""The relay and its peers over a bad network."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.faults.tcp_proxy import Direction, fault_proxy
from tests.support.alive import LOG_LINES_PER_PEER_MAX
from tests.support.relay_clients import control, publisher, subscriber, subscribers
from tests.support.relay_process import RelayProcess, running_relay
from tests.support.synthetic_media import (
    SyntheticMedia,
    assert_no_gap,
    check_payloads,
    sequences,
)
from wire import media_events, room_events
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.tcp_proxy import FaultProxy

FRAME_S = 1 / 30
AWAY_S_MAX = 3.0
SILENT_S_MAX = 5.0
GHOST_S_MAX = 20.0


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    rooms = tuple(f"room {number}" for number in range(12))
    with running_relay(tmp_path_factory.mktemp("relay") / "data", rooms=rooms) as process:
        yield process


@pytest.fixture
def room(relay: RelayProcess) -> tuple[str, str]:
    """Id and publish key of a room that no other test has."""
    taken = relay.ready["rooms"].pop()
    return taken["id"], taken["publish_key"]


async def test_viewer_when_the_link_is_late_then_gets_everything_in_order(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia()
    late = Direction(latency_s=0.15, jitter_s=0.1)
    async with (
        fault_proxy(relay.port, down=late, seed=1) as proxy,
        publisher(relay.url, room[0], media, publish_key=room[1]) as source,
        subscriber(proxy.url, room[0]) as far,
        subscriber(relay.url, room[0]) as near,
    ):
        await source.stream(media, 60, frame_interval_s=FRAME_S)
        for viewer in (near, far):
            await viewer.wait_for_sequence(Kind.VIDEO, 59)
            assert sequences(viewer.packets, Kind.VIDEO) == list(range(60))
            assert not viewer.of(media_events.SubscriberLagged)
            check_payloads(viewer.packets)


async def test_publisher_when_the_link_is_late_then_its_packets_stay_whole(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia()
    late = Direction(latency_s=0.1, jitter_s=0.1)
    async with (
        fault_proxy(relay.port, up=late, down=late, seed=2) as proxy,
        subscriber(relay.url, room[0]) as viewer,
        publisher(proxy.url, room[0], media, publish_key=room[1]) as source,
    ):
        await source.stream(media, 60, frame_interval_s=FRAME_S)
        await viewer.wait_for_sequence(Kind.VIDEO, 59)
        assert sequences(viewer.packets, Kind.VIDEO) == list(range(60))
        check_payloads(viewer.packets)


async def test_viewer_when_the_link_is_too_narrow_then_goes_down_a_layer_alone(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia(layers=(0, 1), gop_frames=30)
    media.layer_share = {0: 0.08}
    narrow = Direction(bandwidth_bps=800_000)
    async with (
        fault_proxy(relay.port, down=narrow, receive_buffer_bytes=16_384) as proxy,
        publisher(relay.url, room[0], media, publish_key=room[1]) as source,
        subscriber(relay.url, room[0]) as near,
        subscriber(proxy.url, room[0]) as far,
    ):
        live = asyncio.get_running_loop().create_task(
            source.stream(media, 240, frame_interval_s=FRAME_S)
        )
        selected = await far.wait_for(media_events.LayerSelected)
        assert (selected.layer, selected.reason) == (0, "viewer_slow")
        await far.wait_for(media_events.SubscriberLagged)
        await live
        await near.wait_for_sequence(Kind.VIDEO, 239, layer=1)
        assert sequences(near.packets, Kind.VIDEO, 1) == list(range(240))
        assert_no_gap(sequences(near.packets, Kind.AUDIO))
        await far.wait_for_sequence(Kind.VIDEO, 239, layer=0)
        low = [packet for packet in far.video if packet.layer == 0]
        assert low[0].is_keyframe
        # It may lag once more while the full link drains: then it is back at a keyframe again.
        assert all(
            after.is_keyframe
            for before, after in itertools.pairwise(low)
            if after.sequence != before.sequence + 1
        )
        check_payloads(far.packets)


@pytest.mark.parametrize("fault", ["cut", "reset"])
async def test_publisher_when_its_link_breaks_then_viewers_know_and_see_it_return(
    fault: str, relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia(gop_frames=20)
    async with (
        fault_proxy(relay.port) as proxy,
        subscriber(relay.url, room[0]) as viewer,
    ):
        async with publisher(proxy.url, room[0], media, publish_key=room[1]) as source:
            broadcast_id = source.accepted.broadcast_id
            await source.stream(media, 20)
            await viewer.wait_for_sequence(Kind.VIDEO, 19)
            await _break(proxy, fault)
            await viewer.wait_for(room_events.BroadcastAway, timeout_s=AWAY_S_MAX)
        async with publisher(
            proxy.url, room[0], media, publish_key=room[1], broadcast_id=broadcast_id
        ) as source:
            assert source.accepted.resumed
            await source.stream(media, 20)
            await viewer.wait_for_sequence(Kind.VIDEO, 39, timeout_s=20)
            assert viewer.of(room_events.BroadcastResumed)


async def test_publisher_when_its_link_falls_silent_then_is_away_and_its_return_takes_over(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia(gop_frames=20)
    async with (
        fault_proxy(relay.port) as proxy,
        subscriber(relay.url, room[0]) as viewer,
        publisher(proxy.url, room[0], media, publish_key=room[1]) as source,
    ):
        await source.stream(media, 20)
        await viewer.wait_for_sequence(Kind.VIDEO, 19)
        proxy.half_open()
        await viewer.wait_for(room_events.BroadcastAway, timeout_s=SILENT_S_MAX + 1)
        async with publisher(
            relay.url,
            room[0],
            media,
            publish_key=room[1],
            broadcast_id=source.accepted.broadcast_id,
        ) as again:
            await again.stream(media, 20)
            await viewer.wait_for_sequence(Kind.VIDEO, 39, timeout_s=20)
            # What the dead link still held comes out now: it must change nothing.
            proxy.heal()
            await again.stream(media, 20)
            await viewer.wait_for_sequence(Kind.VIDEO, 59)
            assert sequences(viewer.packets, Kind.VIDEO) == list(range(60))


@pytest.mark.slow
async def test_ghost_when_its_link_is_half_open_then_the_relay_forgets_it_in_20_s(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    async with fault_proxy(relay.port) as proxy, control(relay.url) as member:
        # In the room before they come: it hears of a change, and not of what was there already.
        await member.join(room[0])
        async with (
            subscriber(relay.url, room[0]) as near,
            subscriber(proxy.url, room[0]) as ghost,
        ):
            await member.wait_for(room_events.ViewersChanged, viewers=2)
            # Nothing is live, so nothing fills its socket: only the pings can tell.
            proxy.half_open()
            await member.wait_for(room_events.ViewersChanged, viewers=1, timeout_s=GHOST_S_MAX)
            assert near.close_code is None
            ghost.socket.transport.abort()


async def _break(proxy: FaultProxy, fault: str) -> None:
    await (proxy.cut() if fault == "cut" else proxy.reset())


async def test_viewers_when_the_relay_itself_stands_still_for_a_while_then_lose_nothing(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia()
    async with (
        subscriber(relay.url, room[0]) as viewer,
        publisher(relay.url, room[0], media, publish_key=room[1]) as source,
    ):
        await source.stream(media, 10, frame_interval_s=FRAME_S)
        live = asyncio.get_running_loop().create_task(
            source.stream(media, 70, frame_interval_s=FRAME_S)
        )
        with relay.frozen():
            await asyncio.sleep(1.5)
        await live
        await viewer.wait_for_sequence(Kind.VIDEO, 79)
        assert sequences(viewer.packets, Kind.VIDEO) == list(range(80))
        assert not viewer.of(media_events.SubscriberLagged)
        check_payloads(viewer.packets)


async def test_log_when_viewers_break_off_while_the_relay_stands_still_then_is_not_flooded(
    relay: RelayProcess, room: tuple[str, str]
) -> None:
    media = SyntheticMedia(keyframe_bytes=2_000, frame_bytes=500)
    async with (
        AsyncExitStack() as stack,
        subscriber(relay.url, room[0]) as near,
        publisher(relay.url, room[0], media, publish_key=room[1]) as source,
    ):
        gone = await subscribers(stack, relay.url, room[0], 10)
        await source.stream(media, 10)
        for viewer in (near, *gone):
            await viewer.wait_for_sequence(Kind.VIDEO, 9)
        lines = relay.log().count("\n")
        with relay.frozen():
            for viewer in gone:
                viewer.socket.transport.abort()
            # All at once: what has gathered is forwarded before the relay hears who has gone.
            for _ in range(60):
                await source.send(media.next_frame())
        await near.wait_for_sequence(Kind.VIDEO, 69, timeout_s=30)
        assert sequences(near.packets, Kind.VIDEO) == list(range(70))
    new = relay.log().splitlines()[lines:]
    assert len(new) <= LOG_LINES_PER_PEER_MAX, new[:5]
