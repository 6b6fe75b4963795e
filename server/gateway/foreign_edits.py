"""Rooms that are changed by another than their owner: that has a line in the book of acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wire.permissions import Action

if TYPE_CHECKING:
    from server.admin.acts import Line
    from server.gateway.control_state import ControlState
    from wire.ids import RoomId
    from wire.order_commands import ActName


async def note_foreign_edit(
    state: ControlState, room_id: RoomId, action: ActName = "edit_room"
) -> Line | None:
    """None where the room is the actor's own. The line says how the room was called before.

    Raises WireError: LOGIN_REQUIRED, FORBIDDEN, NOT_FOUND.
    """
    login = state.actor.require_login()
    services = state.services
    if await services.rooms.role_in(state.actor, room_id, Action.EDIT_ROOM) == "streamer":
        return None
    room = await services.rooms.card(room_id)
    return services.admin.acts.line(
        login.user, action, room_id=room_id, text=room.title or room.name
    )
