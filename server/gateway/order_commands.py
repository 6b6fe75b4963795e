"""The use cases of keeping order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from server.audit.queries import ActFilter
from server.audit.service import Doer
from server.sanctions.service import NewSanction
from server.text import is_storable
from wire import command_base, events, order_commands, order_events
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId
from wire.limits import ORDER_PAGE_MAX
from wire.permissions import Action, highest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.gateway.control_state import ControlState
    from wire.event_base import Answer
    from wire.ids import UserId


async def _list_acts(state: ControlState, command: order_commands.ListActs) -> Answer:
    await state.services.sanctions.keepers.require_keeper(state.login_actor(), command.room_id)
    wanted = ActFilter(
        room_id=command.room_id,
        actor_id=command.actor_id,
        user_id=command.user_id,
        action=command.action,
        since_unix_ms=command.since_unix_ms,
        until_unix_ms=command.until_unix_ms,
    )
    return await state.services.audit.list(wanted, cursor=command.cursor, limit=command.limit)


async def _undo_act(state: ControlState, command: order_commands.UndoAct) -> Answer:
    services, actor = state.services, state.login_actor()
    act = await services.audit.find(command.act_id)
    room_id = RoomId(act.room_id) if act.room_id is not None else None
    doer, roles = await services.sanctions.keepers.require_keeper(actor, room_id)
    return order_events.ActDetails(act=await services.audit.undo(act, by=doer, roles=roles))


async def _impose_sanction(state: ControlState, command: order_commands.ImposeSanction) -> Answer:
    services, actor = state.services, state.login_actor()
    info = await services.sanctions.impose(
        actor,
        NewSanction(
            user_id=command.user_id,
            room_id=command.room_id,
            kind=command.kind,
            duration_s=command.duration_s,
            reason=command.reason,
        ),
    )
    if command.deletes_messages:
        doer, _ = await services.sanctions.keepers.require_keeper(actor, command.room_id)
        deleting = services.chat.deleting
        rooms = [command.room_id] if command.room_id else await deleting.rooms_of(command.user_id)
        for room_id in rooms:
            # What waits for review there is among what goes.
            await services.chat.load_history(room_id)
            await deleting.delete_of(room_id, command.user_id, by=doer, reason=info.reason)
    return order_events.SanctionDetails(sanction=info)


async def _lift_sanction(state: ControlState, command: order_commands.LiftSanction) -> Answer:
    info = await state.services.sanctions.lift(state.login_actor(), command.sanction_id)
    return order_events.SanctionDetails(sanction=info)


async def _list_sanctions(state: ControlState, command: order_commands.ListSanctions) -> Answer:
    if command.room_id is None and command.scope != "place":
        return await _list_sanctions_everywhere(state, command)
    return await state.services.sanctions.list(
        state.login_actor(),
        room_id=command.room_id,
        user_id=command.user_id,
        cursor=command.cursor,
        limit=command.limit,
    )


async def _list_sanctions_everywhere(
    state: ControlState, command: order_commands.ListSanctions
) -> Answer:
    """With the names of the rooms, which an admin's list has not at hand."""
    services = state.services
    found = await services.sanctions.list_everywhere(
        state.login_actor(),
        is_of_rooms=command.scope == "rooms",
        user_id=command.user_id,
        cursor=command.cursor,
        limit=command.limit,
    )
    rooms = {one.room_id for one in found.sanctions if one.room_id is not None}
    names = {room_id: await services.rooms.name_of(room_id) for room_id in rooms}
    return msgspec.structs.replace(
        found,
        sanctions=tuple(
            msgspec.structs.replace(one, room_name=names[one.room_id]) if one.room_id else one
            for one in found.sanctions
        ),
    )


async def _my_sanctions(state: ControlState, _command: order_commands.MySanctions) -> Answer:
    user_id = state.actor.require_login().user.user_id
    return await state.services.sanctions.list_own(user_id, limit=ORDER_PAGE_MAX)


async def _delete_danmaku(state: ControlState, command: order_commands.DeleteDanmaku) -> Answer:
    services, room_id = state.services, command.room_id
    await services.sanctions.keepers.require_keeper(state.login_actor(), room_id)
    if not is_storable(command.message_id):
        raise WireError(ErrorCode.NOT_FOUND, "there is no such message", field="message_id")
    await services.chat.load_history(room_id)
    author = await services.chat.deleting.author_of(room_id, command.message_id)
    doer = await _require_over(state, room_id, author)
    await services.chat.deleting.delete(room_id, command.message_id, by=doer, reason=command.reason)
    return events.Ok()


async def _delete_danmaku_of(
    state: ControlState, command: order_commands.DeleteDanmakuOf
) -> Answer:
    doer = await _require_over(state, command.room_id, command.user_id)
    await state.services.chat.load_history(command.room_id)
    await state.services.chat.deleting.delete_of(
        command.room_id, command.user_id, by=doer, reason=command.reason
    )
    return events.Ok()


async def _require_over(state: ControlState, room_id: RoomId, author: UserId) -> Doer:
    """Who may take an author's words away: whoever stands above, and the author among leaders."""
    sanctions = state.services.sanctions
    doer, _ = await sanctions.keepers.require_keeper(state.login_actor(), room_id)
    if doer.user_id != author:
        await sanctions.keepers.require_above(doer, author, room_id)
    return doer


async def _close_room(state: ControlState, command: order_commands.CloseRoom) -> Answer:
    state.check_words(reason=command.reason)
    await state.services.keeping.close(state.login_actor(), command.room_id, reason=command.reason)
    return events.Ok()


async def _reopen_room(state: ControlState, command: order_commands.ReopenRoom) -> Answer:
    await state.services.keeping.reopen(state.login_actor(), command.room_id)
    return events.Ok()


async def doer_in(state: ControlState, room_id: RoomId, action: Action) -> Doer:
    """Who does something there, for the book. Raises WireError where it is not allowed."""
    rooms, actor = state.services.rooms, state.login_actor()
    await rooms.role_in(actor, room_id, action)
    user = actor.require_login().user
    return Doer(user.user_id, highest(await rooms.roles_of(user, room_id)))


ORDER_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    order_commands.ListActs: _list_acts,
    order_commands.UndoAct: _undo_act,
    order_commands.ImposeSanction: _impose_sanction,
    order_commands.LiftSanction: _lift_sanction,
    order_commands.ListSanctions: _list_sanctions,
    order_commands.MySanctions: _my_sanctions,
    order_commands.DeleteDanmaku: _delete_danmaku,
    order_commands.DeleteDanmakuOf: _delete_danmaku_of,
    order_commands.CloseRoom: _close_room,
    order_commands.ReopenRoom: _reopen_room,
}
