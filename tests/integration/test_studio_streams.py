"""Studio's ways out and in, against a real relay and our own listener as the service."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest_asyncio

from app.live.house import House
from app.live.push_file import parse_target
from app.live.pushing import Pushing
from app.live.studio import StudioSession
from app.live.vault import Vault
from app.net.rtmp.listener import RtmpListener
from app.net.rtmp.server_session import TagArrived
from tests.unit.app.media.encoded_pictures import encoded_broadcast

if TYPE_CHECKING:
    from app.live.ingest_rtmp import RtmpIngest
    from app.state.pushing import StreamIn

KEY = "key-of-a-service-far-away"
WAIT_S = 60.0


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    vault = Vault(tmp_path, uses_keyring=False)
    house = House(tmp_path, random=random.random, vault=vault, host="127.0.0.1", port=0)
    await house.host()
    yield house
    await house.stop()


@pytest_asyncio.fixture
async def studio(house: House) -> AsyncIterator[StudioSession]:
    studio: StudioSession
    studio = StudioSession(
        house,
        random=random.random,
        on_state=lambda _state: None,
        on_pixels=lambda _pixels: studio.stage.preview.taken(),
        vault=house.vault,
    )
    await studio.start()
    yield studio
    await studio.stop()


async def _until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 # states come without a wake-up here
            await asyncio.sleep(0.05)


@asynccontextmanager
async def sending_to(stream_in: StreamIn) -> AsyncIterator[None]:
    """An encoder at the room's port, until it says goodbye."""
    encoder = Pushing(
        [parse_target("1", "encoder", stream_in.server, stream_in.key)], random=random.random
    )
    tracks, packets = encoded_broadcast()
    encoder.begin(tracks, lambda _layer: None)

    async def feed() -> None:
        for packet in packets():
            encoder.push(packet)
            await asyncio.sleep(0.008)

    feeding = asyncio.get_running_loop().create_task(feed())
    try:
        yield
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        await encoder.end()


async def test_go_live_when_a_service_is_kept_then_it_gets_the_broadcast_until_the_end(
    house: House, studio: StudioSession
) -> None:
    tags: list[TagArrived] = []
    service = RtmpListener(
        KEY,
        on_event=lambda event: tags.append(event) if isinstance(event, TagArrived) else None,
        on_refused=lambda _words: None,
    )
    await service.start("127.0.0.1", 0)
    await studio.streams.save_target("", "Far", f"rtmp://127.0.0.1:{service.port}/live", KEY)
    assert [status.state for status in studio.state.targets] == ["off"]
    await studio.go_live()
    await _until(lambda: len(tags) > 100)
    await _until(lambda: studio.state.targets[0].state == "live")
    assert {tag.kind for tag in tags} == {"video", "audio"}
    assert KEY not in repr(studio.state)
    await studio.end()
    await _until(lambda: not service.has_publisher)
    await _until(lambda: studio.state.targets[0].state == "off")
    await service.stop()
    kept = await asyncio.to_thread(house.vault.find_streams)
    assert (kept.targets[0].name, kept.targets[0].key) == ("Far", KEY)
    assert KEY not in repr(kept)


async def test_open_port_when_an_encoder_comes_then_the_room_is_live_until_it_says_goodbye(
    studio: StudioSession,
) -> None:
    await studio.open_port()
    stream_in = studio.streams.stream_in()
    assert stream_in.state == "waiting"
    assert stream_in.key not in repr(stream_in)
    async with sending_to(stream_in):
        await _until(lambda: studio.streams.stream_in().state == "live")
        await _until(lambda: "connected" in studio.streams.stream_in().line)
    await _until(lambda: studio.streams.stream_in().state == "waiting")
    await studio.streams.close_port()
    assert studio.streams.stream_in().state == "off"


async def test_open_port_when_the_encoder_comes_back_then_it_is_the_same_broadcast(
    studio: StudioSession,
) -> None:
    await studio.open_port()
    stream_in = studio.streams.stream_in()
    ingest = studio.streams._ingest
    assert ingest is not None
    listener = ingest._listener
    async with sending_to(stream_in):
        await _until(lambda: "connected" in studio.streams.stream_in().line)
        first, cut = ingest.statistics()["broadcast_id"], listener._publisher
        assert cut is not None
        cut.transport.abort()
        await _until(lambda: listener._publisher not in {None, cut})
        sent = packets_sent(ingest)
        await _until(lambda: packets_sent(ingest) > sent + 50)
        assert ingest.statistics()["broadcast_id"] == first
        assert ingest.ingesting.broadcasts == 1


def packets_sent(ingest: RtmpIngest) -> int:
    link = ingest.statistics()["link"]
    assert isinstance(link, dict)
    return int(link["packets_sent"])


async def test_renew_key_when_the_port_is_open_then_it_opens_with_another(
    studio: StudioSession,
) -> None:
    await studio.open_port()
    before = studio.streams.stream_in()
    await studio.renew_stream_key()
    after = studio.streams.stream_in()
    assert (after.state, before.state) == ("waiting", "waiting")
    assert str(after.key) != str(before.key)
