"""Two ways up of one publisher, at a real relay: none of the pictures is missed when one goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from app.net.address import parse_relay_address
from app.net.publish_client import FIRST, SECOND, PublishClient
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import RelayLink
from tests.e2e.programs import until
from tests.support.relay_clients import subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, check_payloads
from wire import events
from wire.ids import RoomId
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.relay_clients import SubscriberClient
    from tests.support.relay_process import RelayProcess

WAIT_S = 30.0
FRAME_S = 0.01
HOME = "127.0.0.1"


class Publisher:
    """A client whose link is kept up, and what it sends."""

    def __init__(self, relay: RelayProcess) -> None:
        room = relay.ready["rooms"][0]
        self.room_id = RoomId(room["id"])
        self.media = SyntheticMedia(keyframe_bytes=4_000, frame_bytes=600, gop_frames=30)
        self.wanted: list[int] = []
        self.second_states: list[bool] = []
        self.client = PublishClient(
            parse_relay_address(relay.url),
            on_keyframe_wanted=self.wanted.append,
            on_event=lambda _event: None,
        )
        self._key = room["publish_key"]
        self.link = RelayLink(
            parse_relay_address(relay.url),
            self._session,
            policy=ReconnectPolicy(random=lambda: 0.5),
            on_state=lambda _state, _words: None,
        )

    async def _session(self, succeeded: Callable[[], None]) -> None:
        await self.client.run_session(
            room_id=self.room_id,
            tracks=self.media.tracks,
            publish_key=self._key,
            on_accepted=lambda _accepted: succeeded(),
        )

    async def push(self, frames: int) -> None:
        for _ in range(frames):
            for packet in self.media.next_frame():
                self.client.push(packet)
            await asyncio.sleep(FRAME_S)

    async def until_open(self, *paths: int) -> None:
        await until(lambda: all(map(self.is_open, paths)), WAIT_S, "both ways")

    def is_open(self, path: int) -> bool:
        found = self.client.stats().paths
        return len(found) > path and found[path].is_open

    def cut(self, path: int) -> None:
        socket = self.client._paths[path].socket
        assert socket is not None
        socket.transport.abort()


@pytest.fixture
async def on_air(tmp_path: Path) -> AsyncIterator[tuple[Publisher, SubscriberClient]]:
    with running_relay(tmp_path / "data", rooms=("hall",)) as relay:
        publisher = Publisher(relay)
        states = publisher.second_states
        async with (
            subscriber(relay.url, publisher.room_id) as viewer,
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(publisher.link.run())
            tasks.create_task(
                publisher.client.run_second_path(
                    publisher.room_id, HOME, on_state=lambda is_open, _: states.append(is_open)
                )
            )
            await publisher.until_open(FIRST, SECOND)
            yield publisher, viewer
            publisher.client.stop()


def numbers(viewer: SubscriberClient, kind: Kind = Kind.VIDEO) -> list[int]:
    return [packet.sequence for packet in viewer.packets if packet.kind is kind]


async def test_paths_when_both_stand_then_viewers_get_each_packet_once(
    on_air: tuple[Publisher, SubscriberClient],
) -> None:
    publisher, viewer = on_air
    await publisher.push(90)
    await viewer.wait_for_sequence(Kind.VIDEO, 89, timeout_s=WAIT_S)
    assert numbers(viewer) == list(range(90))
    sounds = numbers(viewer, Kind.AUDIO)
    assert sounds == list(range(sounds[0], sounds[0] + len(sounds)))
    check_payloads(viewer.packets)
    first, second = publisher.client.stats().paths
    assert min(first.packets_sent, second.packets_sent) > 3, "keyframes and sound over both"
    assert first.packets_sent + second.packets_sent < 2 * len(viewer.packets)
    assert publisher.second_states == [True]


@pytest.mark.parametrize("lost", [FIRST, SECOND])
async def test_path_when_it_breaks_then_no_picture_is_missed_and_it_comes_back(
    on_air: tuple[Publisher, SubscriberClient], lost: int
) -> None:
    publisher, viewer = on_air
    await publisher.push(40)
    publisher.cut(lost)
    await publisher.push(40)
    await publisher.until_open(FIRST, SECOND)
    await publisher.push(35)
    publisher.cut(1 - lost)
    await publisher.push(45)
    await viewer.wait_for_sequence(Kind.VIDEO, 159, timeout_s=WAIT_S)
    assert numbers(viewer) == list(range(160))
    assert not viewer.of(events.BroadcastAway)
    assert not viewer.of(events.BroadcastResumed)
    check_payloads(viewer.packets)


async def test_paths_when_both_break_then_the_publisher_comes_back_by_publish_and_both_stand_again(
    on_air: tuple[Publisher, SubscriberClient],
) -> None:
    publisher, viewer = on_air
    await publisher.push(40)
    publisher.cut(FIRST)
    publisher.cut(SECOND)
    await viewer.wait_for(events.BroadcastAway, timeout_s=WAIT_S)
    await viewer.wait_for(events.BroadcastResumed, timeout_s=WAIT_S)
    await publisher.until_open(FIRST, SECOND)
    await publisher.push(60)
    await viewer.wait_for_sequence(Kind.VIDEO, 99, timeout_s=WAIT_S)
    after = [number for number in numbers(viewer) if number >= 40]
    assert after == list(range(after[0], 100))
