"""One publisher as the media plane sees it: the sockets over which it sends, joined into one.

While it has only ever had one path, packets pass as they come. From the second path on they are
joined by sequence, and one batch goes through at a time, or a packet could overtake another where
the room's forwarding waits.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from server.background import BackgroundTasks
from server.gateway.first_message import refuse
from server.gateway.framing import frame_binary
from server.rates import Rate, TokenBuckets
from server.relay.joiner import PathJoiner
from server.relay.live_broadcast import KIND_OF
from wire import events, media_events
from wire.errors import ErrorCode, PacketError, WireError
from wire.limits import PATHS_FEEDBACK_INTERVAL_MS, PUBLISH_FEEDBACK_INTERVAL_MS
from wire.media_packet import parse_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.gateway.connection import RelayConnection
    from server.relay.room import LiveRoom
    from server.rooms.grants import PublishGrant
    from wire.media_commands import UpdateTracks
    from wire.media_packet import Header

TOKEN_BYTES: Final = 32
DONE: Final = 1000
STOOD_STILL_S: Final = 0.05
READ_FIRST_S: Final = 0.1
TRACK_CHANGES: Final = Rate(burst=30, per_s=2)
"""Of one publisher; beyond it nothing more is read of the socket for a while."""


class PublishPath:
    """One socket of a publisher, and what came over it."""

    def __init__(self, connection: RelayConnection, number: int) -> None:
        self.connection = connection
        self.number = number
        self.packets = 0
        self.bytes = 0
        self.last_pts_us: int | None = None
        """The largest that came over it; None: nothing did."""

    def count(self, header: Header, size: int) -> None:
        self.packets += 1
        self.bytes += size
        self.last_pts_us = max(header.pts_us, self.last_pts_us or 0)


class SocketPublisher:
    """Implements the room's `Publisher`. Event loop's thread only."""

    def __init__(self, room: LiveRoom, grant: PublishGrant, *, mono_s: Callable[[], float]) -> None:
        self.room = room
        self.grant = grant
        self.join_token = secrets.token_urlsafe(TOKEN_BYTES)
        self.is_dismissed = False
        self.tasks = BackgroundTasks()
        """What goes on beside it, however many sockets it has."""
        self._mono_s = mono_s
        self._paths: dict[int, PublishPath] = {}
        self._joiner: PathJoiner[bytes] = PathJoiner()
        self._is_joined = False
        self._one_at_a_time = asyncio.Lock()
        self._releasing: asyncio.Task[None] | None = None
        self._revision = 0
        self._changes: TokenBuckets[None] = TokenBuckets(TRACK_CHANGES, keys_max=1)

    @property
    def is_gone(self) -> bool:
        return self.is_dismissed or not self._paths

    @property
    def feedback_s(self) -> float:
        """Between two `PublishFeedback` on each path."""
        has_two = len(self._paths) > 1
        return (PATHS_FEEDBACK_INTERVAL_MS if has_two else PUBLISH_FEEDBACK_INTERVAL_MS) / 1000

    def open_path(self, connection: RelayConnection, number: int) -> PublishPath:
        """A socket joins; the one that had its number goes."""
        before = self._paths.pop(number, None)
        path = self._paths[number] = PublishPath(connection, number)
        self._is_joined = self._is_joined or number != 0 or before is not None
        if before is not None:
            words = "another socket took over this path"
            refuse(before.connection, WireError(ErrorCode.REPLACED, words))
        return path

    def close_path(self, path: PublishPath) -> bool:
        """A socket is gone. True when it was the last."""
        if self._paths.get(path.number) is path:
            del self._paths[path.number]
        if self._paths:
            return False
        self.tasks.cancel()
        if self._releasing is not None:
            self._releasing.cancel()
        return True

    # --- what the room asks (Publisher) ---------------------------------------------------------

    def request_keyframe(self, layer: int) -> None:
        for path in tuple(self._paths.values()):
            path.connection.send_text(events.pack(media_events.KeyframeRequested(layer=layer)))

    def dismiss(self, error: WireError) -> None:
        if self.is_dismissed:
            return
        self.is_dismissed = True
        for path in tuple(self._paths.values()):
            refuse(path.connection, error)

    # --- what its sockets say -------------------------------------------------------------------

    def finish(self, path: PublishPath) -> None:
        """It ended the broadcast itself, over this path: the others are done as well."""
        self.is_dismissed = True
        for other in tuple(self._paths.values()):
            if other is not path:
                other.connection.close_now(DONE, "the broadcast is over")

    async def update_tracks(self, command: UpdateTracks) -> None:
        """Waits where they change without end: each change is told to all who watch."""
        if command.revision and command.revision <= self._revision:
            return
        self._revision = max(self._revision, command.revision)
        if wait_s := self._changes.take(None, self._mono_s()):
            await asyncio.sleep(wait_s)
            self._changes.take(None, self._mono_s())
        if command.revision and command.revision < self._revision:
            return  # a newer one came over the other path meanwhile
        self._joiner.keep_only({(KIND_OF[track.kind], track.layer) for track in command.tracks})
        self.room.update_tracks(self, command.tracks)

    async def ingest(self, path: PublishPath, message: bytes) -> None:
        """Raises PacketError for what this path should not have sent."""
        header = parse_header(message)
        path.count(header, len(message))
        if not self._is_joined:
            self._joiner.note(header)
            await self.room.ingest(self, message, frame_binary(message))
            return
        async with self._one_at_a_time:
            await self._forward(self._joiner.take(header, message, len(message), self._mono_s()))
        if self._joiner.due_s is not None and (self._releasing is None or self._releasing.done()):
            self._releasing = asyncio.get_running_loop().create_task(self._release_in_time())

    async def _release_in_time(self) -> None:
        while (due_s := self._joiner.due_s) is not None:
            await asyncio.sleep(max(0.0, due_s - self._mono_s()))
            if self._mono_s() - due_s > STOOD_STILL_S:
                # This process stood still. What came by the other path meanwhile is read first.
                await asyncio.sleep(READ_FIRST_S)
            async with self._one_at_a_time:
                await self._forward(self._joiner.release(self._mono_s()))

    async def _forward(self, messages: list[bytes]) -> None:
        for message in messages:
            # Perhaps of a layer that the other path has called off meanwhile.
            with suppress(PacketError):
                await self.room.ingest(self, message, frame_binary(message))
        for layer in self._joiner.take_broken_layers():
            self.room.ask_for_keyframe(layer)
