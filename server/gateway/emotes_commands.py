"""The use cases of a room's own emotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.gateway.interaction_commands import require_member
from server.gateway.order_commands import doer_in
from wire import emotes_commands, events
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.event_base import Answer


async def _add_emote(state: ControlState, command: emotes_commands.AddEmote) -> Answer:
    doer = await doer_in(state, command.room_id, Action.MANAGE_EMOTES)
    state.check_words(name=command.name)
    await state.services.emotes.add(command.room_id, command.name, command.picture, by=doer)
    return events.Ok()


async def _remove_emote(state: ControlState, command: emotes_commands.RemoveEmote) -> Answer:
    doer = await doer_in(state, command.room_id, Action.MANAGE_EMOTES)
    await state.services.emotes.remove(command.room_id, command.name, by=doer)
    return events.Ok()


async def _get_emote(state: ControlState, command: emotes_commands.GetEmote) -> Answer:
    """A guest too, where it is in the room: it reads what is written there."""
    if not state.hub.is_member(command.room_id, state.channel):
        state.actor.require_login()
    require_member(state, command.room_id)
    return await state.services.emotes.picture(command.room_id, command.emote_id)


EMOTES_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    emotes_commands.AddEmote: _add_emote,
    emotes_commands.RemoveEmote: _remove_emote,
    emotes_commands.GetEmote: _get_emote,
}
