"""One publisher over two sockets: joined by sequence, and none missed when one of them goes."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest

from tests.support.relay_clients import (
    PublisherClient,
    SubscriberClient,
    control,
    further_path,
    publisher,
    subscriber,
)
from tests.support.synthetic_media import SyntheticMedia, check_payloads
from wire import events, media_commands, media_events, room_commands, room_events
from wire.errors import CloseCode, ErrorCode
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess

WAIT_S = 30.0


def small(**fields: object) -> SyntheticMedia:
    return SyntheticMedia(keyframe_bytes=4_000, frame_bytes=600, **fields)  # type: ignore[arg-type]  # plain fields


def sequences(viewer: SubscriberClient, kind: Kind = Kind.VIDEO) -> list[int]:
    return [packet.sequence for packet in viewer.packets if packet.kind is kind]


async def alternate(paths: list[PublisherClient], packets: list[MediaPacket]) -> None:
    """Sound and keyframes over both, each other picture over one and then the other."""
    turns = itertools.cycle(paths)
    for packet in packets:
        if packet.kind is Kind.AUDIO or packet.is_keyframe:
            for path in paths:
                await path.send([packet])
        else:
            await next(turns).send([packet])


async def test_paths_when_packets_go_over_either_or_both_then_viewers_get_each_once_in_order(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        joined = second.of(media_events.PathJoined)[0]
        assert (joined.broadcast_id, joined.path) == (first.accepted.broadcast_id, 1)
        packets = [packet for _ in range(120) for packet in media.next_frame()]
        await alternate([first, second], packets)
        await viewer.wait_for_sequence(Kind.VIDEO, 119, timeout_s=WAIT_S)
        assert sequences(viewer) == list(range(120))
        sounds = sequences(viewer, Kind.AUDIO)
        assert sounds == list(range(len(sounds)))
        check_payloads(viewer.packets)


@pytest.mark.parametrize("lost", [0, 1])
async def test_path_when_lost_then_costs_nothing_that_the_other_carried_and_can_come_back(
    relay: RelayProcess, room_id: str, publish_key: str, lost: int
) -> None:
    media = small()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        paths = [first, second]
        for path in paths:  # one behind the other, each with everything
            await path.send([packet for packet in media_copy(30) if packet.kind is Kind.VIDEO])
        await viewer.wait_for_sequence(Kind.VIDEO, 29, timeout_s=WAIT_S)
        paths[lost].socket.transport.abort()
        left = paths[1 - lost]
        await left.send(media_copy(60)[len(media_copy(30)) :])
        await viewer.wait_for_sequence(Kind.VIDEO, 59, timeout_s=WAIT_S)
        async with further_path(relay.url, room_id, first.accepted.join_token, path=lost) as again:
            assert again.of(media_events.PathJoined)
            await again.send([p for p in media_copy(90) if p.sequence >= 60 or p.is_keyframe])
            await viewer.wait_for_sequence(Kind.VIDEO, 89, timeout_s=WAIT_S)
            assert sequences(viewer) == list(range(90))
            assert not viewer.of(room_events.BroadcastAway)


def media_copy(frames: int) -> list[MediaPacket]:
    """The same packets each time."""
    media = small()
    return [
        packet._replace(captured_at_unix_us=1)
        for _ in range(frames)
        for packet in media.next_frame()
        if packet.kind is Kind.VIDEO
    ]


async def test_feedback_when_a_path_brings_nothing_more_then_its_own_says_so(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        packets = [packet for _ in range(20) for packet in media.next_frame()]
        await first.send(packets[:10])
        await second.send(packets)
        heard = {
            path: await path.wait_for(media_events.PublishFeedback, packets=count, timeout_s=WAIT_S)
            for path, count in ((first, 10), (second, len(packets)))
        }
        assert heard[first].last_pts_us == max(packet.pts_us for packet in packets[:10])
        assert heard[second].last_pts_us == max(packet.pts_us for packet in packets)
        joined = second.of(media_events.PathJoined)[0]
        assert joined.feedback_interval_ms < first.accepted.feedback_interval_ms


async def test_broadcast_when_the_last_path_goes_then_is_away_and_the_token_is_worth_nothing(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        first.socket.transport.abort()
        second.socket.transport.abort()
        await viewer.wait_for(room_events.BroadcastAway, timeout_s=WAIT_S)
        token = first.accepted.join_token
        async with further_path(relay.url, room_id, token) as late:
            assert late.of(events.Error)[0].code is ErrorCode.TICKET_INVALID
            assert await late.wait_closed(timeout_s=WAIT_S) == CloseCode.UNAUTHENTICATED


async def test_publisher_when_replaced_then_both_its_paths_go_and_nothing_of_it_follows(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    old = small(name=b"O")
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, old, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        await first.send(old.next_frame() + old.next_frame())
        await viewer.wait_for_sequence(Kind.VIDEO, 1, timeout_s=WAIT_S)
        old.next_frame()  # never sent: what follows waits in the relay
        await second.send(old.next_frame())
        new = small(name=b"N")
        async with publisher(relay.url, room_id, new, publish_key=publish_key) as newer:
            for path in (first, second):
                assert await path.wait_closed(timeout_s=WAIT_S) == CloseCode.REPLACED
            async with further_path(relay.url, room_id, first.accepted.join_token) as stale:
                assert stale.of(events.Error)[0].code is ErrorCode.TICKET_INVALID
            await newer.stream(new, 60)
            await viewer.wait_until(
                lambda: [p for p in viewer.video if (p.payload[:1], p.sequence) == (b"N", 59)],
                "the new publisher's last picture",
                timeout_s=WAIT_S,
            )
            names = b"".join(packet.payload[:1] for packet in viewer.video)
            assert names == b"O" * names.count(b"O") + b"N" * names.count(b"N")


async def test_path_when_opened_twice_then_the_newer_socket_has_it(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
        further_path(relay.url, room_id, first.accepted.join_token) as third,
    ):
        assert await second.wait_closed(timeout_s=WAIT_S) == CloseCode.REPLACED
        await third.send(media.next_frame())
        await viewer.wait_for_sequence(Kind.VIDEO, 0, timeout_s=WAIT_S)
        assert first.close_code is None


async def test_tracks_when_told_on_both_paths_then_the_newest_revision_stands(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    full, bare = SyntheticMedia(layers=(0, 1)), SyntheticMedia(layers=(0,))
    async with (
        subscriber(relay.url, room_id, layer=0) as viewer,
        publisher(relay.url, room_id, full, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        await first.say(media_commands.UpdateTracks(tracks=bare.tracks, revision=1))
        await first.say(media_commands.UpdateTracks(tracks=full.tracks, revision=2))
        await viewer.wait_for(room_events.TracksChanged, tracks=full.tracks, timeout_s=WAIT_S)
        await second.say(media_commands.UpdateTracks(tracks=bare.tracks, revision=1))
        await second.say(media_commands.UpdateTracks(tracks=full.tracks, revision=2))
        # A layer that was called off by the other path harms nobody.
        await second.send([p._replace(layer=3) for p in full.next_frame() if p.layer == 1])
        packet = full.next_frame(keyframe=True)
        await second.send(packet)
        await viewer.wait_for_sequence(Kind.VIDEO, 1, timeout_s=WAIT_S)
        assert len(viewer.of(room_events.TracksChanged)) == 2
        assert second.close_code is None


async def test_broadcast_when_ended_over_one_path_then_both_are_closed_in_order(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        await second.say(media_commands.EndPublishing())
        assert await second.wait_closed(timeout_s=WAIT_S) == 1000
        assert await first.wait_closed(timeout_s=WAIT_S) == 1000
        await viewer.wait_for(room_events.BroadcastEnded, reason="ended", timeout_s=WAIT_S)


async def test_key_when_revoked_then_both_paths_are_cut(
    relay: RelayProcess, room_id: str, owner: ControlClient
) -> None:
    media = small()
    made = await owner.ask(
        room_commands.CreatePublishKey(id=0, room_id=room_id, label="phone")  # type: ignore[arg-type]  # plain text here
    )
    async with (
        publisher(relay.url, room_id, media, publish_key=made.publish_key) as first,
        further_path(relay.url, room_id, first.accepted.join_token) as second,
    ):
        await owner.ask(
            room_commands.RevokePublishKey(id=0, room_id=room_id, key_id=made.key_id)  # type: ignore[arg-type]  # plain text here
        )
        codes = await asyncio.gather(
            first.wait_closed(timeout_s=WAIT_S), second.wait_closed(timeout_s=WAIT_S)
        )
        assert codes == [CloseCode.FORBIDDEN, CloseCode.FORBIDDEN]


async def test_path_when_the_token_is_wrong_then_is_refused(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = small()
    async with (
        control(relay.url),
        publisher(relay.url, room_id, media, publish_key=publish_key) as first,
    ):
        for token, room in (("", room_id), ("x" * 43, room_id), (first.accepted.join_token, "r")):
            async with further_path(relay.url, room, token) as wrong:
                assert wrong.of(events.Error)[0].code is ErrorCode.TICKET_INVALID
        assert first.close_code is None
