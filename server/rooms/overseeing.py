"""What an admin does with everybody's rooms: see them all, make, feature, plan and mute them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from server.accounts.actor import Actor, Login
from server.rooms import queries, rules
from server.store.store import nothing_more
from server.text import fold, is_storable
from wire.admin_events import HouseRoom, HouseRooms
from wire.errors import ErrorCode, WireError
from wire.ids import SessionId, UserId
from wire.room_commands import CreateRoom
from wire.room_events import RoomChanged

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.rooms.live_view import LiveView, OpenBroadcasts
    from server.rooms.service import RoomService
    from server.store.session import Session
    from server.store.store import Store
    from wire.admin_commands import CreateRoomFor, ListHouseRooms, PlanBroadcast
    from wire.event_base import Event, RoomInfo, UserInfo
    from wire.ids import RoomId
    from wire.room_events import RoomDetails


class RoomOversight:
    """The caller has checked that an admin asks. Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        rooms: RoomService,
        live: LiveView,
        open_broadcasts: OpenBroadcasts,
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._live = live
        self._open_broadcasts = open_broadcasts
        self._post = post
        self._clocks = clocks

    async def list_all(self, command: ListHouseRooms) -> HouseRooms:
        """Raises WireError(INVALID_VALUE) for a cursor that is not ours."""
        offset = parse_offset(command.cursor)
        wanted = queries.KeptFilter(
            kind=command.kind,
            live_ids=tuple(self.live_ids()),
            planned_since_unix_ms=self._clocks.unix_ms() - rules.PLAN_KEPT_MS,
            search=fold(command.search) if is_storable(command.search) else "",
        )
        kept, total = await self._store.read(
            lambda session: queries.list_kept(session, wanted, offset=offset, limit=command.limit)
        )
        shown = offset + len(kept)
        return HouseRooms(
            rooms=tuple(
                [
                    HouseRoom(room=await self._rooms.info(card), created_at_unix_ms=created_at)
                    for card, created_at in kept
                ]
            ),
            total=total,
            next_cursor=str(shown) if shown < total else "",
        )

    def live_ids(self) -> list[RoomId]:
        """Rooms with a broadcast that has not ended."""
        return [
            room_id
            for room_id in self._open_broadcasts.open_room_ids()
            if self._live.broadcast(room_id) is not None
        ]

    async def count_by_owner(self, owner_ids: Collection[UserId]) -> dict[str, int]:
        return await self._store.read(lambda session: queries.count_by_owner(session, owner_ids))

    async def list_of(self, owner: UserInfo) -> tuple[RoomInfo, ...]:
        return await self._rooms.list_owned(_as_owner(owner))

    async def create_for(self, owner: UserInfo, command: CreateRoomFor) -> RoomDetails:
        """As if the user had made it. Raises what `RoomService.create` raises."""
        made = CreateRoom(
            id=command.id,
            name=command.name,
            title=command.title,
            privacy=command.privacy,
            passphrase=command.passphrase,
        )
        return await self._rooms.create(_as_owner(owner), made)

    async def feature(
        self, room_id: RoomId, *, is_featured: bool, then: Callable[[Session], None] = nothing_more
    ) -> None:
        """`then` runs in the same transaction, as below. The members are told."""
        self._tell(await self._rooms.change(room_id, {"is_featured": is_featured}, then=then))

    async def plan(
        self, command: PlanBroadcast, *, then: Callable[[Session], None] = nothing_more
    ) -> None:
        """Raises WireError: INVALID_VALUE, NOT_FOUND."""
        if command.starts_at_unix_ms:
            rules.check_plan(command.starts_at_unix_ms, self._clocks.unix_ms())
        title = rules.check_title(command.title) if command.starts_at_unix_ms else ""
        changed = await self._rooms.change(
            command.room_id,
            {"starts_at_unix_ms": command.starts_at_unix_ms, "starts_title": title},
            then=then,
        )
        self._tell(changed)

    def _tell(self, room: RoomInfo) -> None:
        self._post(room.room_id, RoomChanged(room=room))


def parse_offset(cursor: str) -> int:
    """Of a list that is paged by counting. Raises WireError(INVALID_VALUE)."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):
        raise WireError(ErrorCode.INVALID_VALUE, "this cursor is not one of ours", field="cursor")
    return int(cursor)


def _as_owner(user: UserInfo) -> Actor:
    return Actor("", Login(user, SessionId("")))
