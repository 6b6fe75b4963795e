"""What a sanction means at the sockets: who is told, and who is cut."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wire import room_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from server.accounts.service import AccountService
    from server.gateway.hub import RoomHub
    from server.gateway.registry import SocketRegistry
    from server.rooms.live_view import LiveView
    from server.rooms.service import RoomService
    from wire.event_base import Event, RoomInfo
    from wire.ids import RoomId, UserId


class Enforcement:
    """What `SanctionService` and `RoomKeeping` ask for. Event loop's thread only."""

    def __init__(
        self,
        *,
        registry: SocketRegistry,
        hub: RoomHub,
        accounts: AccountService,
        rooms: RoomService,
        live: LiveView,
    ) -> None:
        self._registry = registry
        self._hub = hub
        self._accounts = accounts
        self._rooms = rooms
        self._live = live

    # --- rooms (`RoomKeeping`) ------------------------------------------------------------------

    def room_changed(self, room: RoomInfo) -> None:
        self._hub.post(room.room_id, room_events.RoomChanged(room=room))

    def leads_now(self, room_id: RoomId, user_id: UserId, *, is_leader: bool) -> None:
        for member in self._hub.members(room_id):
            if self._registry.user_of(member) == user_id:
                self._hub.set_leader(room_id, member, is_leader=is_leader)

    async def close_room(self, room_id: RoomId, *, reason: str) -> None:
        words = f"this room is closed: {reason}" if reason else "this room is closed"
        async with asyncio.TaskGroup() as group:
            group.create_task(self._end(room_id))
            await asyncio.sleep(0)
            # All were told; nobody is left open while the books are written.
            self._registry.cut_media(
                room_id, user_id=None, code=ErrorCode.ROOM_CLOSED, reason=words
            )

    async def _end(self, room_id: RoomId) -> None:
        await self._live.end_broadcast(room_id, "room_closed")

    # --- users (`SanctionService`) --------------------------------------------------------------

    def tell(self, user_id: UserId, room_id: RoomId | None, event: Event) -> None:
        self._registry.tell_user(user_id, event)
        if room_id is not None:
            self._hub.post_to_leaders(room_id, event)

    async def put_out(
        self,
        user_id: UserId,
        room_id: RoomId | None,
        *,
        code: ErrorCode,
        reason: str,
        ends_sessions: bool,
    ) -> None:
        self._rooms.media.revoke_tickets(user_id=user_id)
        if room_id is None:
            self._registry.cut(user_id=user_id, code=code, reason=reason)
            owned = await self._rooms.ids_owned_by(user_id)
            if ends_sessions:
                await self._accounts.end_sessions_of(user_id)
        else:
            self._hub.remove(room_id, lambda one: self._registry.user_of(one) == user_id)
            self._registry.cut_media(room_id, user_id=user_id, code=code, reason=reason)
            is_owner = await self._rooms.owner_of(room_id) == user_id
            owned = (room_id,) if is_owner else ()
        for room in owned:
            # Otherwise the room would wait for its streamer to come back.
            await self._end(room)
