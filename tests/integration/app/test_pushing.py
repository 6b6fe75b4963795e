"""The way out over real sockets: our own listener plays the services."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec
import pytest

from app.errors import BadInput
from app.live.push_file import parse_target
from app.live.pushing import TARGETS_MAX, Pushing
from app.media.flv.tags import parse_audio, parse_video
from app.net.rtmp import target_socket
from app.net.rtmp.listener import ListenerEvent, RtmpListener
from app.net.rtmp.server_session import MetadataArrived, TagArrived
from tests.integration.app.test_tls import _make_certificate
from tests.unit.app.media.encoded_pictures import encoded_broadcast
from wire.media_packet import Kind

if TYPE_CHECKING:
    from app.settings import PushTarget
    from app.state.pushing import TargetStatus
    from wire.media_packet import MediaPacket

KEY = "a-stream-key-of-some-length"
WAIT_S = 30.0


class Service:
    """A service that takes streams, and what it got."""

    def __init__(self) -> None:
        self.tags: list[TagArrived] = []
        self.metadata: list[MetadataArrived] = []
        self.listener = RtmpListener(KEY, on_event=self._on_event, on_refused=lambda _words: None)

    async def start(self, port: int = 0) -> None:
        await self.listener.start("127.0.0.1", port)

    def target(self, name: str, key: str = KEY) -> PushTarget:
        return parse_target(name, name, f"rtmp://127.0.0.1:{self.listener.port}/live", key)

    def videos(self) -> list[TagArrived]:
        return [tag for tag in self.tags if tag.kind == "video"]

    def _on_event(self, event: ListenerEvent) -> None:
        if isinstance(event, TagArrived):
            self.tags.append(event)
        elif isinstance(event, MetadataArrived):
            self.metadata.append(event)


class Broadcast:
    """Feeds packets in real order, a second's worth at a time, until it is stopped."""

    def __init__(self, pushing: Pushing) -> None:
        self.tracks, self._packets = encoded_broadcast()
        self._pushing = pushing
        self.keyframes_wanted = 0
        self.sent: list[MediaPacket] = []

    async def __aenter__(self) -> Self:
        self._pushing.begin(self.tracks, self._on_keyframe_wanted)
        self._feeding = asyncio.get_running_loop().create_task(self._feed())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._feeding.cancel()
        with suppress(asyncio.CancelledError):
            await self._feeding
        await self._pushing.end()

    async def _feed(self) -> None:
        for packet in self._packets():
            self._pushing.push(packet)
            self.sent.append(packet)
            await asyncio.sleep(0.005)

    def _on_keyframe_wanted(self, _layer: int) -> None:
        self.keyframes_wanted += 1


def _pushing(*targets: PushTarget) -> Pushing:
    return Pushing(targets, random=random.Random(1).random)


def _status(pushing: Pushing, name: str) -> TargetStatus:
    return next(status for status in pushing.statuses() if status.name == name)


async def _until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 # states come without a wake-up here
            await asyncio.sleep(0.02)


async def test_push_when_a_service_is_there_then_it_gets_setup_first_and_both_tracks() -> None:
    service = Service()
    await service.start()
    pushing = _pushing(service.target("one"))
    async with Broadcast(pushing) as broadcast:
        await _until(lambda: len(service.videos()) > 40 and len(service.tags) > 60)
        assert broadcast.keyframes_wanted > 0
        assert _status(pushing, "one").state == "live"
        assert _status(pushing, "one").bit_rate_bps > 0
    videos = [parse_video(tag.body) for tag in service.videos()]
    assert [tag.step for tag in videos[:3]] == ["setup", "frames", "frames"]
    assert videos[1].is_keyframe
    sounds = [parse_audio(tag.body) for tag in service.tags if tag.kind == "audio"]
    assert [tag.step for tag in sounds[:2]] == ["setup", "frames"]
    for kind in ("video", "audio"):
        times = [tag.timestamp_ms for tag in service.tags if tag.kind == kind]
        assert times == sorted(times)
    assert service.metadata[0].fields["width"] == 320.0
    await service.listener.stop()


async def test_push_when_one_of_two_services_dies_then_the_other_loses_nothing() -> None:
    alive, dying = Service(), Service()
    await alive.start()
    await dying.start()
    port = dying.listener.port
    pushing = _pushing(alive.target("alive"), dying.target("dying"))
    async with Broadcast(pushing) as broadcast:
        await _until(lambda: len(alive.videos()) > 20 and len(dying.videos()) > 20)
        await dying.listener.stop()
        await _until(lambda: _status(pushing, "dying").state == "waiting")
        seen = len(alive.videos())
        await _until(lambda: len(alive.videos()) > seen + 40)
        back = Service()
        await back.start(port)
        await _until(lambda: len(back.videos()) > 20)
        assert _status(pushing, "dying").reconnects == 1
        assert _status(pushing, "alive").reconnects == 0
        assert _status(pushing, "alive").dropped == 0
        assert parse_video(back.videos()[1].body).is_keyframe
    assert broadcast.sent
    times = [tag.timestamp_ms for tag in alive.videos()][1:]
    steps = {after - before for before, after in pairwise(times)}
    assert steps <= {33, 34}
    await alive.listener.stop()
    await back.listener.stop()


async def test_push_when_a_server_says_nothing_then_the_other_runs_and_the_end_is_quick() -> None:
    service = Service()
    await service.start()
    held: list[asyncio.StreamWriter] = []
    mute = await asyncio.start_server(lambda _reader, writer: held.append(writer), "127.0.0.1", 0)
    port = mute.sockets[0].getsockname()[1]
    pushing = _pushing(
        service.target("good"), parse_target("mute", "mute", f"rtmp://127.0.0.1:{port}/app", KEY)
    )
    async with Broadcast(pushing):
        await _until(lambda: held and len(service.videos()) > 20)
        assert _status(pushing, "mute").state == "connecting"
        async with asyncio.timeout(WAIT_S):
            await pushing.end()
    for writer in held:
        writer.close()
    mute.close()
    await service.listener.stop()


async def test_push_when_the_key_is_wrong_then_it_is_refused_and_never_in_the_words() -> None:
    service = Service()
    await service.start()
    words: list[str] = []
    wrong = service.target("wrong", "another-key-of-some-length")
    pushing = Pushing([wrong], random=random.Random(1).random, on_notice=words.append)
    async with Broadcast(pushing):
        await _until(lambda: _status(pushing, "wrong").state == "waiting")
        assert "BadName" in _status(pushing, "wrong").words
    shown = f"{words} {pushing.statuses()} {wrong}"
    assert "another-key" not in shown
    await service.listener.stop()


async def test_set_targets_when_one_is_added_and_one_taken_then_the_third_runs_on() -> None:
    stays, goes, comes = Service(), Service(), Service()
    for service in (stays, goes, comes):
        await service.start()
    pushing = _pushing(stays.target("stays"), goes.target("goes"))
    async with Broadcast(pushing):
        await _until(lambda: stays.videos() and goes.videos())
        pushing.set_targets([stays.target("stays"), comes.target("comes")])
        await _until(lambda: len(comes.videos()) > 5 and not goes.listener.has_publisher)
        assert {status.name for status in pushing.statuses()} == {"stays", "comes"}
        assert _status(pushing, "stays").reconnects == 0
    for service in (stays, goes, comes):
        await service.listener.stop()


async def test_push_when_the_pictures_are_h265_then_the_target_says_so() -> None:
    service = Service()
    await service.start()
    pushing = _pushing(service.target("one"))
    tracks, _ = encoded_broadcast()
    modern = [msgspec.structs.replace(track, codec="h265") for track in tracks[:1]]
    pushing.begin((*modern, *tracks[1:]), lambda _layer: None)
    assert _status(pushing, "one").state == "refused"
    await pushing.end()
    await service.listener.stop()


async def test_pushing_when_there_are_too_many_targets_then_it_is_refused() -> None:
    targets = [
        parse_target(str(number), f"t{number}", "rtmp://h/app", KEY)
        for number in range(TARGETS_MAX + 1)
    ]
    with pytest.raises(BadInput):
        _pushing(*targets)


async def test_push_when_the_server_speaks_tls_then_its_certificate_must_hold(
    tmp_path: Path,
) -> None:
    service = Service()
    await service.start()
    context, _ = _make_certificate(tmp_path)
    pipes: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = await asyncio.open_connection("127.0.0.1", service.listener.port)
        for pair in ((reader, inner[1]), (inner[0], writer)):
            pipes.add(asyncio.get_running_loop().create_task(carry(*pair)))

    front = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=context)
    port = front.sockets[0].getsockname()[1]
    target = parse_target("1", "tls", f"rtmps://127.0.0.1:{port}/live", KEY)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "relay.pem"))
    trusting.check_hostname = False
    for tls, state in ((None, "waiting"), (trusting, "live")):
        pushing = Pushing([target], random=random.Random(1).random, tls=tls)
        async with Broadcast(pushing):
            await _until(lambda: _status(pushing, "tls").state == state)  # noqa: B023 # awaited here
            assert ("certificate" in _status(pushing, "tls").words) is (tls is None)
            if tls is not None:
                await _until(lambda: len(service.videos()) > 5)
    front.close()
    await service.listener.stop()
    await asyncio.gather(*pipes)


async def test_push_when_a_server_stops_reading_then_it_alone_loses_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(target_socket, "WRITE_TIMEOUT_S", 4.0)
    good, stuck = Service(), Service()
    await good.start()
    await stuck.start()
    pushing = _pushing(good.target("good"), stuck.target("stuck"))
    async with Broadcast(pushing) as broadcast:
        await _until(lambda: good.videos() and stuck.videos())
        publisher = stuck.listener._publisher
        assert publisher is not None
        publisher.transport.pause_reading()  # type: ignore[attr-defined] # a socket's transport
        slice_nal = b"\x00\x00\x00\x01\x41" + bytes([0x9A]) * 400_000

        def is_given_up() -> bool:
            heavy = broadcast.sent[-1]
            if heavy.kind is Kind.VIDEO and not heavy.is_keyframe:
                pushing.push(heavy._replace(payload=slice_nal))
            return _status(pushing, "stuck").reconnects > 0 or (
                _status(pushing, "stuck").state == "waiting"
            )

        await _until(is_given_up)
        assert _status(pushing, "good").state == "live"
        assert _status(pushing, "good").reconnects == 0
        seen = len(good.videos())
        await _until(lambda: len(good.videos()) > seen + 20)
    await good.listener.stop()
    await stuck.listener.stop()
