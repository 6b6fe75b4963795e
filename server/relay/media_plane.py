"""All rooms of the media plane, their clockwork and their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.relay.context import MediaCounters, RoomContext
from server.relay.load import LoadMeter
from server.relay.room import LiveRoom
from wire import event_base, room_events
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.relay.live_broadcast import LiveBroadcast
    from server.settings import CoalesceMode, Limits
    from wire.ids import RoomId


@dataclass(frozen=True)
class EndedBroadcast:
    """What the books need of a broadcast that is over."""

    room_id: RoomId
    broadcast: LiveBroadcast
    reason: event_base.EndReason


class MediaPlane:
    """Owned by the composition root, used from the event loop's thread only."""

    def __init__(
        self,
        limits: Limits,
        *,
        coalesce: CoalesceMode,
        mono_s: Callable[[], float],
        announce: Callable[[RoomId, event_base.Event], None],
        on_ended: Callable[[EndedBroadcast], Awaitable[None]],
    ) -> None:
        self.mono_s = mono_s
        self.announce = announce
        self.limits = limits
        self.away_s_max = limits.broadcast_away_s_max
        """How long a publisher that was cut off is waited for where its room says nothing else;
        may be changed."""
        self.load = LoadMeter(coalesce)
        self.counters = MediaCounters()
        self.rooms: dict[RoomId, LiveRoom] = {}
        self._on_ended = on_ended
        self._context = RoomContext(limits, self.load, mono_s, announce, self.counters)
        self.taps = self._context.taps
        """Add to it what must hear of every packet: it neither waits nor raises."""

    def room(self, room_id: RoomId) -> LiveRoom:
        """The room's live side, made when there is none."""
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = LiveRoom(self._context, room_id)
        return room

    def subscribers(self) -> int:
        return sum(len(room.viewings) for room in self.rooms.values())

    # --- what the control plane asks (LiveView) -------------------------------------------------

    def broadcast(self, room_id: RoomId) -> event_base.BroadcastInfo | None:
        room = self.rooms.get(room_id)
        return room.broadcast.info() if room and room.broadcast else None

    def viewers(self, room_id: RoomId) -> int:
        room = self.rooms.get(room_id)
        return len(room.viewings) if room else 0

    def media_time_us(self, room_id: RoomId) -> int | None:
        room = self.rooms.get(room_id)
        return room.broadcast.last_pts_us if room and room.broadcast else None

    async def end_broadcast(self, room_id: RoomId, reason: event_base.EndReason) -> bool:
        """End what is live in a room and put it in the books. False when nothing was."""
        room = self.rooms.get(room_id)
        ended = room.end(reason) if room else None
        if ended is None:
            return False
        await self._on_ended(EndedBroadcast(room_id, ended, reason))
        return True

    def set_away_s(self, room_id: RoomId, away_s: int) -> None:
        """Of what is live there, also while its host is away already."""
        room = self.rooms.get(room_id)
        if room is not None:
            room.away_s = away_s

    def cut_guests(self, room_id: RoomId) -> None:
        """The room is not public any more: those who came without a ticket go."""
        room = self.rooms.get(room_id)
        if room is None:
            return
        for viewing in tuple(room.viewings.values()):
            if viewing.is_guest:
                viewing.end(WireError(ErrorCode.FORBIDDEN, "this room is no longer public"))

    def cut_all(self, room_id: RoomId) -> None:
        """The room is gone, and all who watch it go."""
        room = self.rooms.get(room_id)
        for viewing in tuple(room.viewings.values()) if room is not None else ():
            viewing.end(WireError(ErrorCode.ROOM_CLOSED, "this room is closed"))

    # --- clockwork ----------------------------------------------------------------------------

    def tick(self) -> None:
        """Once a second: stuck subscribers, viewer counts, empty rooms. Waits for nothing."""
        now_s = self.mono_s()
        for room_id, room in tuple(self.rooms.items()):
            room.tick(now_s)
            viewers = len(room.viewings)
            if viewers != room.viewers_told:
                room.viewers_told = viewers
                self.announce(room_id, room_events.ViewersChanged(room_id=room_id, viewers=viewers))
            if room.broadcast is None and not room.viewings:
                room.fanout.close()
                del self.rooms[room_id]

    async def end_overdue(self) -> None:
        """Once a second, apart from `tick`, since the books may be slow: hosts that stayed away."""
        for room_id, room in tuple(self.rooms.items()):
            away_s = room.broadcast.away_for_s(self.mono_s()) if room.broadcast else 0.0
            if away_s > (room.away_s or self.away_s_max):
                await self.end_broadcast(room_id, "away_too_long")
