"""Recordings and live pictures by HTTP: for our own player's seeking, and for other players."""

from __future__ import annotations

import asyncio
import http
from collections.abc import AsyncGenerator
from functools import partial
from typing import TYPE_CHECKING, Final

from server.gateway.jpeg_pages import respond_jpeg
from server.gateway.ranges import NotSatisfiable, find_span
from server.recording.rules import is_replay_id
from wire.errors import WireError
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from websockets.http11 import Response

    from server.gateway.connection import RelayConnection
    from server.recording.live_streams import LiveStreams
    from server.recording.replays import GrowingFile, Replays
    from server.rooms.service import RoomService

REPLAYS: Final = "/v1/replays/"
ROOMS: Final = "/v1/rooms/"
LIVE: Final = "/live.mp4"
PIECE_BYTES: Final = 128 * 1024
COVER_BYTES_MAX: Final = 1024 * 1024


class ReplayPages:
    """Event loop's thread only; files are read in threads."""

    def __init__(self, replays: Replays, streams: LiveStreams, rooms: RoomService) -> None:
        self._replays = replays
        self._streams = streams
        self._rooms = rooms

    def watchers(self) -> int:
        return self._streams.watchers()

    def left_out(self) -> int:
        return self._replays.left_out()

    async def respond(self, connection: RelayConnection, path: str) -> Response | None:
        """None where there is no such page. Raises WireError where the database does not say
        whether it may be read."""
        request = connection.request
        if request is not None and request.method != "GET" and path.startswith((REPLAYS, ROOMS)):
            return _only_get(connection)
        if path.startswith(ROOMS) and path.endswith(LIVE):
            return await self._respond_live(connection, path.removeprefix(ROOMS).removesuffix(LIVE))
        name, _, kind = path.removeprefix(REPLAYS).rpartition(".")
        if not path.startswith(REPLAYS) or not is_replay_id(name):
            return None
        return await self._respond_replay(connection, name, kind)

    async def _respond_replay(
        self, connection: RelayConnection, name: str, kind: str
    ) -> Response | None:
        ticket = _bearer(connection)
        if kind == "mp4":
            file = await self._replays.find_file(ticket, name)
            if file is None:
                return _no_ticket(connection)
            return await _respond_file(connection, file, partial(self._may_go_on, ticket, name))
        if kind == "jpg":
            cover = await self._replays.find_cover(ticket, name)
            return await _respond_cover(connection, cover) if cover else _no_ticket(connection)
        return None

    async def _may_go_on(self, ticket: str, name: str) -> bool:
        """A database that says nothing for a moment cuts nobody."""
        try:
            return await self._replays.is_good(ticket, name)
        except WireError:
            return True

    async def _respond_live(self, connection: RelayConnection, room_id: str) -> Response | None:
        try:
            await self._rooms.media.authorize_subscribe(RoomId(room_id), ticket="")
            body = self._streams.watch(RoomId(room_id))
        except WireError as error:
            status = http.HTTPStatus.NOT_FOUND
            return connection.respond(status, f"{error.message}\n")
        return connection.hand_over(
            _head(http.HTTPStatus.OK, {"Content-Type": "video/mp4", "Cache-Control": "no-store"}),
            body,
        )


async def _respond_file(
    connection: RelayConnection, file: GrowingFile, may_go_on: Callable[[], Awaitable[bool]]
) -> Response | None:
    try:
        there = (await asyncio.to_thread(file.path.stat)).st_size
    except OSError:
        return None
    size = there if file.size is None else min(file.size, there)
    headers = {
        "Content-Type": "video/mp4",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    request = connection.request
    try:
        span = find_span(request.headers.get("Range") if request else None, size)
    except NotSatisfiable:
        response = connection.respond(
            http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "there is nothing\n"
        )
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    status = http.HTTPStatus.OK if span is None else http.HTTPStatus.PARTIAL_CONTENT
    if span is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.end}/{size}"
    start, length = (span.start, span.length) if span is not None else (0, size)
    headers["Content-Length"] = str(length)
    return connection.hand_over(_head(status, headers), _read(file, start, length), may_go_on)


async def _read(file: GrowingFile, start: int, length: int) -> AsyncGenerator[bytes, None]:
    opened = await asyncio.to_thread(file.path.open, "rb")
    try:
        await asyncio.to_thread(opened.seek, start)
        while length > 0:
            piece = await asyncio.to_thread(opened.read, min(PIECE_BYTES, length))
            if not piece:
                # Shorter than was promised: the reader must not take it for the end.
                raise OSError(0, "the file has become shorter")
            yield _lay_over(piece, start, file.region, file.region_at)
            start, length = start + len(piece), length - len(piece)
    finally:
        opened.close()


def _lay_over(piece: bytes, start: int, region: bytes, region_at: int) -> bytes:
    """The piece that begins at `start`, with what belongs to its place."""
    first, last = max(start, region_at), min(start + len(piece), region_at + len(region))
    if first >= last:
        return piece
    inside = region[first - region_at : last - region_at]
    return piece[: first - start] + inside + piece[last - start :]


async def _respond_cover(connection: RelayConnection, cover: Path) -> Response | None:
    try:
        jpeg = await asyncio.to_thread(_read_small, cover)
    except OSError:
        return None
    return respond_jpeg(connection, jpeg, "private, max-age=300")


def _read_small(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(COVER_BYTES_MAX)


def _bearer(connection: RelayConnection) -> str:
    request = connection.request
    words = request.headers.get_all("Authorization") if request is not None else []
    kind, _, ticket = words[0].partition(" ") if len(words) == 1 else ("", "", "")
    return ticket.strip() if kind.lower() == "bearer" else ""


def _no_ticket(connection: RelayConnection) -> Response:
    response = connection.respond(http.HTTPStatus.UNAUTHORIZED, "a ticket is needed\n")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _only_get(connection: RelayConnection) -> Response:
    """Without a body: whoever asks by HEAD takes none."""
    response = connection.respond(http.HTTPStatus.METHOD_NOT_ALLOWED, "")
    response.headers["Allow"] = "GET"
    return response


def _head(status: http.HTTPStatus, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", "Server: livehouse"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()
