"""A relay of one room in a few lines, for tests of the desktop program's ends.

It speaks the wire, forwards packets as they came, gives a joiner the last GOP, and can be told to
misbehave. What the real relay decides (layers, budgets, rights) is not here.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from wire import (
    CONTROL_PATH,
    PUBLISH_PATH,
    SUBPROTOCOL,
    SUBSCRIBE_PATH,
    commands,
    event_base,
    events,
    limits,
    media_commands,
    media_events,
    room_commands,
    room_events,
)
from wire.errors import CLOSE_CODES, ErrorCode
from wire.ids import BroadcastId, RoomId, UserId
from wire.media_packet import Flags, Kind, MediaPacket, parse

if TYPE_CHECKING:
    import ssl

    from websockets.http11 import Request

ROOM_ID = RoomId("r0")
ROOM_NAME = "hall"
PUBLISH_KEY = "key"


class Changes:
    """Something that a test may wait for; `note` after each step that may have brought it about."""

    def __init__(self) -> None:
        self._noted = asyncio.Event()

    def note(self) -> None:
        self._noted.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._noted.clear()
            await self._noted.wait()


class FakeRelay:
    """Start with `running_relay`."""

    def __init__(self) -> None:
        self.port = 0
        self.broadcast: event_base.BroadcastInfo | None = None
        self.broadcasts = 0
        self.published: list[MediaPacket] = []
        self.hellos: list[media_commands.Publish] = []
        self.reports: list[media_commands.Report] = []
        self.gop: list[bytes] = []
        self.next_pts_us = 0
        self.requests = 0
        """Opening handshakes that arrived."""
        self.refuse_publish: ErrorCode | None = None
        self.refuse_subscribe: ErrorCode | None = None
        self.is_silent = False
        """Accept connections and say nothing more: a dead link."""
        self.on_packet: Callable[[MediaPacket], None] = lambda _: None
        self.changes = Changes()
        self.has_published = asyncio.Event()
        self.has_ended = asyncio.Event()
        self._subscribers: set[ServerConnection] = set()
        self._publisher: ServerConnection | None = None
        self._server: Server | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def subscribers(self) -> int:
        return len(self._subscribers)

    async def start(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            port,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            max_size=limits.MEDIA_MESSAGE_BYTES_MAX,
            ssl=tls,
            close_timeout=0.5,
            process_request=self._count_request,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def kill(self) -> None:
        """As kill -9: every connection is cut without a word."""
        server = self._server
        if server is None:
            return
        self._server = None
        for connection in list(server.connections):
            connection.transport.abort()
        server.close()
        await server.wait_closed()
        self._publisher = None
        self._subscribers.clear()
        self.gop.clear()

    async def ask_keyframe(self, layer: int = 0) -> None:
        assert self._publisher is not None
        await self._publisher.send(
            events.pack(media_events.KeyframeRequested(layer=layer)), text=True
        )

    async def tell_subscribers(self, event: event_base.Answer | event_base.Event) -> None:
        for subscriber in list(self._subscribers):
            await subscriber.send(events.pack(event), text=True)

    def _count_request(self, _connection: ServerConnection, _request: Request) -> None:
        self.requests += 1

    async def _serve(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request is not None else ""
        with contextlib.suppress(ConnectionClosed):
            if self.is_silent:
                await connection.wait_closed()
            elif path == CONTROL_PATH:
                await self._control(connection)
            elif path == PUBLISH_PATH:
                await self._publish(connection)
            elif path == SUBSCRIBE_PATH:
                await self._subscribe(connection)

    async def _control(self, connection: ServerConnection) -> None:
        async for message in connection:
            command = commands.parse_control(message)
            answer: event_base.Answer
            if isinstance(command, room_commands.GetRoom) and command.room in {ROOM_ID, ROOM_NAME}:
                owner = event_base.UserInfo(user_id=UserId("u0"), name="owner")
                room = event_base.RoomInfo(room_id=ROOM_ID, name=ROOM_NAME, owner=owner)
                answer = room_events.RoomDetails(re=command.id, room=room, role="guest")
            else:
                answer = events.Error(
                    re=command.id, code=ErrorCode.NOT_FOUND, message="no such room"
                )
            await connection.send(events.pack(answer), text=True)

    async def _refuse(self, connection: ServerConnection, code: ErrorCode) -> None:
        error = events.Error(code=code, message=f"refused: {code.value}")
        await connection.send(events.pack(error), text=True)
        await connection.close(CLOSE_CODES[code], code.value)

    async def _publish(self, connection: ServerConnection) -> None:
        hello = commands.parse_publisher(await connection.recv())
        assert isinstance(hello, media_commands.Publish)
        self.hellos.append(hello)
        self.changes.note()
        if self.refuse_publish is not None:
            await self._refuse(connection, self.refuse_publish)
            return
        if hello.room_id != ROOM_ID:
            await self._refuse(connection, ErrorCode.NOT_FOUND)
            return
        if hello.publish_key != PUBLISH_KEY:
            await self._refuse(connection, ErrorCode.BAD_CREDENTIALS)
            return
        broadcast = self._go_live(hello)
        accepted = media_events.PublishAccepted(
            broadcast_id=broadcast.broadcast_id,
            resumed=hello.broadcast_id == broadcast.broadcast_id,
            started_at_unix_us=broadcast.started_at_unix_us,
            next_pts_us=self.next_pts_us,
            feedback_interval_ms=limits.PUBLISH_FEEDBACK_INTERVAL_MS,
        )
        await connection.send(events.pack(accepted), text=True)
        self._publisher = connection
        await self.tell_subscribers(
            room_events.BroadcastStarted(room_id=ROOM_ID, broadcast=broadcast)
        )
        await self._take_packets(connection)

    def _go_live(self, hello: media_commands.Publish) -> event_base.BroadcastInfo:
        current = self.broadcast
        if current is not None and hello.broadcast_id == current.broadcast_id:
            return current
        self.broadcasts += 1
        self.broadcast = event_base.BroadcastInfo(
            broadcast_id=BroadcastId(f"b{self.broadcasts}"),
            started_at_unix_us=time.time_ns() // 1000,
            state="live",
            tracks=hello.tracks,
        )
        return self.broadcast

    async def _take_packets(self, connection: ServerConnection) -> None:
        received = received_bytes = 0
        feedback_at = time.monotonic()
        async for message in connection:
            if isinstance(message, str):
                if isinstance(commands.parse_publisher(message), media_commands.EndPublishing):
                    self.broadcast = None
                    self.has_ended.set()
                    return
                continue
            packet = parse(message)
            received, received_bytes = received + 1, received_bytes + len(message)
            self.forward(packet, message)
            if time.monotonic() - feedback_at > 0.5:
                feedback_at = time.monotonic()
                feedback = media_events.PublishFeedback(
                    packets=received,
                    bytes=received_bytes,
                    last_pts_us=packet.pts_us,
                    subscribers=len(self._subscribers),
                    relay_unix_us=time.time_ns() // 1000,
                )
                await connection.send(events.pack(feedback), text=True)

    def forward(self, packet: MediaPacket, message: bytes) -> None:
        self.published.append(packet)
        self.has_published.set()
        if packet.kind is Kind.VIDEO and packet.flags & Flags.KEYFRAME:
            self.gop.clear()
        self.gop.append(message)
        for subscriber in self._subscribers:
            subscriber.protocol.send_binary(message)
            subscriber.send_data()
        self.on_packet(packet)

    async def _subscribe(self, connection: ServerConnection) -> None:
        hello = commands.parse_subscriber(await connection.recv())
        assert isinstance(hello, media_commands.Subscribe)
        if self.refuse_subscribe is not None:
            await self._refuse(connection, self.refuse_subscribe)
            return
        subscribed = media_events.Subscribed(
            room_id=ROOM_ID,
            broadcast=self.broadcast,
            layer=0,
            relay_unix_us=time.time_ns() // 1000,
        )
        await connection.send(events.pack(subscribed), text=True)
        for message in list(self.gop):
            await connection.send(message)
        self._subscribers.add(connection)
        self.changes.note()
        try:
            async for text in connection:
                with contextlib.suppress(msgspec.DecodeError):
                    report = commands.parse_subscriber(text)
                    if isinstance(report, media_commands.Report):
                        self.reports.append(report)
                        self.changes.note()
        finally:
            self._subscribers.discard(connection)


@contextlib.asynccontextmanager
async def running_relay(
    *, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FakeRelay]:
    relay = FakeRelay()
    await relay.start(port=port, tls=tls)
    try:
        yield relay
    finally:
        await relay.kill()
