"""Who is in which room, and how events reach them all.

The first event of an idle room leaves at once; those that come within the next 50 ms leave
together as one JSON array. Each message is framed once for all members and written without
waiting, with a pause for other work after each 200 writes: 100,000 deliveries a second took 24 %
of a core this way, and one by one failed at 54,000-70,000.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from server.background import BackgroundTasks
from wire import events

if TYPE_CHECKING:
    from server.gateway.channel import Channel
    from wire.event_base import Event
    from wire.ids import RoomId

BATCH_S: Final = 0.05
WRITES_AT_ONCE: Final = 200
PENDING_MAX: Final = 2_000
"""Events of one room that wait for the loop; beyond it the oldest are dropped and counted."""

_log = structlog.get_logger(__name__)


@dataclass(eq=False)
class _HubRoom:
    members: dict[Channel, bool] = field(default_factory=dict)
    """In the order of their coming; True for a guest."""
    leaders: set[Channel] = field(default_factory=set)
    """The members who lead the chat."""
    pending: deque[Event] = field(default_factory=deque)
    outbox: deque[tuple[bytes, tuple[Channel, ...]]] = field(default_factory=deque)
    """Framed messages and who was a member when they were sealed."""
    writer: asyncio.Task[None] | None = None


class RoomHub:
    """Event loop's thread only."""

    def __init__(
        self,
        frame_text: Callable[[bytes], bytes],
        *,
        batch_s: float = BATCH_S,
        on_post: Callable[[Event], None] = lambda _event: None,
    ) -> None:
        """`on_post` hears of every event, whether somebody is in its room or not."""
        self._frame_text = frame_text
        self._batch_s = batch_s
        self._listeners = [on_post]
        self._rooms: dict[RoomId, _HubRoom] = {}
        self._tasks = BackgroundTasks()
        self.events_dropped = 0
        """Since the start, by the bound on what waits."""

    def listen(self, listener: Callable[[Event], None]) -> None:
        """As `on_post`: for parts that are made later. A listener neither waits nor raises."""
        self._listeners.append(listener)

    def room_ids(self) -> tuple[RoomId, ...]:
        """Rooms where somebody is."""
        return tuple(self._rooms)

    def members(self, room_id: RoomId) -> tuple[Channel, ...]:
        room = self._rooms.get(room_id)
        return tuple(room.members) if room else ()

    def is_member(self, room_id: RoomId, channel: Channel) -> bool:
        room = self._rooms.get(room_id)
        return room is not None and channel in room.members

    def join(
        self, room_id: RoomId, channel: Channel, *, is_guest: bool, is_leader: bool = False
    ) -> None:
        """Events posted from now on reach the channel; those posted before do not."""
        room = self._rooms.setdefault(room_id, _HubRoom())
        self._seal(room)
        room.members[channel] = is_guest
        self.set_leader(room_id, channel, is_leader=is_leader)

    def set_leader(self, room_id: RoomId, channel: Channel, *, is_leader: bool) -> None:
        """Whether a member gets what `post_to_leaders` sends."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        if is_leader and channel in room.members:
            room.leaders.add(channel)
        else:
            room.leaders.discard(channel)

    def leave(self, room_id: RoomId, channel: Channel) -> None:
        """Leaving twice is no error."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        room.members.pop(channel, None)
        room.leaders.discard(channel)
        if not room.members:
            del self._rooms[room_id]

    def remove_guests(self, room_id: RoomId) -> tuple[Channel, ...]:
        """The room is no longer public. Returns who was removed, to be told."""
        room = self._rooms.get(room_id)
        if room is None:
            return ()
        guests = tuple(channel for channel, is_guest in room.members.items() if is_guest)
        for channel in guests:
            self.leave(room_id, channel)
        return guests

    def remove(self, room_id: RoomId, is_wanted: Callable[[Channel], bool]) -> None:
        """Those members get nothing more."""
        for channel in self.members(room_id):
            if is_wanted(channel):
                self.leave(room_id, channel)

    def post(self, room_id: RoomId, event: Event) -> None:
        """Send an event to every member. Never waits."""
        for listener in self._listeners:
            listener(event)
        room = self._rooms.get(room_id)
        if room is None:
            return
        if len(room.pending) >= PENDING_MAX:
            room.pending.popleft()
            self.events_dropped += 1
        room.pending.append(event)
        if room.writer is None:
            room.writer = self._tasks.start(self._drain(room_id, room), name="room events")

    def post_to_leaders(self, room_id: RoomId, event: Event) -> None:
        """Send an event to those who lead the chat: few, so at once."""
        room = self._rooms.get(room_id)
        if room is None or not room.leaders:
            return
        framed = self._frame_text(events.pack(event))
        for channel in tuple(room.leaders):
            self._write(room_id, room, channel, framed)

    async def close(self) -> None:
        await self._tasks.close()

    async def _drain(self, room_id: RoomId, room: _HubRoom) -> None:
        """Until the room is idle again: write what waits, gather for a while, write that."""
        try:
            while True:
                self._seal(room)
                while room.outbox:
                    framed, audience = room.outbox[0]
                    for start in range(0, len(audience), WRITES_AT_ONCE):
                        for channel in audience[start : start + WRITES_AT_ONCE]:
                            if channel in room.members:
                                self._write(room_id, room, channel, framed)
                        await asyncio.sleep(0)
                    room.outbox.popleft()
                await asyncio.sleep(self._batch_s)
                if not room.pending and not room.outbox:
                    return
        finally:
            room.writer = None

    def _seal(self, room: _HubRoom) -> None:
        """Turn what waits into one framed message for those who are members now."""
        if not room.pending:
            return
        if len(room.pending) == 1:
            payload = events.pack(room.pending[0])
        else:
            payload = events.pack_batch(tuple(room.pending))
        room.pending.clear()
        room.outbox.append((self._frame_text(payload), tuple(room.members)))

    def _write(self, room_id: RoomId, room: _HubRoom, channel: Channel, framed: bytes) -> None:
        try:
            channel.write_framed(framed)
        except (OSError, RuntimeError) as error:
            # One dead transport must not keep the event from the others.
            _log.warning("member not reached", error=type(error).__name__)
            room.members.pop(channel, None)
            room.leaders.discard(channel)
            if not room.members:
                self._rooms.pop(room_id, None)
