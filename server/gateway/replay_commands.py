"""The use cases of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wire import replay_commands, replay_events
from wire.errors import ErrorCode, WireError
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.command_base import Command
    from wire.events import Answer


async def _list_replays(_state: ControlState, _command: replay_commands.ListReplays) -> Answer:
    return replay_events.ReplayList()


async def _find(_state: ControlState, _command: Command) -> Answer:
    raise WireError(ErrorCode.NOT_FOUND, "there is no such recording")


async def _keep(state: ControlState, _command: Command) -> Answer:
    state.login_actor()
    raise WireError(ErrorCode.NOT_FOUND, "there is no such recording")


async def _get_recording(state: ControlState, command: replay_commands.GetRoomRecording) -> Answer:
    await state.services.rooms.role_in(state.actor, command.room_id, Action.GET_SUBSCRIBE_TICKET)
    return replay_events.RecordingDetails(room_id=command.room_id, is_on=False, now="off")


async def _set_recording(state: ControlState, command: replay_commands.RecordRoom) -> Answer:
    state.actor.require_login()
    await state.services.rooms.role_in(state.actor, command.room_id, Action.KEEP_REPLAYS)
    return replay_events.RecordingDetails(room_id=command.room_id, is_on=command.is_on, now="off")


REPLAY_USE_CASES: Final[dict[type[Command], Callable[[Any, Any], Awaitable[Answer | None]]]] = {
    replay_commands.ListReplays: _list_replays,
    replay_commands.OpenReplay: _find,
    replay_commands.LiveRecording: _find,
    replay_commands.ReadTimeline: _find,
    replay_commands.EditReplay: _keep,
    replay_commands.DeleteReplay: _keep,
    replay_commands.GetRoomRecording: _get_recording,
    replay_commands.RecordRoom: _set_recording,
}
