"""Three viewers of three layers, each behind a link of its own width."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.faults.tcp_proxy import Direction, fault_proxy
from tests.support.relay_clients import SubscriberClient, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, assert_no_gap, check_payloads, sequences
from wire import media_events
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.relay_process import RelayProcess

SECONDS = 20
FRAMES = SECONDS * 30
SHARES = {0: 0.05, 1: 0.22, 2: 1.0}
"""125 and 550 kbit/s, and 2.5 Mbit/s."""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with running_relay(tmp_path_factory.mktemp("narrow") / "data") as one:
        yield one


def narrow(bps: int) -> dict[str, object]:
    """As a link with a short queue: what is behind it has a delay, not an attic."""
    return {
        "down": Direction(bandwidth_bps=bps),
        "receive_buffer_bytes": 8_192,
        "piece_bytes": 1_024,
        "read_ahead_bytes": 4_096,
    }


def check_pictures(viewer: SubscriberClient) -> None:
    """Each follows the one before it on its layer, or is a keyframe."""
    video = viewer.video
    assert video[0].is_keyframe
    for before, after in itertools.pairwise(video):
        follows = (after.layer, after.sequence) == (before.layer, before.sequence + 1)
        assert follows or after.is_keyframe, f"{before.layer}/{before.sequence} broke"


async def test_viewers_when_each_link_is_another_then_each_is_live_on_the_layer_that_fits(
    relay: RelayProcess,
) -> None:
    media = SyntheticMedia(layers=(0, 1, 2), gop_frames=60, layer_share=SHARES)
    room_id = relay.room_id
    async with (
        fault_proxy(relay.port, **narrow(300_000)) as thin,
        fault_proxy(relay.port, **narrow(1_000_000)) as middling,
        publisher(relay.url, room_id, media, publish_key=relay.publish_key) as source,
        subscriber(relay.url, room_id) as near,
        subscriber(thin.url, room_id) as far,
        subscriber(middling.url, room_id) as half,
    ):
        await source.stream(media, FRAMES, frame_interval_s=1 / 30)
        await near.wait_for_sequence(Kind.VIDEO, FRAMES - 1, layer=2, timeout_s=30)
        assert sequences(near.packets, Kind.VIDEO, 2) == list(range(FRAMES))
        assert {packet.layer for packet in near.video} == {2}
        assert not near.of(media_events.SubscriberLagged)
        assert_no_gap(sequences(near.packets, Kind.AUDIO))
        for viewer, layer in ((far, 0), (half, 1)):
            await viewer.wait_for_sequence(Kind.AUDIO, media.sounds - 1, timeout_s=30)
            assert viewer.of(media_events.LayerSelected)[0].reason == "viewer_slow"
            assert viewer.video[-1].layer <= layer, "what fits, or less"
            check_pictures(viewer)
            check_payloads(viewer.packets)
