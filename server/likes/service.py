"""Likes: counted in memory, told at most four times a second, stored now and then.

A crash loses the likes of the last seconds; whoever stops the relay loses none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from server.background import BackgroundTasks
from server.likes.rules import SAY_INTERVAL_S, LikeCount, TapWindows
from wire.chat_events import LikesCounted
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.clocks import Clocks
    from wire.event_base import BroadcastInfo, Event
    from wire.ids import BroadcastId, RoomId, UserId

STORE_INTERVAL_S: Final = 5.0

_log = structlog.get_logger(__name__)


class Live(Protocol):
    """What likes ask of the media plane."""

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None: ...


class Totals(Protocol):
    """What likes ask of broadcasts."""

    async def read_likes(self, broadcast_id: BroadcastId) -> int: ...

    async def write_likes(self, totals: Mapping[BroadcastId, int]) -> None: ...


class LikeService:
    """Event loop's thread only. `close` stores what is left."""

    def __init__(
        self,
        *,
        live: Live,
        totals: Totals,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
        say_interval_s: float = SAY_INTERVAL_S,
        store_interval_s: float = STORE_INTERVAL_S,
    ) -> None:
        self._live = live
        self._totals = totals
        self._post = post
        self._clocks = clocks
        self._say_interval_s = say_interval_s
        self._store_interval_s = store_interval_s
        self._windows = TapWindows()
        self._counts: dict[BroadcastId, LikeCount] = {}
        self._current: dict[RoomId, BroadcastId] = {}
        """The broadcast of each room whose count is in `_counts`."""
        self._unstored: set[BroadcastId] = set()
        self._speakers: dict[RoomId, asyncio.Task[None]] = {}
        self._writer: asyncio.Task[None] | None = None
        self._tasks = BackgroundTasks()

    async def load(self, room_id: RoomId) -> None:
        """Read what is live in the room, so that `total` can answer at once."""
        broadcast = self._live.broadcast(room_id)
        if broadcast is not None:
            await self._access(room_id, broadcast.broadcast_id)

    def total(self, room_id: RoomId) -> int:
        """Likes of what is live, after `load`; 0 where nothing is."""
        broadcast = self._live.broadcast(room_id)
        count = self._counts.get(broadcast.broadcast_id) if broadcast is not None else None
        return count.total if count is not None else 0

    async def send(self, user_id: UserId, room_id: RoomId, taps: int) -> int:
        """Count taps and return how many counted. Raises WireError(NOT_LIVE)."""
        broadcast = self._live.broadcast(room_id)
        if broadcast is None:
            raise WireError(ErrorCode.NOT_LIVE, "nothing is live in this room")
        count = await self._access(room_id, broadcast.broadcast_id)
        now = self._clocks.mono_s()
        taken = self._windows.count(user_id, taps, now)
        if taken:
            count.add(taken, now)
            self._unstored.add(broadcast.broadcast_id)
            if room_id not in self._speakers:
                self._speakers[room_id] = self._tasks.start(self._speak(room_id), name="likes")
            if self._writer is None:
                self._writer = self._tasks.start(self._write_now_and_then(), name="store likes")
        return taken

    async def close(self) -> None:
        """Store what was counted. Call it when no more likes come."""
        await self._tasks.close()
        await self._write()

    async def _access(self, room_id: RoomId, broadcast_id: BroadcastId) -> LikeCount:
        known = self._counts.get(broadcast_id)
        if known is not None:
            return known
        total = await self._totals.read_likes(broadcast_id)
        # Another caller may have been quicker.
        count = self._counts.setdefault(broadcast_id, LikeCount(total))
        self._current[room_id] = broadcast_id
        self._forget_ended()
        return count

    def _forget_ended(self) -> None:
        """Keep what is live, and what is not on disk yet."""
        for room_id, broadcast_id in tuple(self._current.items()):
            live = self._live.broadcast(room_id)
            if live is None or live.broadcast_id != broadcast_id:
                del self._current[room_id]
        kept = self._unstored.union(self._current.values())
        for broadcast_id in self._counts.keys() - kept:
            del self._counts[broadcast_id]

    async def _speak(self, room_id: RoomId) -> None:
        """Until the taps have died away or the broadcast is over."""
        try:
            while True:
                broadcast = self._live.broadcast(room_id)
                count = self._counts.get(broadcast.broadcast_id) if broadcast else None
                if count is None:
                    return
                now = self._clocks.mono_s()
                news = count.take_news(now)
                if news is not None:
                    total, rate = news
                    self._post(room_id, LikesCounted(room_id=room_id, total=total, rate_per_s=rate))
                elif count.is_settled(now):
                    return
                await asyncio.sleep(self._say_interval_s)
        finally:
            self._speakers.pop(room_id, None)

    async def _write_now_and_then(self) -> None:
        try:
            while self._unstored:
                await asyncio.sleep(self._store_interval_s)
                await self._write()
        finally:
            self._writer = None

    async def _write(self) -> None:
        """What could not be stored is tried again with the next batch."""
        totals = {one: self._counts[one].total for one in self._unstored if one in self._counts}
        self._unstored.clear()
        if not totals:
            return
        is_stored = False
        try:
            await self._totals.write_likes(totals)
            is_stored = True
        except WireError as error:
            _log.warning("likes were not stored", code=error.code)
        finally:
            if not is_stored:  # also when `close` cancels this
                self._unstored.update(totals)
