"""Plain HTTP on the same port: health, readiness, metrics, thumbnails, covers, recordings."""

from __future__ import annotations

import asyncio
import http
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from server.gateway.jpeg_pages import respond_jpeg
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from prometheus_client.core import Metric
    from websockets.http11 import Response

    from server.gateway.admission import Admission
    from server.gateway.connection import RelayConnection
    from server.gateway.hub import RoomHub
    from server.gateway.replay_pages import ReplayPages
    from server.relay.media_plane import MediaPlane
    from server.store.store import Store

_THUMBNAILS = "/v1/thumbnails/"
_COVERS = "/v1/covers/"
_MOVING = "private, max-age=5"
_STANDING = "private, max-age=86400, immutable"
"""A cover's name is what it is made of."""
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Pages:
    """Event loop's thread only."""

    def __init__(
        self,
        *,
        plane: MediaPlane,
        admission: Admission,
        hub: RoomHub,
        store: Store,
        is_ready: Callable[[], bool],
        find_thumbnail: Callable[[str], bytes | None],
        find_cover: Callable[[str], Awaitable[bytes | None]],
        replays: ReplayPages,
        count_hashes: Callable[[], int],
    ) -> None:
        self._is_ready = is_ready
        self._find_thumbnail = find_thumbnail
        self._find_cover = find_cover
        self._replays = replays
        self._registry = CollectorRegistry()
        self._registry.register(
            _RelayCollector(plane, admission, hub, store, count_hashes, replays)
        )

    async def respond(self, connection: RelayConnection, path: str) -> Response | None:
        """The answer to a GET, or None where there is no such page."""
        try:
            return await self._find(connection, path)
        except WireError as error:  # nobody knows: the database does not answer
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, f"{error.message}\n")

    async def _find(self, connection: RelayConnection, path: str) -> Response | None:
        match path:
            case "/healthz":
                return connection.respond(http.HTTPStatus.OK, "ok\n")
            case "/readyz":
                if self._is_ready():
                    return connection.respond(http.HTTPStatus.OK, "ready\n")
                return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "not ready\n")
            case "/metrics":
                text = generate_latest(self._registry).decode()
                response = connection.respond(http.HTTPStatus.OK, text)
                del response.headers["Content-Type"]
                response.headers["Content-Type"] = _METRICS_TYPE
                return response
            case _ if path.startswith((_THUMBNAILS, _COVERS)) and path.endswith(".jpg"):
                return await self._respond_picture(connection, path.removesuffix(".jpg"))
            case _:
                return await self._replays.respond(connection, path)

    async def _respond_picture(self, connection: RelayConnection, path: str) -> Response | None:
        if path.startswith(_THUMBNAILS):
            jpeg, caching = self._find_thumbnail(path.removeprefix(_THUMBNAILS)), _MOVING
        else:
            jpeg, caching = await self._find_cover(path.removeprefix(_COVERS)), _STANDING
        return respond_jpeg(connection, jpeg, caching) if jpeg is not None else None


class _RelayCollector:
    """Reads the parts' own counters when asked, so that counting costs the hot path nothing."""

    def __init__(
        self,
        plane: MediaPlane,
        admission: Admission,
        hub: RoomHub,
        store: Store,
        count_hashes: Callable[[], int],
        replays: ReplayPages,
    ) -> None:
        self._count_hashes = count_hashes
        self._replays = replays
        self._plane = plane
        self._admission = admission
        self._hub = hub
        self._store = store

    def collect(self) -> Iterator[Metric]:
        plane, counters = self._plane, self._plane.counters
        replays = self._replays
        rooms = plane.rooms.values()
        live = [room for room in rooms if room.broadcast is not None]
        yield _gauge("sockets", "Open sockets", len(self._admission))
        yield _gauge(
            "sockets_pending", "Sockets before their first message", self._admission.pending
        )
        yield _gauge("rooms_live", "Rooms with a broadcast", len(live))
        yield _gauge("subscribers", "Media subscribers", plane.subscribers())
        yield _gauge(
            "subscribers_lagging",
            "Subscribers whose socket is full or who wait for a keyframe",
            sum(room.fanout.slow_count() for room in rooms),
        )
        yield _gauge(
            "gop_cache_bytes", "Cached for joiners", sum(len(r.fanout.cache) for r in rooms)
        )
        yield _gauge("event_loop_lag_seconds", "Lag of the newest timer", plane.load.lag_s)
        yield _gauge(
            "event_loop_lag_max_seconds",
            "Largest lag since the last scrape",
            plane.load.take_lag_max(),
        )
        yield _gauge("fanout_busy_ratio", "Share of the last second", plane.load.busy_share)
        yield _gauge("coalescing", "1 while sound waits for pictures", int(plane.load.coalescing))
        yield _gauge("live_readers", "Players that read live.mp4", replays.watchers())
        yield _counter(
            "recording_left_out", "Packets that the disk was too slow for", replays.left_out()
        )
        # Counted when somebody asks; each socket that is open has a few.
        yield _gauge("tasks", "Work under way on the event loop", len(asyncio.all_tasks()))
        yield _gauge("database_queue", "Jobs that wait for the database", self._store.queue_depth)
        yield _counter("sockets_refused", "Refused for want of a place", self._admission.refused)
        yield _counter("password_hashes", "Slow hashes begun", self._count_hashes())
        yield _counter("media_packets_received", "From publishers", counters.packets_received)
        yield _counter("media_bytes_received", "From publishers", counters.bytes_received)
        yield _counter("media_bytes_forwarded", "To subscribers", counters.bytes_forwarded)
        yield _counter(
            "fanout_seconds", "Time spent writing to subscribers", plane.load.busy_s_total
        )
        yield _counter("subscriber_lags", "Times a subscriber began to drop", counters.lags)
        drops = CounterMetricFamily(
            "livehouse_drops", "Packets or sockets given up, by cause", labels=["cause"]
        )
        drops.add_metric(["viewer_slow_video"], counters.video_dropped)
        drops.add_metric(["viewer_slow_audio"], counters.audio_dropped)
        drops.add_metric(["viewer_evicted"], counters.evicted)
        yield drops


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"livehouse_{name}", words, value=value)


def _counter(name: str, words: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"livehouse_{name}", words, value=value)
