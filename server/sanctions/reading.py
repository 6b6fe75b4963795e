"""Sanctions as the wire shows them: found, listed, with what remains of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from server.sanctions import queries
from server.sanctions.standings import Place, Standings
from server.sanctions.tables import Sanction
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, SanctionId, UserId
from wire.order_events import SanctionInfo, SanctionList

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.clocks import Clocks
    from server.sanctions.keepers import Users
    from server.store.store import Store
    from wire.event_base import UserInfo
    from wire.order_commands import SanctionKind
    from wire.order_events import DoerRole


class Reading:
    """Event loop's thread only."""

    def __init__(self, store: Store, standings: Standings, *, users: Users, clocks: Clocks) -> None:
        self._store = store
        self._standings = standings
        self._users = users
        self._clocks = clocks

    async def find(self, sanction_id: SanctionId) -> Sanction:
        row = None
        if is_storable(sanction_id):
            row = await self._store.read(lambda session: session.get(Sanction, sanction_id))
        if row is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such sanction", field="sanction_id")
        return row

    async def list_some(
        self,
        user_id: UserId | None,
        scopes: Collection[RoomId | None] | None,
        *,
        cursor: str,
        limit: int,
        is_of_rooms: bool = False,
    ) -> SanctionList:
        if not is_storable(cursor) or not is_storable(user_id or ""):
            return SanctionList(sanctions=())
        now = self._clocks.unix_ms()
        rows = await self._store.read(
            lambda session: queries.list_some(
                session,
                now_unix_ms=now,
                user_id=user_id,
                scopes=scopes,
                cursor=cursor,
                limit=limit + 1,
                is_of_rooms=is_of_rooms,
            )
        )
        shown = rows[:limit]
        return SanctionList(
            sanctions=await self.describe(shown),
            next_cursor=shown[-1].id if len(rows) > limit else "",
        )

    async def describe(self, rows: Collection[Sanction]) -> tuple[SanctionInfo, ...]:
        ids = {id_ for row in rows for id_ in (row.user_id, row.imposed_by) if id_}
        users = await self._users.find_users({UserId(id_) for id_ in ids})
        return tuple(self.describe_one(row, users) for row in rows if UserId(row.user_id) in users)

    def describe_one(self, row: Sanction, users: dict[UserId, UserInfo]) -> SanctionInfo:
        return SanctionInfo(
            sanction_id=SanctionId(row.id),
            kind=cast("SanctionKind", row.kind),
            user=users[UserId(row.user_id)],
            room_id=RoomId(row.room_id) if row.room_id is not None else None,
            reason=row.reason,
            imposed_by=users.get(UserId(row.imposed_by)) if row.imposed_by else None,
            role=cast("DoerRole", row.role),
            imposed_at_unix_ms=row.imposed_at_unix_ms,
            remaining_ms=self._remaining_ms(row),
        )

    def _remaining_ms(self, row: Sanction) -> int | None:
        if row.lifted_at_unix_ms is not None:
            return 0
        standing = self._standings.find(UserId(row.user_id), place_of(row))
        if standing is not None and standing.sanction_id == row.id:
            remaining_s = self._standings.remaining_s(standing)
            return None if remaining_s is None else int(remaining_s * 1000)
        if row.until_unix_ms is None:
            return None
        return max(0, row.until_unix_ms - self._clocks.unix_ms())


def place_of(row: Sanction) -> Place:
    room_id = RoomId(row.room_id) if row.room_id is not None else None
    return Place(room_id, cast("SanctionKind", row.kind))
