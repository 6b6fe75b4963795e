"""Two ways up of one publisher, at a real relay: none of the pictures is missed when one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.net.publish_client import FIRST, SECOND
from tests.support.linked_publisher import WAIT_S, LinkedPublisher, on_two_ways
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import check_payloads, sequences
from wire import room_events
from wire.media_packet import Flags, Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.relay_clients import SubscriberClient


@pytest.fixture
async def on_air(tmp_path: Path) -> AsyncIterator[tuple[LinkedPublisher, SubscriberClient]]:
    with running_relay(tmp_path / "data", rooms=("hall",)) as relay:
        publisher = LinkedPublisher(relay)
        async with on_two_ways(publisher, relay) as viewer:
            yield publisher, viewer


def assert_no_jump(viewer: SubscriberClient) -> None:
    """A viewer begins its clock anew at each."""
    jumps = [p.sequence for p in viewer.packets if p.flags & Flags.DISCONTINUITY]
    assert set(jumps) <= {0}, "but where the broadcast begins"


async def test_paths_when_both_stand_then_viewers_get_each_packet_once(
    on_air: tuple[LinkedPublisher, SubscriberClient],
) -> None:
    publisher, viewer = on_air
    await publisher.push(90)
    await viewer.wait_for_sequence(Kind.VIDEO, 89, timeout_s=WAIT_S)
    assert sequences(viewer.packets, Kind.VIDEO) == list(range(90))
    sounds = sequences(viewer.packets, Kind.AUDIO)
    assert sounds == list(range(sounds[0], sounds[0] + len(sounds)))
    check_payloads(viewer.packets)
    first, second = publisher.client.stats().paths
    assert min(first.packets_sent, second.packets_sent) > 3, "keyframes and sound over both"
    assert first.packets_sent + second.packets_sent < 2 * len(viewer.packets)
    assert publisher.second_states == [True]
    assert_no_jump(viewer)


@pytest.mark.parametrize("lost", [FIRST, SECOND])
async def test_path_when_it_breaks_then_no_picture_is_missed_and_it_comes_back(
    on_air: tuple[LinkedPublisher, SubscriberClient], lost: int
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
    assert sequences(viewer.packets, Kind.VIDEO) == list(range(160))
    assert not viewer.of(room_events.BroadcastAway)
    assert not viewer.of(room_events.BroadcastResumed)
    check_payloads(viewer.packets)
    assert_no_jump(viewer)


async def test_paths_when_both_break_then_the_publisher_comes_back_by_publish_and_both_stand_again(
    on_air: tuple[LinkedPublisher, SubscriberClient],
) -> None:
    publisher, viewer = on_air
    await publisher.push(40)
    publisher.cut(FIRST)
    publisher.cut(SECOND)
    await viewer.wait_for(room_events.BroadcastAway, timeout_s=WAIT_S)
    await viewer.wait_for(room_events.BroadcastResumed, timeout_s=WAIT_S)
    await publisher.until_open(FIRST, SECOND)
    await publisher.push(60)
    await viewer.wait_for_sequence(Kind.VIDEO, 99, timeout_s=WAIT_S)
    after = [number for number in sequences(viewer.packets, Kind.VIDEO) if number >= 40]
    assert after == list(range(after[0], 100))
