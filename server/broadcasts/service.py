"""Broadcasts: a row from going live to the end, through cuts and restarts of the relay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from server.broadcasts.tables import Broadcast
from server.ids import RandomBytes, make_id
from wire.ids import BroadcastId, RoomId, UserId

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import EndReason


@dataclass(frozen=True)
class BroadcastStart:
    """A broadcast that is on the air now, new or gone on with."""

    broadcast_id: BroadcastId
    started_at_unix_us: int
    resumed: bool
    last_pts_us: int


class BroadcastService:
    """Event loop's thread only.

    `viewers_peak` and `bytes_received` of the calls are those since this process first began the
    broadcast; what an earlier process counted is added here.
    """

    def __init__(
        self, store: Store, *, clocks: Clocks, random_bytes: RandomBytes, away_s_max: float
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._away_us_max = int(away_s_max * 1_000_000)
        self._open: dict[RoomId, BroadcastId] = {}
        self._bytes_before: dict[BroadcastId, int] = {}
        """Of open broadcasts: bytes that an earlier process received."""

    def open_room_ids(self) -> Collection[RoomId]:
        """Rooms whose broadcast this process began and has not ended."""
        return self._open.keys()

    async def begin(
        self, room_id: RoomId, *, user_id: UserId, resume: BroadcastId | None, away_s: int = 0
    ) -> BroadcastStart:
        """Go on with the room's open broadcast, or end a stale one and make a new row.

        It goes on when `resume` names it, or when it was last seen at most `away_s` ago; 0 is as
        the house says.
        """
        away_us_max = away_s * 1_000_000 or self._away_us_max
        now_us = self._clocks.unix_us()
        new_id = BroadcastId(make_id(self._random_bytes))

        def work(session: Session) -> tuple[Broadcast, bool]:
            still_open = session.exec(
                select(Broadcast)
                .where(Broadcast.room_id == room_id, col(Broadcast.ended_at_unix_us).is_(None))
                .order_by(col(Broadcast.started_at_unix_us).desc(), col(Broadcast.id))
            ).all()
            named = [row for row in still_open if row.id == resume]
            fresh = [row for row in still_open if now_us - row.last_seen_at_unix_us <= away_us_max]
            found = next(iter(named + fresh), None)
            for row in still_open:
                if row is not found:
                    _end(row, "away_too_long")
            if found is not None:
                found.last_seen_at_unix_us = now_us
                return found, True
            new = Broadcast(
                id=new_id,
                room_id=room_id,
                user_id=user_id,
                started_at_unix_us=now_us,
                last_seen_at_unix_us=now_us,
            )
            session.add(new)
            return new, False

        row, resumed = await self._store.write(work)
        broadcast_id = BroadcastId(row.id)
        previous = self._open.get(room_id)
        if previous is not None and previous != broadcast_id:
            self._bytes_before.pop(previous, None)
        self._open[room_id] = broadcast_id
        self._bytes_before.setdefault(broadcast_id, row.bytes_received)
        return BroadcastStart(broadcast_id, row.started_at_unix_us, resumed, row.last_pts_us)

    async def checkpoint(
        self,
        broadcast_id: BroadcastId,
        *,
        viewers_peak: int,
        bytes_received: int,
        last_pts_us: int,
    ) -> None:
        """How far the broadcast is, so that it can be resumed after the relay was killed."""
        await self._write_progress(
            broadcast_id, viewers_peak, bytes_received, last_pts_us, reason=None
        )

    async def end(
        self,
        broadcast_id: BroadcastId,
        *,
        reason: EndReason,
        viewers_peak: int,
        bytes_received: int,
        last_pts_us: int,
    ) -> None:
        """Ending twice keeps the first end."""
        try:
            await self._write_progress(
                broadcast_id, viewers_peak, bytes_received, last_pts_us, reason=reason
            )
        finally:
            # Also when the disk is full: nothing is live any more, and the row ends when stale.
            self._bytes_before.pop(broadcast_id, None)
            for room_id, open_id in list(self._open.items()):
                if open_id == broadcast_id:
                    del self._open[room_id]

    async def end_abandoned(self, away_s: float) -> int:
        """At the start: end what has not been seen for longer. Returns how many."""
        limit_us = self._clocks.unix_us() - int(away_s * 1_000_000)

        def work(session: Session) -> int:
            rows = session.exec(
                select(Broadcast).where(
                    col(Broadcast.ended_at_unix_us).is_(None),
                    col(Broadcast.last_seen_at_unix_us) < limit_us,
                )
            ).all()
            for row in rows:
                _end(row, "away_too_long")
            return len(rows)

        return await self._store.write(work)

    async def read_likes(self, broadcast_id: BroadcastId) -> int:
        """As last stored; 0 of a broadcast that is not there."""

        def work(session: Session) -> int:
            row = session.get(Broadcast, broadcast_id)
            return row.likes if row is not None else 0

        return await self._store.read(work)

    async def write_likes(self, totals: Mapping[BroadcastId, int]) -> None:
        """Likes only grow; a broadcast that is not there is passed over."""

        def work(session: Session) -> None:
            for broadcast_id, likes in sorted(totals.items()):
                row = session.get(Broadcast, broadcast_id)
                if row is not None:
                    row.likes = max(row.likes, likes)

        await self._store.write(work)

    async def _write_progress(
        self,
        broadcast_id: BroadcastId,
        viewers_peak: int,
        bytes_received: int,
        last_pts_us: int,
        *,
        reason: EndReason | None,
    ) -> None:
        now_us = self._clocks.unix_us()
        bytes_in_all = self._bytes_before.get(broadcast_id, 0) + bytes_received

        def work(session: Session) -> None:
            row = session.get(Broadcast, broadcast_id)
            if row is None or row.ended_at_unix_us is not None:
                return
            row.last_seen_at_unix_us = now_us
            row.viewers_peak = max(row.viewers_peak, viewers_peak)
            row.bytes_received = max(row.bytes_received, bytes_in_all)
            row.last_pts_us = max(row.last_pts_us, last_pts_us)
            if reason is not None:
                row.ended_at_unix_us = now_us
                row.end_reason = reason

        await self._store.write(work)


def _end(row: Broadcast, reason: EndReason) -> None:
    """End a broadcast that nobody came back to: it was over when it was last seen."""
    row.ended_at_unix_us = row.last_seen_at_unix_us
    row.end_reason = reason
