"""A publisher's way through a broadcast: replaced, away, back, at its end."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from tests.support.relay_clients import control, publisher, subscriber
from tests.support.synthetic_media import SyntheticMedia, check_payloads
from wire import events, media_commands, media_events, room_commands, room_events
from wire.errors import CloseCode, ErrorCode
from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess


async def test_publisher_when_a_newer_one_comes_then_is_replaced_and_packets_never_mix(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    old = SyntheticMedia(name=b"O")
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, old, publish_key=publish_key) as first,
    ):
        await first.stream(old, 45)
        await viewer.wait_for_sequence(Kind.VIDEO, 44)
        new = SyntheticMedia(name=b"N")
        async with publisher(relay.url, room_id, new, publish_key=publish_key) as second:
            assert second.accepted.broadcast_id == first.accepted.broadcast_id
            assert second.accepted.resumed
            assert second.accepted.next_pts_us > old.pts_us - 1_000_000 // 30
            new.first_pts_us = second.accepted.next_pts_us
            assert await first.wait_closed() == CloseCode.REPLACED
            assert first.of(events.Error)[0].code is ErrorCode.REPLACED
            await second.stream(new, 45)
            await viewer.wait_until(
                lambda: (viewer.video[-1].sequence, viewer.video[-1].payload[:1]) == (44, b"N"),
                "the new publisher's last picture",
            )
            names = [packet.payload[:1] for packet in viewer.packets]
            assert names == sorted(names, reverse=True), "none of the old after the new"
            pts = [packet.pts_us for packet in viewer.video]
            assert pts == sorted(pts)
            first_new = next(p for p in viewer.video if p.payload[:1] == b"N")
            assert first_new.is_keyframe
            assert viewer.of(room_events.BroadcastResumed)
            check_payloads(viewer.packets)


async def test_broadcast_when_its_publisher_ends_it_then_everybody_is_told(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    media = SyntheticMedia()
    async with (
        control(relay.url) as guest,
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
    ):
        await guest.join(room_id)
        await source.stream(media, 5)
        await source.say(media_commands.EndPublishing())
        assert await source.wait_closed() == 1000
        broadcast_id = source.accepted.broadcast_id
        for client in (viewer, guest, owner):
            ended = await client.wait_for(room_events.BroadcastEnded)
            assert (ended.broadcast_id, ended.reason) == (broadcast_id, "ended")
        assert viewer.close_code is None, "a viewer keeps its socket for the next broadcast"

    async with publisher(relay.url, room_id, media, publish_key=publish_key) as again:
        assert again.accepted.broadcast_id != broadcast_id
        assert not again.accepted.resumed
        assert again.accepted.next_pts_us == 0


async def test_broadcast_when_the_owner_ends_it_by_control_then_the_publisher_is_closed(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    media = SyntheticMedia()
    async with publisher(relay.url, room_id, media, publish_key=publish_key) as source:
        await owner.ask(room_commands.EndBroadcast(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        assert await source.wait_closed() == CloseCode.ENDED
        assert source.of(events.Error)[0].code is ErrorCode.BROADCAST_ENDED
        error = await owner.ask_in_vain(room_commands.EndBroadcast(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        assert error.code is ErrorCode.NOT_LIVE


async def test_viewers_when_the_publisher_is_cut_then_know_in_3_s_and_see_it_return(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    media = SyntheticMedia()
    async with subscriber(relay.url, room_id) as viewer:
        async with publisher(relay.url, room_id, media, publish_key=publish_key) as source:
            broadcast_id = source.accepted.broadcast_id
            await source.stream(media, 70)
            cut_at_s = time.monotonic()
            source.socket.transport.abort()
            for client in (viewer, owner):
                away = await client.wait_for(room_events.BroadcastAway, timeout_s=3)
                assert away.broadcast_id == broadcast_id
            assert time.monotonic() - cut_at_s < 3
        async with subscriber(relay.url, room_id) as latecomer:
            assert latecomer.of(media_events.Subscribed)[0].broadcast is not None
            assert latecomer.of(media_events.Subscribed)[0].broadcast.state == "away"
        pts_before_us = max(packet.pts_us for packet in viewer.packets)
        async with publisher(
            relay.url, room_id, media, publish_key=publish_key, broadcast_id=broadcast_id
        ) as back:
            assert back.accepted.resumed
            assert back.accepted.broadcast_id == broadcast_id
            media.frames = 120  # its own clock went on meanwhile
            returned_at_s = time.monotonic()
            await back.stream(media, 5)
            await viewer.wait_until(
                lambda: viewer.video[-1].pts_us > pts_before_us, "a picture after the return"
            )
            assert time.monotonic() - returned_at_s < 2
            assert viewer.of(room_events.BroadcastResumed)[0].broadcast.broadcast_id == broadcast_id
            after = next(p for p in viewer.video if p.pts_us > pts_before_us)
            assert after.is_keyframe
            assert len(viewer.of(room_events.BroadcastAway)) == 1


async def test_publisher_when_it_falls_silent_then_is_away_within_its_limit(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
    ):
        # As of a frozen program or a half-open link: the socket stays, nothing comes.
        await source.stream(media, 5)
        await viewer.wait_for(room_events.BroadcastAway, timeout_s=6.5)
        assert await source.wait_closed() == CloseCode.TIMED_OUT
        assert source.of(events.Error)[0].code is ErrorCode.TIMED_OUT
        assert viewer.close_code is None


async def test_tracks_when_updated_then_viewers_are_told_and_start_at_a_keyframe(
    relay: RelayProcess, room_id: str, publish_key: str, owner: ControlClient
) -> None:
    media = SyntheticMedia(layers=(0, 1), gop_frames=30)
    async with (
        subscriber(relay.url, room_id) as viewer,
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
    ):
        await source.stream(media, 15)
        await viewer.wait_for_sequence(Kind.VIDEO, 14, layer=1)
        media.layers = (0,)
        await source.say(media_commands.UpdateTracks(tracks=media.tracks))
        changed = await viewer.wait_for(room_events.TracksChanged)
        assert changed.tracks == media.tracks
        await owner.wait_for(room_events.TracksChanged)
        await viewer.wait_for(media_events.LayerSelected, layer=0, reason="layer_gone")
        await source.stream(media, 20)
        await viewer.wait_for_sequence(Kind.VIDEO, 34)
        after = [p for p in viewer.video if p.layer == 0]
        assert after[0].is_keyframe
        assert after[0].sequence == 30

        media.layers = (0, 1)
        await source.say(media_commands.UpdateTracks(tracks=media.tracks))
        await viewer.wait_for(room_events.TracksChanged, count=2)


async def test_feedback_when_publishing_then_counts_what_came_in(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, publish_key=publish_key)
        )
        await stack.enter_async_context(subscriber(relay.url, room_id))
        await source.stream(media, 30)
        feedback = await source.wait_until(
            lambda: next(
                (
                    f
                    for f in source.of(media_events.PublishFeedback)
                    if f.packets == 30 + media.sounds
                ),
                None,
            ),
            "feedback on everything",
        )
        assert feedback.subscribers == 1
        assert media.pts_us - 40_000 < feedback.last_pts_us < media.pts_us
        assert feedback.bytes > 60_000


async def test_publishers_when_many_race_for_a_room_then_the_last_one_stays(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = [SyntheticMedia(name=bytes([65 + number])) for number in range(8)]
    async with AsyncExitStack() as stack:
        viewer = await stack.enter_async_context(subscriber(relay.url, room_id))
        sources = await asyncio.gather(
            *(
                stack.enter_async_context(
                    publisher(relay.url, room_id, each, publish_key=publish_key)
                )
                for each in media
            )
        )
        assert len({source.accepted.broadcast_id for source in sources}) == 1
        pending = {source.ended for source in sources}
        while len(pending) > 1:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        alive = [number for number, source in enumerate(sources) if source.close_code is None]
        assert len(alive) == 1
        await sources[alive[0]].stream(media[alive[0]], 20)
        await viewer.wait_for_sequence(Kind.VIDEO, 19)
        assert {packet.payload[:1] for packet in viewer.packets} == {media[alive[0]].name}


async def test_viewer_counts_when_subscribers_come_and_go_then_members_are_told(
    relay: RelayProcess, room_id: str, owner: ControlClient, unique: Callable[[str], str]
) -> None:
    async with subscriber(relay.url, room_id), subscriber(relay.url, room_id) as second:
        await owner.wait_for(room_events.ViewersChanged, viewers=2)
        second.socket.transport.abort()
        await owner.wait_for(room_events.ViewersChanged, viewers=1)
    await owner.wait_for(room_events.ViewersChanged, viewers=0)
