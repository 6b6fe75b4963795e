"""The use case of a room's cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wire import cover_commands, room_events
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer


async def _set_cover(state: ControlState, command: cover_commands.SetCover) -> Answer:
    """An admin who takes one away has a line in the book for it; the owner needs none."""
    login = state.actor.require_login()
    rooms, acts = state.services.rooms, state.services.admin.acts
    role = await rooms.role_in(state.actor, command.room_id, Action.EDIT_ROOM)
    room = await rooms.card(command.room_id)
    if role == "streamer" or command.picture is not None or not room.cover:
        details = await rooms.set_cover(state.actor, command.room_id, command.picture)
    else:
        line = acts.line(login.user, "remove_cover", room_id=command.room_id, text=room.name)
        details = await rooms.set_cover(state.actor, command.room_id, None, then=line)
        await acts.tell(line)
    state.hub.post(command.room_id, room_events.RoomChanged(room=details.room))
    return details


COVER_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    cover_commands.SetCover: _set_cover,
}
