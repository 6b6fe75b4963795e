"""What is live in a public room as one endless MP4, for players that know no relay.

The fragments of a room are made once, and only while somebody takes them. A player that does not
keep up is let go: it may come again.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from server.recording.fragmenter import Fragmenter
from server.recording.recorder import best_layer, fits, shape_of
from wire import event_base, room_events
from wire.errors import ErrorCode, WireError
from wire.media_packet import HEADER_BYTES, Kind

if TYPE_CHECKING:
    from server.recording.fragmenter import Fragment, Shape
    from server.relay.media_plane import MediaPlane
    from server.relay.packet import RelayedPacket
    from wire.ids import RoomId
    from wire.tracks import TrackInfo

_log = structlog.get_logger(__name__)

WATCHERS_MAX: Final = 200
"""Of all rooms together."""
WAITING_MAX: Final = 16
"""Fragments that wait for one player: eight seconds; beyond them it is let go."""


@dataclass(eq=False)
class _Watcher:
    waiting: asyncio.Queue[bytes | None]
    has_begun: bool = False


@dataclass(eq=False)
class _Stream:
    shape: Shape
    layer: int
    fragmenter: Fragmenter
    watchers: set[_Watcher] = field(default_factory=set)


class LiveStreams:
    """Event loop's thread only."""

    def __init__(self, plane: MediaPlane) -> None:
        self._plane = plane
        self._streams: dict[RoomId, _Stream] = {}
        plane.taps.append(self.tap)

    def watchers(self) -> int:
        return sum(len(stream.watchers) for stream in self._streams.values())

    def watch(self, room_id: RoomId) -> AsyncGenerator[bytes, None]:
        """From the next keyframe on. Raises WireError: NOT_LIVE, FULL."""
        broadcast = self._plane.broadcast(room_id)
        if broadcast is None:
            raise WireError(ErrorCode.NOT_LIVE, "nothing is live in this room")
        if self.watchers() >= WATCHERS_MAX:
            raise WireError(ErrorCode.FULL, "too many watch this way")
        stream = self._streams.get(room_id)
        if stream is None:
            stream = self._streams[room_id] = _make_stream(broadcast.tracks)
        watcher = _Watcher(asyncio.Queue(WAITING_MAX))
        stream.watchers.add(watcher)
        room = self._plane.rooms.get(room_id)
        if room is not None:
            room.ask_for_keyframe(stream.layer)
        return self._pieces(room_id, stream, watcher)

    def note(self, event: event_base.Event) -> None:
        """Hears of every event that rooms are sent."""
        match event:
            case room_events.BroadcastEnded(room_id=room_id):
                self._end(room_id)
            case room_events.RoomChanged(room=room):
                if room.privacy != "public" or room.closed_reason is not None:
                    self._end(room.room_id)
            case room_events.TracksChanged(room_id=room_id, tracks=tracks):
                self._on_tracks(room_id, tracks)
            case room_events.BroadcastResumed(room_id=room_id, broadcast=broadcast):
                self._on_tracks(room_id, broadcast.tracks)
            case _:
                pass

    def tap(self, room_id: RoomId, packet: RelayedPacket) -> None:
        stream = self._streams.get(room_id)
        header = packet.header
        if stream is None or (header.kind is Kind.VIDEO and header.layer != stream.layer):
            return
        try:
            fragment = stream.fragmenter.push(header, packet.read_message()[HEADER_BYTES:])
        except (ValueError, IndexError, ArithmeticError, struct.error) as error:
            _log.warning("a live stream ended", cause=type(error).__name__, room_id=room_id)
            self._end(room_id)
            return
        if fragment is not None:
            self._give(stream, fragment)

    def _give(self, stream: _Stream, fragment: Fragment) -> None:
        for watcher in tuple(stream.watchers):
            if not watcher.has_begun:
                if not fragment.is_key:
                    continue
                watcher.has_begun = True
                watcher.waiting.put_nowait(stream.fragmenter.head)
            try:
                watcher.waiting.put_nowait(fragment.data)
            except asyncio.QueueFull:
                stream.watchers.discard(watcher)
                _let_go(watcher)

    def _on_tracks(self, room_id: RoomId, tracks: tuple[TrackInfo, ...]) -> None:
        stream = self._streams.get(room_id)
        if stream is None:
            return
        if fits(stream.shape, shape_of(tracks)):
            stream.layer = best_layer(tracks)
        else:
            self._end(room_id)

    def _end(self, room_id: RoomId) -> None:
        stream = self._streams.pop(room_id, None)
        for watcher in stream.watchers if stream is not None else ():
            _let_go(watcher)

    async def _pieces(
        self, room_id: RoomId, stream: _Stream, watcher: _Watcher
    ) -> AsyncGenerator[bytes, None]:
        try:
            while (piece := await watcher.waiting.get()) is not None:
                yield piece
        finally:
            stream.watchers.discard(watcher)
            if not stream.watchers and self._streams.get(room_id) is stream:
                del self._streams[room_id]


def _make_stream(tracks: tuple[TrackInfo, ...]) -> _Stream:
    shape = shape_of(tracks)
    return _Stream(shape, best_layer(tracks), Fragmenter(shape))


def _let_go(watcher: _Watcher) -> None:
    """What waits is thrown away: it ends now."""
    while not watcher.waiting.empty():
        watcher.waiting.get_nowait()
    watcher.waiting.put_nowait(None)
