"""The use cases of detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wire import command_base, detection_commands, events

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.event_base import Answer


async def _keep_raid(state: ControlState, command: detection_commands.KeepRaid) -> Answer:
    services = state.services
    await services.sanctions.keepers.require_keeper(state.login_actor(), command.room_id)
    await services.detection.raids.keep(command.room_id, command.raid_id)
    return events.Ok()


DETECTION_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {detection_commands.KeepRaid: _keep_raid}
