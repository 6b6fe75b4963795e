"""The use case of a room's cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.gateway.foreign_edits import note_foreign_edit
from wire import cover_commands, room_events

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer
    from wire.order_commands import ActName


async def _set_cover(state: ControlState, command: cover_commands.SetCover) -> Answer:
    state.actor.require_login()
    rooms, acts = state.services.rooms, state.services.admin.acts
    name: ActName = "remove_cover" if command.picture is None else "edit_room"
    line = await note_foreign_edit(state, command.room_id, name)
    is_nothing = command.picture is None and not (await rooms.card(command.room_id)).cover
    if line is None or is_nothing:
        details = await rooms.set_cover(state.actor, command.room_id, command.picture)
    else:
        details = await rooms.set_cover(state.actor, command.room_id, command.picture, then=line)
        await acts.tell(line)
    state.hub.post(command.room_id, room_events.RoomChanged(room=details.room))
    return details


COVER_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    cover_commands.SetCover: _set_cover,
}
