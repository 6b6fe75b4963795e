"""The composition root: the only file that knows every part of the relay."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import errno
import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from server.accounts.hashing import PasswordHasher
from server.admin.rules import (
    BROADCAST_AWAY_S_MAX,
    SOCKETS_MAX,
    SOCKETS_PER_ADDRESS_MAX,
)
from server.admin.sampling import Tally
from server.admin.service import HouseSettings, retention_defaults
from server.background import BackgroundTasks
from server.broadcasts.service import BroadcastService
from server.clocks import Clocks
from server.detection.rules import Thresholds, check_thresholds
from server.errors import RelayError
from server.gateway.admission import Admission
from server.gateway.certificates import load_tls
from server.gateway.control import ControlSession
from server.gateway.control_socket import ControlSockets
from server.gateway.framing import frame_text
from server.gateway.hub import RoomHub
from server.gateway.listener import Listener
from server.gateway.pages import Pages
from server.gateway.publish_socket import PublishSockets
from server.gateway.readings import Readings
from server.gateway.registry import SocketRegistry
from server.gateway.replay_pages import ReplayPages
from server.gateway.subscribe_socket import SubscribeSockets
from server.parts.ground import Ground
from server.parts.parts import build_parts
from server.ready import Ready
from server.relay.load import TICK_S
from server.relay.media_plane import EndedBroadcast, MediaPlane
from server.sanctions.standings import Standings
from server.store.backup import remove_old_backups
from server.store.data_dir import ROOM_KEY_SECRET_FILE, DataDir
from server.store.engine import parse_url, sqlite_path
from server.thumbnails.rules import Candidate
from server.thumbnails.service import ThumbnailService
from wire import CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH
from wire.errors import CloseCode, WireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.settings import Settings
    from server.store.store import Store
    from wire.ids import RoomId, UserId

PLANE_TICKS: Final = 10
"""Load ticks between two ticks of the media plane: 1 s."""
ROUND_TICK_S: Final = 0.5
"""Polls and draws tell a room what was counted this often at most."""
WATCH_MINUTE_S: Final = 60.0
DAY_S: Final = 86_400.0
SANCTIONS_TICK_S: Final = 10.0
SEEN_INTERVAL_S: Final = 30.0
"""So much of when sessions were seen last may be lost in a crash."""

_log = structlog.get_logger(__name__)


class Relay:
    """One running relay. Event loop's thread only."""

    def __init__(self, settings: Settings, store: Store, data_dir: DataDir) -> None:
        limits = settings.limits
        clocks = Clocks(mono_s=time.monotonic, unix_us=lambda: time.time_ns() // 1000)
        self._settings = settings
        self._clocks = clocks
        self._store = store
        self._data_dir = data_dir
        self._tasks = BackgroundTasks()
        self._tls = load_tls(settings, dt.datetime.now(dt.UTC))
        self._admission, self._registry = Admission(limits), SocketRegistry()
        self._tally = Tally()
        self._hub = RoomHub(frame_text, on_post=self._tally.note_event)
        self._house = _make_house_settings(settings, store, clocks)
        self._broadcasts = BroadcastService(
            store,
            clocks=clocks,
            random_bytes=secrets.token_bytes,
            away_s_max=limits.broadcast_away_s_max,
        )
        self.plane = MediaPlane(
            limits,
            coalesce=settings.coalesce,
            mono_s=clocks.mono_s,
            announce=self._hub.post,
            on_ended=self._write_end,
        )
        self._parts = parts = build_parts(self._make_ground())
        self._people, self._talk, self._show = parts.people, parts.talk, parts.show
        self._admin, self._privacy = parts.house.admin, parts.house.privacy
        self._discovery = parts.house.discovery
        self._thumbnails = ThumbnailService(
            candidates=self._thumbnail_candidates,
            is_public=self._people.rooms.is_public,
            mono_s=clocks.mono_s,
        )
        self._house.add_listener(self._apply_limits)
        self._is_stopping = False
        self._listener = self._make_listener()

    def _make_ground(self) -> Ground:
        limits, clocks = self._settings.limits, self._clocks
        standings = Standings(clocks.mono_s)
        readings = Readings(
            plane=self.plane,
            admission=self._admission,
            tally=self._tally,
            standings=standings,
            clocks=clocks,
        )
        return Ground(
            store=self._store,
            clocks=clocks,
            settings=self._house,
            hasher=PasswordHasher(
                at_once=limits.password_hashes_at_once, queue_max=limits.password_queue_max
            ),
            standings=standings,
            broadcasts=self._broadcasts,
            plane=self.plane,
            hub=self._hub,
            registry=self._registry,
            tally=self._tally,
            read=readings.read,
            find_thumbnail=self._find_thumbnail,
            recording=self._settings.recording,
            find_cover=self._find_cover,
            data_dir=self._data_dir.path,
            database_url=self._data_dir.database_url(self._settings.database_url),
            database=database_file(self._settings, self._data_dir),
            room_key_secret=self._data_dir.secret(ROOM_KEY_SECRET_FILE),
            retention=self._settings.retention,
        )

    def _make_listener(self) -> Listener:
        """The port, and what answers on each of its paths."""
        limits, clocks, registry = self._settings.limits, self._clocks, self._registry
        services, rooms = self._parts.services(), self._people.rooms
        archive = self._parts.archive
        control = ControlSockets(
            limits,
            admission=self._admission,
            registry=registry,
            open_session=lambda channel: ControlSession(services, self._hub, registry, channel),
        )
        publish = PublishSockets(
            limits,
            admission=self._admission,
            registry=registry,
            rooms=rooms,
            broadcasts=self._broadcasts,
            plane=self.plane,
            unix_us=clocks.unix_us,
        )
        subscribe = SubscribeSockets(
            limits,
            admission=self._admission,
            registry=registry,
            rooms=rooms,
            plane=self.plane,
            watchers=self._discovery.service.acts,
            mono_s=clocks.mono_s,
            unix_us=clocks.unix_us,
        )
        pages = Pages(
            plane=self.plane,
            admission=self._admission,
            hub=self._hub,
            store=self._store,
            is_ready=lambda: not self._is_stopping,
            find_thumbnail=self._thumbnails.find,
            find_cover=rooms.covers.find,
            replays=ReplayPages(archive.replays, archive.streams, rooms),
            count_hashes=lambda: self._parts.ground.hasher.count,
        )
        return Listener(
            self._settings,
            self._admission,
            sockets={
                CONTROL_PATH: control.handle,
                PUBLISH_PATH: publish.handle,
                SUBSCRIBE_PATH: subscribe.handle,
            },
            pages=pages.respond,
            tls=self._tls.context if self._tls else None,
        )

    async def start(self) -> Ready:
        """Serve. Raises RelayError when the port is taken."""
        await self._broadcasts.end_abandoned(self._settings.limits.broadcast_away_s_max)
        await self._admin.load()
        await self._talk.moderation.start()
        await self._people.audit.restore()
        await self._talk.sanctions.restore()
        await self._talk.detection.raids.restore()
        await self._show.polls.restore()
        await self._show.draws.restore()
        await self._parts.archive.recording.start()
        rooms = [await self._people.rooms.ensure_public_room(name) for name in self._settings.rooms]
        try:
            port = await self._listener.start()
        except OSError as error:
            raise RelayError(_explain_listen(self._settings, error)) from None
        await self._discovery.start()
        self._tasks.start(self._run_clockwork(), name="clockwork")
        self._tasks.start(self._end_overdue(), name="broadcasts that stay away")
        self._tasks.start(self._thumbnails.run(), name="thumbnails")
        self._tasks.start(self._run_rounds(), name="polls and draws")
        self._tasks.start(self._parts.archive.recording.run(), name="recordings")
        self._tasks.start(self._write_seen(), name="last seen")
        self._tasks.start(self._admin.sampling.run(), name="figures of the house")
        self._tasks.start(self._admin.storage.run(), name="backups")
        await self._show.packets.start()
        self._tasks.start(self._mend_sanctions(), name="sanctions")
        self._tasks.start(self._talk.detection.run(), name="detection")
        self._tasks.start(self._count_watching(), name="watching")
        self._tasks.start(self._sweep_daily(), name="sweep")
        scheme = "wss" if self._tls else "ws"
        return Ready(
            scheme,
            self._settings.host,
            port,
            self._tls.fingerprint if self._tls else None,
            tuple(rooms),
        )

    async def console_secret(self) -> str | None:
        """The first admin's one-time secret; None once there is an admin."""
        return await self._people.accounts.console_secret()

    async def stop(self) -> None:
        """Say goodbye, write what is known, and leave nothing running. Bounded in time."""
        self._is_stopping = True
        connections = self._admission.connections()
        # Those that do not read would hold up the others' goodbye: they go first.
        for connection in sorted(connections, key=lambda c: not c.paused):
            connection.close_now(CloseCode.GOING_AWAY, "the relay is stopping")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.limits.shutdown_s / 2):
                await self._listener.stop()
        for connection in self._admission.connections():
            connection.abort()
        await self._tasks.close()
        await self._parts.close()

    def _apply_limits(self) -> None:
        """The limits that an admin may change while the relay runs."""
        self._admission.set_limits(
            replace(
                self._settings.limits,
                sockets_max=self._house.number(SOCKETS_MAX),
                sockets_per_address_max=self._house.number(SOCKETS_PER_ADDRESS_MAX),
            )
        )
        self.plane.away_s_max = self._house.number(BROADCAST_AWAY_S_MAX)
        self._privacy.service.set_retention(self._house.retention(self._settings.retention))
        limits = Thresholds()
        wanted = self._house.thresholds(sure=limits.raid_identities_sure)
        self._talk.detection.watch.thresholds = check_thresholds(replace(limits, **wanted))

    async def _run_clockwork(self) -> None:
        ticks, last_s = 0, self._clocks.mono_s()
        while True:
            await asyncio.sleep(TICK_S)
            now_s = self._clocks.mono_s()
            self.plane.load.tick(now_s - last_s)
            self._tally.note_lag(self.plane.load.lag_s)
            last_s = now_s
            ticks += 1
            if ticks % PLANE_TICKS == 0:
                self.plane.tick()

    async def _end_overdue(self) -> None:
        while True:
            await asyncio.sleep(PLANE_TICKS * TICK_S)
            await self.plane.end_overdue()

    async def _run_rounds(self) -> None:
        while True:
            await asyncio.sleep(ROUND_TICK_S)
            await self._show.polls.tick()
            await self._show.draws.tick()

    async def _write_seen(self) -> None:
        while True:
            await asyncio.sleep(SEEN_INTERVAL_S)
            await self._people.accounts.write_seen()

    async def _sweep_daily(self) -> None:
        """At the start too: a house may never be open for a whole day."""
        while True:
            now = self._clocks.unix_ms()
            await self._privacy.service.sweep(now)
            await self._privacy.eraser.wait_wiped(is_daily=True)
            await asyncio.to_thread(
                remove_old_backups,
                self._data_dir.path,
                now_unix_ms=now,
                days=self._settings.retention.backups_days,
            )
            await asyncio.sleep(DAY_S)

    async def _mend_sanctions(self) -> None:
        while True:
            await asyncio.sleep(SANCTIONS_TICK_S)
            try:
                await self._talk.sanctions.tick()
            except WireError as error:
                _log.warning("sanctions were not mended", code=error.code)

    async def _count_watching(self) -> None:
        """A minute of watching: being in a room while somebody else is live there."""
        while True:
            await asyncio.sleep(WATCH_MINUTE_S)
            live = [
                room_id
                for room_id, room in self.plane.rooms.items()
                if room.broadcast is not None and room.broadcast.info().state == "live"
            ]
            watching: set[UserId] = set()
            try:
                for room_id in live:
                    members = self._registry.users_of(self._hub.members(room_id))
                    watching |= members - {await self._people.rooms.owner_of(room_id)}
                await self._show.ledger.add_watched_minute(frozenset(watching))
            except WireError as error:
                _log.warning("a minute of watching was not stored", code=error.code)

    def _find_thumbnail(self, room_id: RoomId) -> bytes | None:
        broadcast = self.plane.broadcast(room_id)
        return self._thumbnails.find(broadcast.broadcast_id) if broadcast is not None else None

    async def _find_cover(self, room_id: RoomId) -> bytes | None:
        for candidate in self._thumbnail_candidates():
            if candidate.room_id == room_id:
                return await self._thumbnails.paint(candidate)
        return None

    def _thumbnail_candidates(self) -> Iterator[Candidate]:
        for room_id, room in tuple(self.plane.rooms.items()):
            keyframe = room.fanout.cache.find_keyframe()
            if room.broadcast is None or keyframe is None:
                continue
            layer = keyframe.header.layer
            for track in room.broadcast.tracks:
                if track.kind == "video" and track.layer == layer:
                    yield Candidate(
                        room_id,
                        room.broadcast.broadcast_id,
                        track.codec,
                        keyframe.header.sequence,
                        keyframe.read_payload,
                    )

    async def _write_end(self, ended: EndedBroadcast) -> None:
        broadcast = ended.broadcast
        try:
            await self._broadcasts.end(
                broadcast.broadcast_id,
                reason=ended.reason,
                viewers_peak=broadcast.viewers_peak,
                bytes_received=broadcast.bytes_received,
                last_pts_us=broadcast.last_pts_us,
            )
        except WireError as error:
            # The picture is over either way; the row is closed at the next start.
            _log.warning("the end of a broadcast was not stored", code=error.code)
        await self._show.packets.end_room(ended.room_id)


def _make_house_settings(settings: Settings, store: Store, clocks: Clocks) -> HouseSettings:
    limits = settings.limits
    return HouseSettings(
        store,
        clocks=clocks,
        defaults={
            SOCKETS_MAX.name: str(limits.sockets_max),
            SOCKETS_PER_ADDRESS_MAX.name: str(limits.sockets_per_address_max),
            BROADCAST_AWAY_S_MAX.name: str(round(limits.broadcast_away_s_max)),
            **retention_defaults(settings.retention),
        },
    )


def database_file(settings: Settings, data_dir: DataDir) -> Path | None:
    """None for PostgreSQL."""
    return sqlite_path(parse_url(data_dir.database_url(settings.database_url)))


def _explain_listen(settings: Settings, error: OSError) -> str:
    place = f"port {settings.port} on {settings.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use: stop what listens there, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"{place} needs more rights: choose a port above 1023 with --port"
    return f"cannot listen on {place}: {error.strerror or error}"
