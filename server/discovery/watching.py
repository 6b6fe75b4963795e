"""Who really watches what: seconds of a live picture through an open media socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire.event_base import BroadcastInfo
    from wire.ids import RoomId, UserId
    from wire.media_commands import Report

FIRST_PIECE_S: Final = 15.0
PIECE_S: Final = 60.0
"""A taste learns of a long watch piece by piece; a crash loses one."""
GAP_S_MAX: Final = 30.0
"""A clock that jumps further than this (sleep) is not time watched."""


class Piece(NamedTuple):
    """So much of one watch; the last one of it `is_end`."""

    user_id: UserId
    room_id: RoomId
    streamer_id: UserId
    broadcast_id: str
    category: str
    seconds: float
    total_s: float
    delay_ms: int
    stalls: int
    is_end: bool


@dataclass(eq=False)
class Watch:
    """One user in one room, through however many sockets."""

    user_id: UserId
    room_id: RoomId
    streamer_id: UserId
    category: str
    last_mono_s: float
    broadcast_id: str = ""
    sockets: int = 1
    told_s: float = 0.0
    new_s: float = 0.0
    delay_ms: int = 0
    stalls: int = 0
    stalls_told: int = 0


class Watching:
    """Event loop's thread only. `tell` is called with each piece."""

    def __init__(
        self,
        *,
        broadcast: Callable[[RoomId], BroadcastInfo | None],
        mono_s: Callable[[], float],
        tell: Callable[[Piece], None],
    ) -> None:
        self._broadcast = broadcast
        self._mono_s = mono_s
        self._tell = tell
        self._watches: dict[tuple[UserId, RoomId], Watch] = {}
        self._of_user: dict[UserId, set[RoomId]] = {}

    def begin(self, user_id: UserId, room_id: RoomId, streamer_id: UserId, category: str) -> Watch:
        known = self._watches.get((user_id, room_id))
        if known is not None:
            known.sockets += 1
            return known
        watch = Watch(user_id, room_id, streamer_id, category, self._mono_s())
        live = self._broadcast(room_id)
        watch.broadcast_id = live.broadcast_id if live is not None else ""
        self._watches[user_id, room_id] = watch
        self._of_user.setdefault(user_id, set()).add(room_id)
        return watch

    @staticmethod
    def report(watch: Watch, report: Report) -> None:
        watch.delay_ms = report.latency_ms
        watch.stalls = max(watch.stalls, report.stalls)

    def end(self, watch: Watch) -> None:
        """One socket of it is gone."""
        watch.sockets -= 1
        if watch.sockets > 0 or self._watches.get((watch.user_id, watch.room_id)) is not watch:
            return
        self._count(watch)
        self._drop(watch)
        self._tell_piece(watch, is_end=True)

    def stop(self, user_id: UserId) -> None:
        """Nothing more is counted of the user; nothing of what was open is told."""
        for room_id in tuple(self._of_user.get(user_id, ())):
            self._drop(self._watches[user_id, room_id])

    def end_all(self) -> None:
        for watch in tuple(self._watches.values()):
            watch.sockets = 1
            self.end(watch)

    def tick(self) -> None:
        """Every few seconds."""
        for watch in tuple(self._watches.values()):
            self._count(watch)
            enough = PIECE_S if watch.told_s else FIRST_PIECE_S
            if watch.new_s >= enough:
                self._tell_piece(watch, is_end=False)

    def rooms_of(self, user_id: UserId) -> frozenset[RoomId]:
        return frozenset(self._of_user.get(user_id, ()))

    def watchers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for user_id, room_id in self._watches:
            found.setdefault(room_id, []).append(user_id)
        return found

    def _count(self, watch: Watch) -> None:
        now = self._mono_s()
        passed = min(max(0.0, now - watch.last_mono_s), GAP_S_MAX)
        watch.last_mono_s = now
        live = self._broadcast(watch.room_id)
        if live is None:
            return
        if live.broadcast_id != watch.broadcast_id:
            if watch.new_s:
                self._tell_piece(watch, is_end=False)
            watch.broadcast_id = live.broadcast_id
        if live.state == "live":
            watch.new_s += passed

    def _tell_piece(self, watch: Watch, *, is_end: bool) -> None:
        seconds, watch.new_s = watch.new_s, 0.0
        watch.told_s += seconds
        stalls, watch.stalls_told = watch.stalls - watch.stalls_told, watch.stalls
        if not watch.broadcast_id:
            return
        self._tell(
            Piece(
                watch.user_id, watch.room_id, watch.streamer_id, watch.broadcast_id,
                watch.category, seconds, watch.told_s, watch.delay_ms, stalls, is_end,
            )
        )  # fmt: skip

    def _drop(self, watch: Watch) -> None:
        self._watches.pop((watch.user_id, watch.room_id), None)
        rooms = self._of_user.get(watch.user_id)
        if rooms is not None:
            rooms.discard(watch.room_id)
            if not rooms:
                del self._of_user[watch.user_id]
