"""`/v1/subscribe`: packets go to one viewer, reports and wishes come back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from server.gateway.first_message import receive_first, refuse, to_message
from server.gateway.framing import frame_text
from server.gateway.registry import Identity
from server.relay.layers import LayerChooser
from server.relay.subscriber import Subscriber
from server.relay.viewing import Viewing
from wire import commands, events, media_commands, media_events
from wire.errors import ErrorCode, MalformedMessage, WireError
from wire.limits import KEYFRAME_REQUEST_INTERVAL_MS_MIN, REPORT_INTERVAL_MS_MIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.discovery.watching import Watch
    from server.gateway.admission import Admission
    from server.gateway.connection import RelayConnection
    from server.gateway.registry import SocketRegistry
    from server.relay.media_plane import MediaPlane
    from server.relay.room import LiveRoom
    from server.rooms.grants import SubscribeGrant
    from server.rooms.service import RoomService
    from server.settings import Limits
    from wire.ids import RoomId, UserId

CHOICE_INTERVAL_MS: Final = 100
"""Nobody chooses a quality more often."""
TOO_SOON_PAUSE_S: Final = 0.05
"""A viewer whose reports or requests come too often is read this slowly."""


class Watchers(Protocol):
    """Who wants to know who watches; nothing of it raises WireError."""

    async def begin_watching(self, user_id: UserId | None, room_id: RoomId) -> Watch | None: ...

    def report(self, watch: Watch, report: media_commands.Report) -> None: ...

    def end_watching(self, watch: Watch) -> None: ...


class SubscribeSockets:
    """Handles every `/v1/subscribe` socket. Event loop's thread only."""

    def __init__(
        self,
        limits: Limits,
        *,
        admission: Admission,
        registry: SocketRegistry,
        rooms: RoomService,
        plane: MediaPlane,
        watchers: Watchers,
        mono_s: Callable[[], float],
        unix_us: Callable[[], int],
    ) -> None:
        self._limits = limits
        self._admission = admission
        self._registry = registry
        self._rooms = rooms
        self._plane = plane
        self._watchers = watchers
        self._mono_s = mono_s
        self._unix_us = unix_us

    async def handle(self, connection: RelayConnection) -> None:
        try:
            await self._subscribe(connection)
        except WireError as error:
            refuse(connection, error)

    async def _subscribe(self, connection: RelayConnection) -> None:
        first = await receive_first(
            connection, commands.parse_subscriber, self._limits.first_message_timeout_s
        )
        if not isinstance(first, media_commands.Subscribe):
            raise WireError(ErrorCode.WRONG_STATE, "say Subscribe first")
        grant = await self._rooms.media.authorize_subscribe(first.room_id, ticket=first.ticket)
        self._registry.register(
            connection, Identity(grant.user_id, grant.session_id, room_id=grant.room_id)
        )
        self._admission.admit(connection)
        watch = await self._watchers.begin_watching(grant.user_id, grant.room_id)
        try:
            await self._serve(connection, first, grant, watch)
        finally:
            if watch is not None:
                self._watchers.end_watching(watch)

    async def _serve(
        self,
        connection: RelayConnection,
        first: media_commands.Subscribe,
        grant: SubscribeGrant,
        watch: Watch | None,
    ) -> None:
        room = self._plane.room(grant.room_id)
        subscriber = Subscriber(
            connection.transport.write,
            LayerChooser(wish=first.layer, saves_data=first.data_saver),
            audio_only=first.audio_only,
            buffer_bytes_max=self._limits.subscriber_buffer_bytes_max,
            buffer_s_max=self._limits.subscriber_buffer_s_max,
        )

        def end(error: WireError) -> None:
            refuse(connection, error)

        viewing = Viewing(
            subscriber,
            send_event=lambda event: subscriber.tell(frame_text(events.pack(event))),
            end=end,
            buffered_bytes=connection.buffered_bytes,
            unacknowledged_bytes=connection.unacknowledged_bytes,
            hide_little=lambda on: connection.hide_little(on=on),
            user_id=grant.user_id,
            is_guest=grant.user_id is None,
        )
        connection.pause_at_once()
        layer = room.subscribe(viewing)
        connection.send_text(
            events.pack(
                media_events.Subscribed(
                    room_id=grant.room_id,
                    broadcast=room.broadcast.info() if room.broadcast else None,
                    layer=first.layer if layer is None else layer,
                    audio_only=first.audio_only,
                    relay_unix_us=self._unix_us(),
                    takes_keyframe_requests=True,
                )
            )
        )
        connection.on_paused = lambda: room.on_paused(viewing)
        connection.on_resumed = lambda: room.fanout.on_resumed(subscriber)
        # It may be full already, and nobody is told a second time.
        subscriber.paused = connection.paused
        room.admit(viewing, layer)
        connection.call_once_unlisted(lambda: room.leave(viewing))
        try:
            await self._receive(connection, room, viewing, watch)
        except WireError as error:
            # Here, for nothing can be told any more once the socket is off the lists.
            refuse(connection, error)
        finally:
            connection.unlist()
            self._registry.forget(connection)

    async def _receive(
        self, connection: RelayConnection, room: LiveRoom, viewing: Viewing, watch: Watch | None
    ) -> None:
        paces = {
            media_commands.Report: _Pace(REPORT_INTERVAL_MS_MIN),
            media_commands.RequestKeyframe: _Pace(KEYFRAME_REQUEST_INTERVAL_MS_MIN),
        }
        choices = _Pace(CHOICE_INTERVAL_MS)
        async for message in connection:
            if connection.is_unlisted:
                # It is gone, and nobody waits for what it said before.
                return
            if isinstance(message, bytes):
                raise WireError(ErrorCode.WRONG_STATE, "a subscriber sends no media")
            parsed = commands.parse_subscriber(message)
            pace = paces.get(type(parsed))
            if pace is not None and not pace.take(self._mono_s()):
                if isinstance(parsed, media_commands.Report):
                    self._tell(viewing, "reports come too often", ErrorCode.RATE_LIMITED)
                # Nothing is read meanwhile, so a flood stands in the sender's own buffers.
                await asyncio.sleep(TOO_SOON_PAUSE_S)
                continue
            self._obey(parsed, room, viewing, watch)
            if isinstance(parsed, media_commands.SelectLayer) and not choices.take(self._mono_s()):
                # Each is obeyed and answered: so many are read slowly.
                await asyncio.sleep(TOO_SOON_PAUSE_S)

    def _obey(
        self,
        message: media_commands.SubscriberMessage,
        room: LiveRoom,
        viewing: Viewing,
        watch: Watch | None,
    ) -> None:
        match message:
            case media_commands.Report():
                room.heed(viewing, message)
                if watch is not None:
                    self._watchers.report(watch, message)
            case media_commands.RequestKeyframe():
                room.heed_keyframe_request(viewing)
            case media_commands.SelectLayer():
                room.select(
                    viewing,
                    message.layer,
                    audio_only=message.audio_only,
                    saves_data=message.data_saver,
                )
            case media_commands.Subscribe():
                raise MalformedMessage("this socket is subscribed already", ErrorCode.WRONG_STATE)

    def _tell(self, viewing: Viewing, words: str, code: ErrorCode) -> None:
        error = WireError(code, words, retry_after_ms=REPORT_INTERVAL_MS_MIN)
        viewing.subscriber.tell(frame_text(events.pack(to_message(error))))


class _Pace:
    """Takes messages of one kind that come no sooner than so long after the last that it took."""

    def __init__(self, interval_ms: int) -> None:
        self._interval_s = interval_ms / 1000
        self._taken_at_s = float("-inf")

    def take(self, now_s: float) -> bool:
        if now_s - self._taken_at_s < self._interval_s:
            return False
        self._taken_at_s = now_s
        return True
