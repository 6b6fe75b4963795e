"""Plain HTTP on the relay's port."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.cover_pictures import make_jpeg
from tests.support.relay_clients import control, publisher, subscriber
from tests.support.synthetic_media import SyntheticMedia
from wire import cover_commands, room_commands, room_events
from wire.ids import RoomId
from wire.limits import COVER_BYTES_MAX
from wire.media_packet import Kind

if TYPE_CHECKING:
    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess


@pytest.mark.parametrize(("path", "words"), [("/healthz", "ok\n"), ("/readyz", "ready\n")])
async def test_page_when_the_relay_serves_then_says_so(
    path: str, words: str, relay: RelayProcess
) -> None:
    status, kind, text = await asyncio.to_thread(relay.get, path)
    assert (status, text) == (200, words)
    assert kind.startswith("text/plain")


@pytest.mark.parametrize(
    "path", ["/", "/v1/nothing", "/metrics/../healthz", "/%00", "/" + "a" * 4000]
)
async def test_page_when_there_is_none_then_is_not_found(path: str, relay: RelayProcess) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        await asyncio.to_thread(relay.get, path)
    assert caught.value.code == 404
    assert caught.value.read() == b"there is nothing here\n"
    caught.value.close()


async def test_metrics_when_a_room_is_live_then_move_with_it(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    before = await asyncio.to_thread(relay.metrics)
    media = SyntheticMedia()
    async with (
        publisher(relay.url, room_id, media, publish_key=publish_key) as source,
        subscriber(relay.url, room_id) as viewer,
        subscriber(relay.url, room_id),
    ):
        await source.stream(media, 30)
        await viewer.wait_for_sequence(Kind.VIDEO, 29)
        now = await asyncio.to_thread(relay.metrics)
        packets = 30 + media.sounds
        sent = 60_000 + 29 * 8_600 + media.sounds * 160
        assert now["livehouse_sockets"] == before["livehouse_sockets"] + 3
        assert now["livehouse_rooms_live"] == before["livehouse_rooms_live"] + 1
        assert now["livehouse_subscribers"] == before["livehouse_subscribers"] + 2
        assert now["livehouse_gop_cache_bytes"] > 60_000
        for name, least in {
            "media_packets_received": packets,
            "media_bytes_received": sent,
            "media_bytes_forwarded": 2 * sent,
            "fanout_seconds": 1e-6,
        }.items():
            full = f"livehouse_{name}_total"
            assert now[full] - before[full] >= least, full
        assert 0 < now["livehouse_event_loop_lag_max_seconds"] < 1
        assert now["livehouse_drops_total{viewer_slow_video}"] == 0


async def test_metrics_when_scraped_then_are_prometheus_text_with_all_that_is_promised(
    relay: RelayProcess,
) -> None:
    _, kind, text = await asyncio.to_thread(relay.get, "/metrics")
    assert kind == "text/plain; version=0.0.4; charset=utf-8"
    assert text.endswith("\n")
    found = await asyncio.to_thread(relay.metrics)
    assert {
        "livehouse_sockets",
        "livehouse_sockets_pending",
        "livehouse_sockets_refused_total",
        "livehouse_rooms_live",
        "livehouse_subscribers",
        "livehouse_subscribers_lagging",
        "livehouse_media_bytes_received_total",
        "livehouse_media_bytes_forwarded_total",
        "livehouse_drops_total{viewer_slow_video}",
        "livehouse_drops_total{viewer_slow_audio}",
        "livehouse_drops_total{viewer_evicted}",
        "livehouse_fanout_seconds_total",
        "livehouse_event_loop_lag_seconds",
        "livehouse_event_loop_lag_max_seconds",
        "livehouse_database_queue",
    } <= found.keys()


async def test_database_queue_when_much_is_asked_at_once_then_shows_in_the_metrics(
    relay: RelayProcess, owner: ControlClient
) -> None:
    deepest = 0.0
    async with control(relay.url) as guest:
        for _ in range(4):
            scrape = asyncio.get_running_loop().create_task(asyncio.to_thread(relay.metrics))
            while not scrape.done():
                asked = [
                    await client.send(room_commands.ListRooms(id=0)) for client in (guest, owner)
                ]
                await asyncio.gather(*asked)
            deepest = max(deepest, scrape.result()["livehouse_database_queue"])
            if deepest:
                break
    assert deepest > 0


async def test_cover_when_as_large_as_may_be_then_members_are_told_and_the_page_has_it(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    around = len(make_jpeg(scan=b""))
    picture = make_jpeg(scan=b"\x7f" * (COVER_BYTES_MAX - around))
    async with control(relay.url) as guest:
        await guest.join(room_id)
        await owner.ask(cover_commands.SetCover(id=0, room_id=RoomId(room_id), picture=picture))
        changed = await guest.wait_for(room_events.RoomChanged)
    path = f"/v1/covers/{changed.room.cover}.jpg"
    url = f"http://127.0.0.1:{relay.port}{path}"

    def read() -> tuple[str, str, bytes]:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.headers["Content-Type"], answer.headers["Cache-Control"], answer.read()

    kind, caching, body = await asyncio.to_thread(read)
    assert (kind, body) == ("image/jpeg", picture)
    assert "immutable" in caching
    await owner.ask(cover_commands.SetCover(id=0, room_id=RoomId(room_id)))
    with pytest.raises(urllib.error.HTTPError) as caught:
        await asyncio.to_thread(relay.get, path)
    assert caught.value.code == 404
    caught.value.close()
