"""The ends of the link against a small relay, through cuts, kills and refusals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from app.errors import RelayRefused, RelayUnreachable
from app.live.room_finding import find_room
from app.net import relay_link
from app.net.address import RelayAddress, parse_relay_address
from app.net.publish_client import PublishClient
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from app.net.subscribe_client import SubscribeClient
from tests.integration.app.fake_relay import (
    PUBLISH_KEY,
    ROOM_ID,
    ROOM_NAME,
    Changes,
    FakeRelay,
    running_relay,
)
from wire import event_base, events, media_commands, media_events
from wire.errors import ErrorCode
from wire.ids import RoomId
from wire.media_packet import Flags, Kind, MediaPacket, pack
from wire.tracks import TrackInfo

TRACKS = (
    TrackInfo(kind="video", codec="h264", width=64, height=64, frame_rate=30),
    TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2),
)


def _packet(sequence: int, *, key: bool = False, kind: Kind = Kind.VIDEO) -> MediaPacket:
    flags = Flags.KEYFRAME if key else Flags.NONE
    return MediaPacket(kind, 0, flags, sequence, sequence * 33_000, 0, b"payload")


class _Publisher:
    """A publish client on its link."""

    def __init__(self, address: RelayAddress, *, key: str = PUBLISH_KEY) -> None:
        self.keyframes_wanted: list[int] = []
        self.accepted: list[media_events.PublishAccepted] = []
        self.states: list[LinkState] = []
        self.has_accepted = asyncio.Event()
        self.client = PublishClient(
            address, on_keyframe_wanted=self.keyframes_wanted.append, on_event=lambda _: None
        )
        self._key = key
        self.link = RelayLink(
            address,
            self._session,
            policy=ReconnectPolicy(random=lambda: 0.0),
            on_state=lambda state, _: self.states.append(state),
        )

    async def _session(self, succeeded: Callable[[], None]) -> None:
        def on_accepted(accepted: media_events.PublishAccepted) -> None:
            succeeded()
            self.accepted.append(accepted)
            self.has_accepted.set()

        await self.client.run_session(
            room_id=ROOM_ID, tracks=TRACKS, publish_key=self._key, on_accepted=on_accepted
        )


async def test_publishing_when_all_is_well_then_packets_arrive_and_it_ends_in_order() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        publisher = _Publisher(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publisher.link.run())
            await publisher.has_accepted.wait()
            publisher.client.push(_packet(0))
            publisher.client.push(_packet(1, key=True))
            publisher.client.push(_packet(5, kind=Kind.AUDIO))
            await relay.has_published.wait()
            publisher.client.stop()
        assert relay.has_ended.is_set()
        assert publisher.states[-1] == "ended"
        sent = {(packet.kind, packet.sequence) for packet in relay.published}
        assert sent == {(Kind.VIDEO, 1), (Kind.AUDIO, 5)}
        assert all(packet.flags & Flags.DISCONTINUITY for packet in relay.published)


async def test_publishing_when_the_relay_is_killed_then_it_comes_back_with_its_broadcast() -> None:
    async with running_relay() as relay, asyncio.timeout(30):
        publisher = _Publisher(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publisher.link.run())
            await publisher.has_accepted.wait()
            publisher.client.push(_packet(0, key=True))
            await relay.has_published.wait()
            await relay.kill()
            publisher.has_accepted.clear()
            relay.has_published.clear()
            for sequence in range(1, 4):
                publisher.client.push(_packet(sequence))
            killed_at = time.monotonic()
            await relay.start(port=relay.port)
            await publisher.has_accepted.wait()
            assert time.monotonic() - killed_at < 5
            assert publisher.keyframes_wanted[-1] == 0
            publisher.client.push(_packet(4))
            publisher.client.push(_packet(5, key=True))
            await relay.has_published.wait()
            publisher.client.stop()
        assert relay.hellos[-1].broadcast_id == publisher.accepted[0].broadcast_id
        assert [packet.sequence for packet in relay.published] == [0, 5], "nothing old, no half GOP"
        assert relay.published[-1].flags & Flags.DISCONTINUITY
        assert publisher.link.reconnects == 1


@pytest.mark.parametrize("code", [ErrorCode.REPLACED, ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND])
async def test_publishing_when_it_is_refused_for_good_then_it_stops(code: ErrorCode) -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        relay.refuse_publish = code
        publisher = _Publisher(parse_relay_address(relay.url))
        with pytest.raises(RelayRefused) as caught:
            await publisher.link.run()
        assert caught.value.code is code
        assert len(relay.hellos) == 1


async def test_publishing_when_the_key_is_wrong_then_it_stops() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        publisher = _Publisher(parse_relay_address(relay.url), key="wrong")
        with pytest.raises(RelayRefused) as caught:
            await publisher.link.run()
        assert caught.value.code is ErrorCode.BAD_CREDENTIALS


async def test_publishing_when_the_relay_is_busy_then_it_is_tried_again() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        relay.refuse_publish = ErrorCode.BUSY
        publisher = _Publisher(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(publisher.link.run())
            await relay.changes.until(lambda: bool(relay.hellos))
            relay.refuse_publish = None
            publisher.link.reconnect_now()
            await publisher.has_accepted.wait()
            publisher.client.stop()


async def test_link_when_nobody_ever_answers_then_it_gives_up_after_its_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay_link, "FIRST_PATIENCE_S", 1.2)
    async with running_relay() as relay:
        address = parse_relay_address(relay.url)
    publisher = _Publisher(address)
    async with asyncio.timeout(10):
        with pytest.raises(RelayUnreachable):
            await publisher.link.run()
    assert publisher.states.count("connecting") >= 2


class _Viewer:
    """A subscribe client on its link."""

    def __init__(self, address: RelayAddress) -> None:
        self.packets: list[MediaPacket] = []
        self.events: list[events.SubscriberEvent] = []
        self.changes = Changes()
        self.has_packets = asyncio.Event()
        self.has_joined = asyncio.Event()
        self.client = SubscribeClient(
            address,
            on_packet=self._on_packet,
            on_event=self._on_event,
            make_report=lambda: media_commands.Report(frames=len(self.packets)),
        )
        self.link = RelayLink(
            address,
            self._session,
            policy=ReconnectPolicy(random=lambda: 0.0),
            on_state=lambda _state, _words: None,
        )

    def _on_packet(self, packet: MediaPacket, _now_us: int) -> None:
        self.packets.append(packet)
        self.has_packets.set()
        self.changes.note()

    def _on_event(self, event: events.SubscriberEvent) -> None:
        self.events.append(event)
        if isinstance(event, media_events.Subscribed):
            self.has_joined.set()

    async def _session(self, succeeded: Callable[[], None]) -> None:
        await self.client.run_session(room_id=ROOM_ID, on_subscribed=succeeded)


def _forward(relay: FakeRelay, packet: MediaPacket) -> None:
    relay.forward(packet, pack(packet))


async def test_watching_when_joining_in_mid_gop_then_the_cached_gop_comes_first() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        for sequence in range(5):
            _forward(relay, _packet(sequence, key=sequence == 2))
        viewer = _Viewer(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(viewer.link.run())
            await viewer.has_packets.wait()
            await relay.changes.until(lambda: relay.subscribers > 0)
            _forward(relay, _packet(5))
            await viewer.changes.until(lambda: len(viewer.packets) == 4)
            viewer.client.stop()
        assert [packet.sequence for packet in viewer.packets] == [2, 3, 4, 5]


async def test_watching_when_unknown_events_come_then_they_are_ignored() -> None:
    class SomethingNew(event_base.Event, frozen=True, kw_only=True):
        value: int

    async with running_relay() as relay, asyncio.timeout(20):
        viewer = _Viewer(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(viewer.link.run())
            await viewer.has_joined.wait()
            await relay.changes.until(lambda: relay.subscribers > 0)
            await relay.tell_subscribers(SomethingNew(value=1))
            _forward(relay, _packet(0, key=True))
            await viewer.has_packets.wait()
            viewer.client.stop()
        assert viewer.link.reconnects == 0


async def test_watching_when_a_report_came_too_often_then_the_link_stays() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        viewer = _Viewer(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(viewer.link.run())
            await viewer.has_joined.wait()
            await relay.changes.until(lambda: relay.subscribers > 0)
            await relay.tell_subscribers(
                events.Error(code=ErrorCode.RATE_LIMITED, message="reports come too often")
            )
            _forward(relay, _packet(0, key=True))
            await viewer.has_packets.wait()
            viewer.client.stop()
        assert viewer.link.reconnects == 0


async def test_watching_when_it_goes_on_then_reports_go_up() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        viewer = _Viewer(parse_relay_address(relay.url))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(viewer.link.run())
            await relay.changes.until(lambda: bool(relay.reports))
            viewer.client.stop()


async def test_watching_when_the_link_falls_silent_then_it_is_known_within_five_seconds() -> None:
    async with running_relay() as relay, asyncio.timeout(30):
        viewer = _Viewer(parse_relay_address(relay.url))
        lost = asyncio.Event()
        viewer.link._on_state = lambda state, _: lost.set() if state == "waiting" else None
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(viewer.link.run())
            await viewer.has_joined.wait()
            for connection in list(relay._server.connections if relay._server else ()):
                connection.transport.pause_reading()  # no pong will come
                if connection.keepalive_task is not None:
                    connection.keepalive_task.cancel()
            silent_at = time.monotonic()
            await lost.wait()
            assert 3.0 < time.monotonic() - silent_at < 5.5
            viewer.client.stop()
            running.cancel()


async def test_room_when_it_is_named_then_its_id_is_found() -> None:
    async with running_relay() as relay, asyncio.timeout(20):
        address = parse_relay_address(relay.url)
        assert await find_room(address, ROOM_NAME) == RoomId(ROOM_ID)
        with pytest.raises(RelayRefused, match="nowhere"):
            await find_room(address, "nowhere")
