"""`/v1/publish`: one publisher's packets come in, feedback goes back."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import structlog

from server.background import BackgroundTasks
from server.gateway.first_message import receive_first, refuse
from server.gateway.publish_feedback import checkpoint, keep_checkpoints, send_feedback
from server.gateway.publish_paths import PublishPath, SocketPublisher
from server.gateway.registry import Identity
from wire import commands, events, media_commands, media_events
from wire.errors import ErrorCode, WireError
from wire.limits import PATHS_FEEDBACK_INTERVAL_MS, PUBLISH_FEEDBACK_INTERVAL_MS
from wire.tracks import check_tracks

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.broadcasts.service import BroadcastService
    from server.gateway.admission import Admission
    from server.gateway.connection import RelayConnection
    from server.gateway.registry import SocketRegistry
    from server.relay.media_plane import MediaPlane
    from server.rooms.grants import PublishGrant
    from server.rooms.service import RoomService
    from server.settings import Limits

_log = structlog.get_logger(__name__)


class PublishSockets:
    """Handles every `/v1/publish` socket. Event loop's thread only."""

    def __init__(
        self,
        limits: Limits,
        *,
        admission: Admission,
        registry: SocketRegistry,
        rooms: RoomService,
        broadcasts: BroadcastService,
        plane: MediaPlane,
        unix_us: Callable[[], int],
    ) -> None:
        self._limits = limits
        self._admission = admission
        self._registry = registry
        self._rooms = rooms
        self._broadcasts = broadcasts
        self._plane = plane
        self._unix_us = unix_us
        self._by_token: dict[bytes, SocketPublisher] = {}
        """By the hash of their join token: those that are on the air."""

    async def handle(self, connection: RelayConnection) -> None:
        try:
            await self._publish(connection)
        except WireError as error:
            _log.info("publisher refused", code=error.code, words=error.message)
            refuse(connection, error)

    async def _publish(self, connection: RelayConnection) -> None:
        first = await receive_first(
            connection, commands.parse_publisher, self._limits.first_message_timeout_s
        )
        if isinstance(first, media_commands.JoinPublishing):
            await self._join(connection, first)
            return
        if not isinstance(first, media_commands.Publish):
            raise WireError(ErrorCode.WRONG_STATE, "say Publish first")
        check_tracks(first.tracks)
        grant = await self._rooms.media.authorize_publish(
            first.room_id, ticket=first.ticket, publish_key=first.publish_key
        )
        # Before anything waits again: from here on a revoked key or session cuts this socket.
        self._registry.register(
            connection,
            Identity(grant.user_id, grant.session_id, grant.key_id, room_id=grant.room_id),
        )
        try:
            await self._go_live(connection, first, grant)
        finally:
            self._registry.forget(connection)

    async def _go_live(
        self, connection: RelayConnection, first: media_commands.Publish, grant: PublishGrant
    ) -> None:
        begun = await self._broadcasts.begin(
            grant.room_id,
            user_id=grant.user_id,
            resume=first.broadcast_id,
            away_s=grant.away_s,
        )
        if connection.is_unlisted:
            # It was cut or left meanwhile: it must not take the room from another publisher.
            return
        self._admission.admit(connection)
        connection.accept_media_messages()
        connection.bound_buffer(self._limits.control_buffer_bytes_max)
        room = self._plane.room(grant.room_id)
        room.away_s = grant.away_s
        publisher = SocketPublisher(room, grant, mono_s=self._plane.mono_s)
        path = publisher.open_path(connection, 0)
        next_pts_us = 0
        if begun.resumed:
            known_us = room.broadcast.last_pts_us if room.broadcast else begun.last_pts_us
            next_pts_us = max(known_us + 1, self._unix_us() - begun.started_at_unix_us)
        connection.send_text(
            events.pack(
                media_events.PublishAccepted(
                    broadcast_id=begun.broadcast_id,
                    resumed=begun.resumed,
                    started_at_unix_us=begun.started_at_unix_us,
                    next_pts_us=next_pts_us,
                    feedback_interval_ms=PUBLISH_FEEDBACK_INTERVAL_MS,
                    join_token=publisher.join_token,
                )
            )
        )
        room.start(
            publisher,
            broadcast_id=begun.broadcast_id,
            started_at_unix_us=begun.started_at_unix_us,
            tracks=first.tracks,
            last_pts_us=begun.last_pts_us,
        )
        _log.info("room is live", room_id=grant.room_id, resumed=begun.resumed)
        self._by_token[_hash(publisher.join_token)] = publisher
        publisher.tasks.start(
            keep_checkpoints(room, self._broadcasts), name="broadcast checkpoints"
        )
        await self._serve(connection, publisher, path)

    async def _join(
        self, connection: RelayConnection, first: media_commands.JoinPublishing
    ) -> None:
        """A further path of a publisher that is on the air. Nothing here waits before it is in."""
        publisher = self._by_token.get(_hash(first.join_token))
        broadcast = publisher.room.broadcast if publisher is not None else None
        if (
            publisher is None
            or broadcast is None
            or publisher.is_gone
            or publisher.room.room_id != first.room_id
            or not publisher.room.is_published_by(publisher)
        ):
            raise WireError(ErrorCode.TICKET_INVALID, "no publisher with this token is on the air")
        grant = publisher.grant
        self._registry.register(
            connection,
            Identity(grant.user_id, grant.session_id, grant.key_id, room_id=grant.room_id),
        )
        try:
            self._admission.admit(connection)
            connection.accept_media_messages()
            connection.bound_buffer(self._limits.control_buffer_bytes_max)
            path = publisher.open_path(connection, first.path)
            connection.send_text(
                events.pack(
                    media_events.PathJoined(
                        broadcast_id=broadcast.broadcast_id,
                        path=first.path,
                        feedback_interval_ms=PATHS_FEEDBACK_INTERVAL_MS,
                    )
                )
            )
            _log.info("publisher has another path", room_id=grant.room_id, path=first.path)
            await self._serve(connection, publisher, path)
        finally:
            self._registry.forget(connection)

    async def _serve(
        self, connection: RelayConnection, publisher: SocketPublisher, path: PublishPath
    ) -> None:
        room = publisher.room
        tasks = BackgroundTasks()
        tasks.start(
            send_feedback(connection.send_text, publisher, path, unix_us=self._unix_us),
            name="publish feedback",
        )
        try:
            await self._receive(connection, publisher, path)
        finally:
            tasks.cancel()
            if publisher.close_path(path):
                self._by_token.pop(_hash(publisher.join_token), None)
                if room.lose(publisher):
                    _log.info("publisher is away", room_id=room.room_id)
                    await checkpoint(room, self._broadcasts)

    async def _receive(
        self, connection: RelayConnection, publisher: SocketPublisher, path: PublishPath
    ) -> None:
        silence_s = self._limits.publisher_silent_s_max
        while True:
            try:
                async with asyncio.timeout(silence_s):
                    message = await connection.recv()
            except TimeoutError:
                raise WireError(
                    ErrorCode.TIMED_OUT, f"the publisher sent nothing for {silence_s:.0f} s"
                ) from None
            if isinstance(message, bytes):
                await publisher.ingest(path, message)
            elif await self._obey(commands.parse_publisher(message), publisher, path):
                return

    async def _obey(
        self,
        message: media_commands.PublisherMessage,
        publisher: SocketPublisher,
        path: PublishPath,
    ) -> bool:
        """Do what the publisher says in words. True when it is done."""
        room = publisher.room
        match message:
            case media_commands.EndPublishing():
                if room.is_published_by(publisher):
                    publisher.finish(path)
                    await self._plane.end_broadcast(room.room_id, "ended")
                return True
            case media_commands.UpdateTracks(tracks=tracks):
                check_tracks(tracks)
                await publisher.update_tracks(message)
                return False
            case media_commands.Publish() | media_commands.JoinPublishing():
                raise WireError(ErrorCode.WRONG_STATE, "this socket publishes already")


def _hash(token: str) -> bytes:
    """So that looking one up tells nothing by the time it takes."""
    return hashlib.sha256(token.encode()).digest()
