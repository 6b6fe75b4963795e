"""Sanctions: imposed, listed, lifted; on disk first, then in memory, then carried out.

Nobody acts against the order of roles (`wire/permissions.py`), neither by imposing nor by lifting
nor by putting a weaker sanction in place of one from above.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

from server.audit.service import Doer, NewAct
from server.ids import MessageIds, RandomBytes
from server.sanctions import queries
from server.sanctions.keepers import Keepers, Rooms, Users
from server.sanctions.reading import Reading, place_of
from server.sanctions.rules import check_duration, check_reason, code_of, words_of
from server.sanctions.standings import Standing, Standings
from server.sanctions.tables import Sanction
from wire.errors import ErrorCode, WireError
from wire.ids import MessageId, RoomId, SanctionId, UserId
from wire.order_events import ActDetail, SanctionImposed, SanctionInfo, SanctionLifted, SanctionList
from wire.permissions import RANKS, Action, may_take_back

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.accounts.actor import Actor
    from server.audit.service import AuditService, RecordedAct, Undoing
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import Event, Role, UserInfo
    from wire.order_commands import SanctionKind
    from wire.order_events import DoerRole

CLOCK_JUMP_MS: Final = 2_000
STANDING_ROOM_MAX: Final = 5_000
"""In one room at a time: all that stand are in memory."""
STANDING_HOUSE_MAX: Final = 50_000


class Enforcement(Protocol):
    """Who carries it out at the sockets."""

    def tell(self, user_id: UserId, room_id: RoomId | None, event: Event) -> None:
        """To all sockets of the person concerned, and to the leaders of the room."""

    async def put_out(
        self,
        user_id: UserId,
        room_id: RoomId | None,
        *,
        code: ErrorCode,
        reason: str,
        ends_sessions: bool,
    ) -> None:
        """Cut every socket that the sanction keeps out. The first step does not wait."""


@dataclass(frozen=True, kw_only=True)
class NewSanction:
    user_id: UserId
    room_id: RoomId | None
    """None: in the whole house."""
    kind: SanctionKind
    duration_s: int | None = None
    """None: for ever; of a kick: a minute."""
    reason: str = ""


class SanctionService:
    """Event loop's thread only. An `actor` None is the relay itself."""

    def __init__(
        self,
        store: Store,
        *,
        standings: Standings,
        users: Users,
        rooms: Rooms,
        audit: AuditService,
        enforcement: Enforcement,
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._standings = standings
        self._users = users
        self.keepers = Keepers(standings, users=users, rooms=rooms)
        self._reading = Reading(store, standings, users=users, clocks=clocks)
        self._audit = audit
        self._enforcement = enforcement
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self._changing = asyncio.Lock()
        """One after the other, so that memory follows the rows in their order."""
        self._wall_ahead_ms = self._measure_wall()
        for kind in ("mute", "kick", "ban"):
            audit.undo_with(kind, Action.KEEP_ORDER, self._undo_imposing)
        audit.undo_with("lift", Action.KEEP_ORDER, self._undo_lifting)

    async def restore(self) -> None:
        """At the start: what stood before stands again."""
        now = self._clocks.unix_ms()

        def work(session: Session) -> tuple[list[Sanction], str | None]:
            return queries.list_standing(session, now), queries.newest_id(session)

        rows, newest = await self._store.read(work)
        if newest is not None:
            self._ids.advance_past(MessageId(newest))
        for row in rows:
            self._put(row, self._until_s(row))

    async def tick(self) -> None:
        """Now and then: forget what is over; after a jump of the wall clock, mend the rows.

        In memory time is monotonic. A row has only the wall clock, so when that was set, the end
        of every sanction is written anew, from what remains of it.
        """
        self._standings.forget_expired()
        ahead_ms = self._measure_wall()
        if abs(ahead_ms - self._wall_ahead_ms) <= CLOCK_JUMP_MS:
            return
        now = self._clocks.unix_ms()
        ends: dict[str, int] = {}
        for standing in self._standings:
            remaining_s = self._standings.remaining_s(standing)
            if remaining_s is not None:
                ends[standing.sanction_id] = now + int(remaining_s * 1000)

        def work(session: Session) -> None:
            for sanction_id, until in ends.items():
                row = session.get(Sanction, sanction_id)
                if row is not None:
                    row.until_unix_ms = until

        await self._store.write(work)
        self._wall_ahead_ms = ahead_ms

    # --- imposing and lifting ---------------------------------------------------------------------

    async def impose(self, actor: Actor | None, wanted: NewSanction) -> SanctionInfo:
        """In place of what stood of its kind. It is on disk and carried out when this returns.

        Raises WireError: FORBIDDEN, NOT_FOUND, INVALID_VALUE, STORAGE_FAILED.
        """
        doer, _ = await self.keepers.require_keeper(actor, wanted.room_id)
        target = await self.keepers.require_above(doer, wanted.user_id, wanted.room_id)
        reason = check_reason(wanted.reason)
        duration_s = check_duration(wanted.kind, wanted.duration_s)
        async with self._changing:
            self._require_space(wanted)
            row, act = await self._write(wanted, doer, reason, duration_s)
            until_s = None if duration_s is None else self._clocks.mono_s() + duration_s
            self._put(row, until_s)
        await self._carry_out(row, target)
        await self._audit.tell(act)
        return (await self._reading.describe([row]))[0]

    def _require_space(self, wanted: NewSanction) -> None:
        standing_max = STANDING_HOUSE_MAX if wanted.room_id is None else STANDING_ROOM_MAX
        if self._standings.count(wanted.room_id) >= standing_max:
            raise WireError(
                ErrorCode.FULL, f"at most {standing_max} sanctions stand here", field="sanctions"
            )

    async def _write(
        self, wanted: NewSanction, doer: Doer, reason: str, duration_s: int | None
    ) -> tuple[Sanction, RecordedAct]:
        now = self._clocks.unix_ms()
        sanction_id = self._ids.make(now)

        def work(session: Session) -> tuple[Sanction, RecordedAct]:
            _require_in_house(session, doer, now)
            for earlier in queries.list_of_place(
                session, wanted.user_id, wanted.room_id, wanted.kind, now_unix_ms=now
            ):
                if RANKS[cast("DoerRole", earlier.role)] > RANKS[doer.role]:
                    raise _from_above()
                earlier.lifted_at_unix_ms = now
            row = Sanction(
                id=sanction_id,
                user_id=wanted.user_id,
                room_id=wanted.room_id,
                kind=wanted.kind,
                reason=reason,
                imposed_by=doer.user_id,
                role=doer.role,
                imposed_at_unix_ms=now,
                until_unix_ms=None if duration_s is None else now + duration_s * 1000,
            )
            session.add(row)
            act = self._audit.add(
                session,
                NewAct(
                    by=doer,
                    action=wanted.kind,
                    room_id=wanted.room_id,
                    user_id=wanted.user_id,
                    target_kind="sanction",
                    target_id=sanction_id,
                    reason=reason,
                    detail=ActDetail(duration_s=duration_s),
                    undo={"sanction_id": sanction_id},
                ),
            )
            return row, act

        return await self._store.write(work)

    async def lift(self, actor: Actor | None, sanction_id: SanctionId) -> SanctionInfo:
        """Raises WireError: FORBIDDEN, NOT_FOUND, ALREADY_DONE where it is over."""
        found = await self._reading.find(sanction_id)
        room_id = RoomId(found.room_id) if found.room_id is not None else None
        doer, roles = await self.keepers.require_keeper(actor, room_id)
        _require_liftable(found, doer, roles)

        def work(session: Session) -> tuple[Sanction, RecordedAct]:
            row = self._end(session, sanction_id)
            if row is None:
                raise WireError(ErrorCode.ALREADY_DONE, "this sanction is over")
            act = self._audit.add(
                session,
                NewAct(
                    by=doer,
                    action="lift",
                    room_id=room_id,
                    user_id=UserId(row.user_id),
                    target_kind="sanction",
                    target_id=row.id,
                    detail=ActDetail(kind=cast("SanctionKind", row.kind)),
                    undo={"sanction_id": row.id},
                ),
            )
            return row, act

        async with self._changing:
            row, act = await self._store.write(work)
            self._drop(row)
        info = await self._tell_lifted(row)
        await self._audit.tell(act)
        return info

    async def impose_on_all(
        self,
        user_ids: Collection[UserId],
        *,
        room_id: RoomId,
        duration_s: int,
        reason: str,
        also: Callable[[Session, list[SanctionId]], None],
    ) -> list[SanctionId]:
        """Mute many at once by the relay itself, with the caller's line in the book.

        Who stands no lower, and who is muted there already, is left out. `also` is done in the
        same transaction.
        """
        doer, _ = await self.keepers.require_keeper(None, room_id)
        targets: list[UserInfo] = []
        for user_id in user_ids:
            with contextlib.suppress(WireError):
                targets.append(await self.keepers.require_above(doer, user_id, room_id))
        line, now = check_reason(reason), self._clocks.unix_ms()
        ids = {target.user_id: SanctionId(self._ids.make(now)) for target in targets}

        def work(session: Session) -> list[Sanction]:
            rows = [
                Sanction(
                    id=sanction_id,
                    user_id=user_id,
                    room_id=room_id,
                    kind="mute",
                    reason=line,
                    imposed_by=None,
                    role=doer.role,
                    imposed_at_unix_ms=now,
                    until_unix_ms=now + duration_s * 1000,
                )
                for user_id, sanction_id in ids.items()
                if not queries.list_of_place(session, user_id, room_id, "mute", now_unix_ms=now)
            ]
            session.add_all(rows)
            also(session, [SanctionId(row.id) for row in rows])
            return rows

        async with self._changing:
            rows = await self._store.write(work)
            until_s = self._clocks.mono_s() + duration_s
            for row in rows:
                self._put(row, until_s)
        found = {target.user_id: target for target in targets}
        for row in rows:
            await self._carry_out(row, found[UserId(row.user_id)])
        return [SanctionId(row.id) for row in rows]

    async def lift_all(
        self, ids: Collection[SanctionId], also: Callable[[Session], None]
    ) -> list[UserId]:
        """What `impose_on_all` imposed, where it stands. Returns whose they are."""

        def work(session: Session) -> tuple[list[Sanction], list[UserId]]:
            also(session)
            known = [session.get(Sanction, sanction_id) for sanction_id in ids]
            users = [UserId(row.user_id) for row in known if row is not None]
            ended = [self._end(session, sanction_id) for sanction_id in ids]
            return [row for row in ended if row is not None], users

        async with self._changing:
            rows, users = await self._store.write(work)
            for row in rows:
                self._drop(row)
        for row in rows:
            await self._tell_lifted(row)
        return users

    # --- reading ----------------------------------------------------------------------------------

    async def list(
        self,
        actor: Actor,
        *,
        room_id: RoomId | None,
        user_id: UserId | None,
        cursor: str,
        limit: int,
    ) -> SanctionList:
        """Those that stand in a room or in the house. Raises WireError(FORBIDDEN)."""
        await self.keepers.require_keeper(actor, room_id)
        return await self._reading.list_some(user_id, (room_id,), cursor=cursor, limit=limit)

    async def list_everywhere(
        self,
        actor: Actor,
        *,
        is_of_rooms: bool,
        user_id: UserId | None,
        cursor: str,
        limit: int,
    ) -> SanctionList:
        """Those of all rooms, with the house's where not `is_of_rooms`, for admins.

        Raises WireError(FORBIDDEN).
        """
        await self.keepers.require_keeper(actor, None)
        return await self._reading.list_some(
            user_id, None, cursor=cursor, limit=limit, is_of_rooms=is_of_rooms
        )

    async def list_own(self, user_id: UserId, *, limit: int) -> SanctionList:
        """What stands against somebody, anywhere."""
        return await self._reading.list_some(user_id, None, cursor="", limit=limit)

    async def describe(self, sanction_id: SanctionId) -> SanctionInfo:
        """As it is now, also when it is over. Raises WireError(NOT_FOUND)."""
        found = await self._reading.describe([await self._reading.find(sanction_id)])
        if not found:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such sanction", field="sanction_id")
        return found[0]

    # --- undoing ----------------------------------------------------------------------------------

    async def _undo_imposing(self, undoing: Undoing) -> None:
        sanction_id = SanctionId(undoing.payload["sanction_id"])
        if undoing.by.user_id == undoing.user_id:
            raise _own()

        def work(session: Session) -> Sanction | None:
            undoing.mark(session)
            return self._end(session, sanction_id)

        async with self._changing:
            row = await self._store.write(work)
            if row is not None:
                self._drop(row)
        if row is not None:
            await self._tell_lifted(row)

    async def _undo_lifting(self, undoing: Undoing) -> None:
        sanction_id = SanctionId(undoing.payload["sanction_id"])
        found = await self._reading.find(sanction_id)
        room_id = place_of(found).room_id
        target = await self.keepers.require_above(undoing.by, UserId(found.user_id), room_id)
        now = self._clocks.unix_ms()

        def work(session: Session) -> Sanction | None:
            undoing.mark(session)
            row = session.get(Sanction, sanction_id)
            kind = cast("SanctionKind", found.kind)
            if row is None or (row.until_unix_ms is not None and row.until_unix_ms <= now):
                return None
            if queries.list_of_place(session, target.user_id, room_id, kind, now_unix_ms=now):
                return None  # another of its kind has taken its place
            row.lifted_at_unix_ms = None
            return row

        async with self._changing:
            row = await self._store.write(work)
            if row is not None:
                self._put(row, self._until_s(row))
        if row is not None:
            await self._carry_out(row, target)

    # --- within -----------------------------------------------------------------------------------

    def _end(self, session: Session, sanction_id: SanctionId) -> Sanction | None:
        """Within a transaction. None where it is over."""
        row = session.get(Sanction, sanction_id)
        now = self._clocks.unix_ms()
        if row is None or row.lifted_at_unix_ms is not None:
            return None
        if row.until_unix_ms is not None and row.until_unix_ms <= now:
            return None
        row.lifted_at_unix_ms = now
        return row

    def _until_s(self, row: Sanction) -> float | None:
        """By the wall clock, which is all that a row has."""
        if row.until_unix_ms is None:
            return None
        return self._clocks.mono_s() + (row.until_unix_ms - self._clocks.unix_ms()) / 1000

    def _put(self, row: Sanction, until_s: float | None) -> None:
        standing = Standing(SanctionId(row.id), row.reason, until_s)
        self._standings.put(UserId(row.user_id), place_of(row), standing)

    def _drop(self, row: Sanction) -> None:
        self._standings.drop(UserId(row.user_id), place_of(row), SanctionId(row.id))

    async def _carry_out(self, row: Sanction, target: UserInfo) -> None:
        """Tell, then cut: whoever is cut has read why, unless the socket is stuck."""
        room_id = RoomId(row.room_id) if row.room_id is not None else None
        users = await self._users.find_users([UserId(row.imposed_by)] if row.imposed_by else [])
        info = self._reading.describe_one(row, {**users, target.user_id: target})
        self._enforcement.tell(
            target.user_id, room_id, SanctionImposed(room_id=room_id, sanction=info)
        )
        if row.kind == "mute":
            return
        await self._enforcement.put_out(
            target.user_id,
            room_id,
            code=code_of(info.kind),
            reason=words_of(info.kind, row.reason),
            ends_sessions=row.kind == "ban",
        )

    async def _tell_lifted(self, row: Sanction) -> SanctionInfo:
        user_id = UserId(row.user_id)
        info = (await self._reading.describe([row]))[0]
        room_id = RoomId(row.room_id) if row.room_id is not None else None
        self._enforcement.tell(user_id, room_id, SanctionLifted(room_id=room_id, sanction=info))
        return info

    def _measure_wall(self) -> int:
        return self._clocks.unix_ms() - int(self._clocks.mono_s() * 1000)


def _require_liftable(row: Sanction, doer: Doer, roles: Collection[Role]) -> None:
    if row.user_id == doer.user_id:
        raise _own()
    if not may_take_back(roles, cast("DoerRole", row.role)):
        raise _from_above()


def _own() -> WireError:
    return WireError(ErrorCode.FORBIDDEN, "nobody lifts what stands against themselves")


def _from_above() -> WireError:
    return WireError(ErrorCode.FORBIDDEN, "somebody above you has decided this")


def _require_in_house(session: Session, doer: Doer, now_unix_ms: int) -> None:
    """Of two admins who put each other out at once, one does. Raises WireError(BANNED, KICKED)."""
    for kind in ("ban", "kick"):
        if doer.user_id is not None and queries.list_of_place(
            session, doer.user_id, None, kind, now_unix_ms=now_unix_ms
        ):
            raise WireError(code_of(kind), words_of(kind, ""))
