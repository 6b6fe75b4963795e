"""Packets from one publisher to many subscribers, whole and in order."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.relay_clients import publisher, subscriber, subscribers
from tests.support.synthetic_media import (
    SyntheticMedia,
    assert_no_gap,
    check_payloads,
    sequences,
)
from wire import media_commands, media_events, room_events
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from tests.support.relay_process import RelayProcess


async def test_subscribers_when_a_publisher_sends_then_each_gets_every_packet_in_order(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with AsyncExitStack() as stack:
        viewers = await subscribers(stack, relay.url, room_id, 6)
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, publish_key=publish_key)
        )
        await source.stream(media, 130)
        for viewer in viewers:
            await viewer.wait_for_sequence(Kind.VIDEO, 129)
            await viewer.wait_for_sequence(Kind.AUDIO, media.sounds - 1)
            assert sequences(viewer.packets, Kind.VIDEO) == list(range(130))
            assert sequences(viewer.packets, Kind.AUDIO) == list(range(media.sounds))
            check_payloads(viewer.packets)
            assert viewer.of(room_events.BroadcastStarted)
            assert not viewer.of(media_events.SubscriberLagged)


async def test_joiner_when_in_the_middle_of_a_gop_then_gets_its_keyframe_first_and_at_once(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id) as first,
    ):
        await source.stream(media, 100)
        await first.wait_for_sequence(Kind.VIDEO, 99)
        began_s = time.monotonic()
        async with subscriber(relay.url, room_id) as joiner:
            # Nothing is sent meanwhile: all of this comes from what the relay remembers.
            await joiner.wait_for_sequence(Kind.VIDEO, 99, timeout_s=20)
            assert time.monotonic() - began_s < 0.5
            assert joiner.video[0].is_keyframe
            assert sequences(joiner.packets, Kind.VIDEO) == list(range(60, 100))
            assert_no_gap(sequences(joiner.packets, Kind.AUDIO))
            await source.stream(media, 5)
            await joiner.wait_for_sequence(Kind.VIDEO, 104)
            assert_no_gap(sequences(joiner.packets, Kind.VIDEO))
            assert_no_gap(sequences(joiner.packets, Kind.AUDIO))
            check_payloads(joiner.packets)


async def test_viewer_when_it_selects_another_layer_then_changes_at_a_keyframe_and_sound_is_whole(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(layers=(0, 1), gop_frames=30)
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
    ):
        await source.stream(media, 40)
        await viewer.wait_for_sequence(Kind.VIDEO, 39, layer=1)
        await viewer.say(media_commands.SelectLayer(layer=0))
        await source.wait_for(media_events.KeyframeRequested, layer=0)
        await source.stream(media, 35)
        await viewer.wait_for_sequence(Kind.VIDEO, 74, layer=0)
        await viewer.say(media_commands.SelectLayer(layer=1))
        await source.wait_for(media_events.KeyframeRequested, layer=1)
        await source.stream(media, 30)
        await viewer.wait_for_sequence(Kind.VIDEO, 104, layer=1)

        pieces = _pieces_of_one_layer(viewer.video)
        assert [piece[0].layer for piece in pieces] == [1, 0, 1]
        assert all(piece[0].is_keyframe for piece in pieces)
        pictures = [packet.sequence for packet in viewer.video]
        # A keyframe of the old layer may have come just before that of the new one.
        assert pictures == sorted(pictures)
        assert list(dict.fromkeys(pictures)) == list(range(105))
        assert sequences(viewer.packets, Kind.AUDIO) == list(range(media.sounds))
        assert [(s.layer, s.reason) for s in viewer.of(media_events.LayerSelected)] == [
            (0, "chosen"),
            (1, "chosen"),
        ]
        check_payloads(viewer.packets)


@pytest.mark.parametrize("layer", [0, 1])
async def test_viewer_when_it_wishes_a_layer_from_the_start_then_gets_that_alone(
    layer: int, relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(layers=(0, 1))
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id, layer=layer) as viewer,
    ):
        await source.stream(media, 10)
        await viewer.wait_for_sequence(Kind.VIDEO, 9, layer=layer)
        assert viewer.of(media_events.Subscribed)[0].layer == layer
        assert {packet.layer for packet in viewer.video} == {layer}


async def test_listener_when_it_asks_for_sound_alone_then_gets_no_picture_until_it_wants_one(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(gop_frames=30)
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id, audio_only=True) as listener,
    ):
        await source.stream(media, 45)
        await listener.wait_for_sequence(Kind.AUDIO, media.sounds - 1)
        assert not listener.video
        await listener.say(media_commands.SelectLayer(layer="auto", audio_only=False))
        await source.wait_for(media_events.KeyframeRequested)
        await source.stream(media, 30)
        await listener.wait_for_sequence(Kind.VIDEO, 74)
        assert listener.video[0].is_keyframe
        assert_no_gap(sequences(listener.packets, Kind.AUDIO))


async def test_sound_when_the_broadcast_has_no_picture_then_reaches_everybody(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(layers=())
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id) as viewer,
    ):
        await source.stream(media, 60)
        await viewer.wait_for_sequence(Kind.AUDIO, media.sounds - 1)
        assert_no_gap(sequences(viewer.packets, Kind.AUDIO))


async def test_rooms_when_both_are_live_then_their_packets_never_mix(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    ours, theirs = SyntheticMedia(name=b"O"), SyntheticMedia(name=b"T")
    async with (
        publisher(relay.url, room_id, ours, publish_key=publish_key) as one,
        publisher(relay.url, relay.room_id, theirs, publish_key=relay.publish_key) as other,
        subscriber(relay.url, room_id) as viewer,
        subscriber(relay.url, relay.room_id) as neighbour,
    ):
        await asyncio.gather(one.stream(ours, 30), other.stream(theirs, 30))
        await viewer.wait_for_sequence(Kind.VIDEO, 29)
        await neighbour.wait_for_sequence(Kind.VIDEO, 29)
        assert {packet.payload[:1] for packet in viewer.packets} == {b"O"}
        assert {packet.payload[:1] for packet in neighbour.packets} == {b"T"}
        await other.say(media_commands.EndPublishing())


def _pieces_of_one_layer(video: list[MediaPacket]) -> list[list[MediaPacket]]:
    pieces: list[list[MediaPacket]] = []
    for packet in video:
        if not pieces or pieces[-1][-1].layer != packet.layer:
            pieces.append([])
        pieces[-1].append(packet)
    return pieces
