"""The use case of a room's cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wire import cover_commands, room_events

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer


async def _set_cover(state: ControlState, command: cover_commands.SetCover) -> Answer:
    state.actor.require_login()
    details = await state.services.rooms.set_cover(state.actor, command.room_id, command.picture)
    state.hub.post(command.room_id, room_events.RoomChanged(room=details.room))
    return details


COVER_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    cover_commands.SetCover: _set_cover,
}
