"""Lucky draws: at most one open in a room; an entry is on disk when it is acknowledged.

The seed is made and stored at the opening, before anybody can enter, and its hash is published
then. Nothing that happens later can change it, a restart of the relay included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from server.draws import queries
from server.draws.rules import check_prize
from server.draws.tables import Draw
from server.ids import RandomBytes, make_id
from server.rounds import Round, Rounds
from wire import draws, limits
from wire.errors import ErrorCode, WireError
from wire.event_base import UserInfo
from wire.ids import DrawId, RoomId, UserId
from wire.round_events import DrawClosed, DrawEntered, DrawEntries, DrawInfo, DrawOpened

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import Event
    from wire.round_commands import OpenDraw

RESULT_S: Final = 300.0
"""So long those who join still see what came of the last draw."""


class Users(Protocol):
    """What draws ask of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


@dataclass(kw_only=True)
class _Open(Round):
    prize: str
    winners_max: int
    seed: bytes
    entries: int = 0
    entries_told: int = 0

    def describe(self, now_mono_s: float, *, has_entered: bool = False) -> DrawInfo:
        return DrawInfo(
            draw_id=DrawId(self.round_id),
            prize=self.prize,
            winners_max=self.winners_max,
            commitment=draws.commit(self.seed),
            entries=self.entries,
            ends_in_ms=self.left_ms(now_mono_s),
            has_entered=has_entered,
        )


class DrawService:
    """Event loop's thread only. The caller checks who may; `tick` is called twice a second."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._users = users
        self._post = post
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._rounds = Rounds[_Open]("draw", clocks)
        self._closed: dict[RoomId, tuple[DrawClosed, float]] = {}
        """The last result of each room, and until when it is told."""
        self._numbering = asyncio.Lock()
        """One entry after the other: each has the number after the last."""

    async def restore(self) -> None:
        """At the start: go on with the draws that are open."""
        for row in await self._store.read(queries.load_open):
            ends, closes = self._rounds.times_of(row.ends_at_unix_ms)
            opened = _Open(
                round_id=row.id,
                opener=UserId(row.user_id),
                prize=row.prize,
                winners_max=row.winners_max,
                seed=bytes.fromhex(row.seed),
                ends_at_mono_s=ends,
                closes_at_mono_s=closes,
                entries=row.entries,
                entries_told=row.entries,
            )
            self._rounds.put(RoomId(row.room_id), opened)

    async def open(self, user_id: UserId, command: OpenDraw) -> DrawInfo:
        """Raises WireError."""
        prize, room_id = check_prize(command.prize), command.room_id
        now_ms = self._clocks.unix_ms()
        draw_id, seed = DrawId(make_id(self._random_bytes)), self._random_bytes(draws.SEED_BYTES)
        ends_at_unix_ms = now_ms + command.seconds * 1000

        def work(session: Session) -> None:
            session.add(
                Draw(
                    id=draw_id,
                    room_id=room_id,
                    user_id=user_id,
                    prize=prize,
                    winners_max=command.winners,
                    seed=seed.hex(),
                    opened_at_unix_ms=now_ms,
                    ends_at_unix_ms=ends_at_unix_ms,
                )
            )

        with self._rounds.opening(room_id):
            await self._store.write(work)
        now = self._clocks.mono_s()
        ends = now + command.seconds
        opened = _Open(
            round_id=draw_id,
            opener=user_id,
            prize=prize,
            winners_max=command.winners,
            seed=seed,
            ends_at_mono_s=ends,
            closes_at_mono_s=ends,
        )
        self._rounds.put(room_id, opened)
        draw = opened.describe(now)
        self._post(room_id, DrawOpened(room_id=room_id, draw=draw))
        return draw

    async def enter(self, user_id: UserId, room_id: RoomId, draw_id: DrawId) -> None:
        """Twice is no error. Raises WireError."""
        found = self._rounds.access(room_id, draw_id)
        if user_id == found.opener:
            raise WireError(ErrorCode.FORBIDDEN, "whoever opened a draw does not enter it")
        async with self._numbering:
            self._rounds.check_running(found)
            found.entries = await self._store.write(
                lambda session: queries.enter(session, draw_id, user_id)
            )

    async def close(self, room_id: RoomId, draw_id: DrawId) -> None:
        """Draw before its time. Raises WireError."""
        found = self._rounds.access(room_id, draw_id)
        self._rounds.end(found)
        await self._close(room_id, found)

    async def list_entries(self, room_id: RoomId, draw_id: DrawId, after: int) -> DrawEntries:
        """Of a draw that is closed, so that everybody can check it. Raises WireError."""

        def work(session: Session) -> DrawEntries:
            draw = queries.access_closed(session, draw_id, room_id)
            limit = limits.DRAW_ENTRIES_PAGE_MAX
            entries = queries.list_entries(session, draw_id, after=after, limit=limit)
            return DrawEntries(seed=draw.seed, winners_max=draw.winners_max, entries=tuple(entries))

        return await self._store.read(work)

    def find(self, room_id: RoomId, *, has_entered: bool) -> DrawInfo | None:
        """What is open in the room; `has_entered` from the function of that name."""
        found = self._rounds.find(room_id)
        if found is None:
            return None
        return found.describe(self._clocks.mono_s(), has_entered=has_entered)

    def find_result(self, room_id: RoomId) -> DrawClosed | None:
        """Of the last draw, where it closed a short time ago and none is open since."""
        result, until_mono_s = self._closed.get(room_id, (None, 0.0))
        is_told = self._clocks.mono_s() < until_mono_s and self._rounds.find(room_id) is None
        return result if is_told else None

    async def has_entered(self, user_id: UserId | None, room_id: RoomId) -> bool:
        found = self._rounds.find(room_id)
        if found is None or user_id is None:
            return False
        draw_id = found.round_id
        return await self._store.read(
            lambda session: queries.has_entered(session, draw_id, user_id)
        )

    async def tick(self) -> None:
        """Tell how many entered, and draw what is over."""
        now = self._clocks.mono_s()
        for room_id in [room for room, (_, until) in self._closed.items() if until <= now]:
            del self._closed[room_id]
        await self._rounds.tick(self._tell, self._close)

    def forget(self, user_id: UserId, room_ids: Collection[RoomId]) -> None:
        """Draws of an erased user and of rooms that are gone are over: nobody wins."""
        self._closed.clear()  # winners' names, which were to be told for a moment more
        for room_id, found in self._rounds.take_of(user_id, room_ids):
            self._post(room_id, _call_off(room_id, found))

    def _tell(self, room_id: RoomId, found: _Open) -> None:
        if found.entries != found.entries_told:
            found.entries_told = found.entries
            draw_id = DrawId(found.round_id)
            self._post(
                room_id, DrawEntered(room_id=room_id, draw_id=draw_id, entries=found.entries)
            )

    async def _close(self, room_id: RoomId, found: _Open) -> None:
        now_ms = self._clocks.unix_ms()
        async with self._numbering:
            entries = await self._store.write(
                lambda session: queries.close(session, found.round_id, now_ms)
            )
        if not self._rounds.take(room_id, found) or entries is None:
            return
        winners = draws.choose_winners(found.seed, entries, found.winners_max)
        try:
            known = await self._users.find_users(winners)
        except WireError:  # the winners are sure; only their names are not at hand
            known = {}
        unknown = [UserInfo(user_id=user_id, name="") for user_id in winners]
        result = DrawClosed(
            room_id=room_id,
            draw_id=DrawId(found.round_id),
            prize=found.prize,
            commitment=draws.commit(found.seed),
            seed=found.seed.hex(),
            entries=len(entries),
            entries_sha256=draws.hash_entries(entries),
            winners_max=found.winners_max,
            winners=tuple(known.get(user.user_id, user) for user in unknown),
        )
        self._closed[room_id] = (result, self._clocks.mono_s() + RESULT_S)
        self._post(room_id, result)


def _call_off(room_id: RoomId, found: _Open) -> DrawClosed:
    """Closed without entries: its list can no longer be shown."""
    return DrawClosed(
        room_id=room_id,
        draw_id=DrawId(found.round_id),
        prize=found.prize,
        commitment=draws.commit(found.seed),
        seed=found.seed.hex(),
        entries=0,
        entries_sha256=draws.hash_entries([]),
        winners_max=found.winners_max,
        winners=(),
    )
