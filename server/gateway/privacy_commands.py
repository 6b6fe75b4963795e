"""The use cases of privacy: everybody for themselves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.gateway.registry import Identity
from wire import command_base, events, privacy_commands
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.event_base import Answer


async def _get_terms(state: ControlState, _command: privacy_commands.GetPrivacyTerms) -> Answer:
    return state.services.privacy.terms()


async def _get_my_data(state: ControlState, _command: privacy_commands.GetMyData) -> Answer:
    return await state.services.privacy.my_data(state.actor.require_login().user.user_id)


async def _set_recording(state: ControlState, command: privacy_commands.SetRecording) -> Answer:
    user_id = state.actor.require_login().user.user_id
    await state.services.privacy.set_recorded(user_id, is_recorded=command.is_recorded)
    if not command.is_recorded:
        state.services.discovery.stop_recording(user_id)
    return events.Ok()


async def _prepare_export(state: ControlState, _command: privacy_commands.PrepareExport) -> Answer:
    return await state.services.exports.prepare(state.actor.require_login().user.user_id)


async def _read_export(state: ControlState, command: privacy_commands.ReadExport) -> Answer:
    user_id = state.actor.require_login().user.user_id
    return await state.services.exports.read(user_id, command.export_id, command.offset)


async def _drop_export(state: ControlState, command: privacy_commands.DropExport) -> Answer:
    state.services.exports.drop(state.actor.require_login().user.user_id, command.export_id)
    return events.Ok()


async def _erase_account(state: ControlState, command: privacy_commands.EraseAccount) -> Answer:
    login = state.actor.require_login()
    services, user_id = state.services, login.user.user_id
    await services.accounts.check_password(login, command.password, address=state.channel.address)
    # This socket is nobody's until it is done, so it is not among those that are cut.
    state.cutter.register(state.channel, Identity())
    services.rooms.media.revoke_tickets(user_id=user_id)
    state.cutter.cut(user_id=user_id, code=ErrorCode.SESSION_ENDED, reason="the account was erased")
    is_erased = False
    try:
        await services.eraser.erase(user_id)
        is_erased = True
    finally:
        if not is_erased:
            state.cutter.register(state.channel, Identity(user_id, login.session_id))
    state.log_out()
    return events.Ok()


PRIVACY_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    privacy_commands.GetPrivacyTerms: _get_terms,
    privacy_commands.GetMyData: _get_my_data,
    privacy_commands.SetRecording: _set_recording,
    privacy_commands.PrepareExport: _prepare_export,
    privacy_commands.ReadExport: _read_export,
    privacy_commands.DropExport: _drop_export,
    privacy_commands.EraseAccount: _erase_account,
}
