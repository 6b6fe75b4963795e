"""What members do together besides talking: likes, polls, lucky draws."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from wire import chat_commands, command_base, events, round_commands, round_events
from wire.errors import ErrorCode, WireError
from wire.permissions import Action

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.gateway.control_state import ControlState
    from wire.event_base import Answer
    from wire.ids import RoomId


def require_member(state: ControlState, room_id: RoomId) -> None:
    """Raises WireError(WRONG_STATE) unless this socket has joined the room."""
    if not state.hub.is_member(room_id, state.channel):
        raise WireError(ErrorCode.WRONG_STATE, "join the room first")


async def _require_doing(state: ControlState, room_id: RoomId, action: Action) -> Login:
    login = state.actor.require_login()
    await state.services.rooms.role_in(state.actor, room_id, action)
    return login


async def _send_likes(state: ControlState, command: chat_commands.SendLikes) -> Answer:
    services = state.services
    login = await _require_doing(state, command.room_id, Action.LIKE)
    require_member(state, command.room_id)
    taken = await services.likes.send(login.user.user_id, command.room_id, command.count)
    if taken:
        await services.discovery.acts.note("liked", login.user.user_id, command.room_id, taken)
    return events.Ok()


async def _open_poll(state: ControlState, command: round_commands.OpenPoll) -> Answer:
    login = await _require_doing(state, command.room_id, Action.RUN_POLLS)
    state.check_words(question=command.question, choices=command.choices)
    return round_events.PollDetails(
        poll=await state.services.polls.open(login.user.user_id, command)
    )


async def _vote_poll(state: ControlState, command: round_commands.VotePoll) -> Answer:
    login = await _require_doing(state, command.room_id, Action.VOTE)
    require_member(state, command.room_id)
    await state.services.polls.vote(
        login.user.user_id, command.room_id, command.poll_id, command.choice
    )
    return events.Ok()


async def _close_poll(state: ControlState, command: round_commands.ClosePoll) -> Answer:
    await _require_doing(state, command.room_id, Action.RUN_POLLS)
    return round_events.PollDetails(
        poll=await state.services.polls.close(command.room_id, command.poll_id)
    )


async def _open_draw(state: ControlState, command: round_commands.OpenDraw) -> Answer:
    login = await _require_doing(state, command.room_id, Action.RUN_DRAWS)
    state.check_words(prize=command.prize)
    return round_events.DrawDetails(
        draw=await state.services.draws.open(login.user.user_id, command)
    )


async def _enter_draw(state: ControlState, command: round_commands.EnterDraw) -> Answer:
    login = await _require_doing(state, command.room_id, Action.ENTER_DRAWS)
    require_member(state, command.room_id)
    await state.services.draws.enter(login.user.user_id, command.room_id, command.draw_id)
    return events.Ok()


async def _close_draw(state: ControlState, command: round_commands.CloseDraw) -> Answer:
    await _require_doing(state, command.room_id, Action.RUN_DRAWS)
    await state.services.draws.close(command.room_id, command.draw_id)
    return events.Ok()


async def _list_draw_entries(
    state: ControlState, command: round_commands.ListDrawEntries
) -> Answer:
    state.actor.require_login()
    require_member(state, command.room_id)
    return await state.services.draws.list_entries(command.room_id, command.draw_id, command.after)


INTERACTION: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    chat_commands.SendLikes: _send_likes,
    round_commands.OpenPoll: _open_poll,
    round_commands.VotePoll: _vote_poll,
    round_commands.ClosePoll: _close_poll,
    round_commands.OpenDraw: _open_draw,
    round_commands.EnterDraw: _enter_draw,
    round_commands.CloseDraw: _close_draw,
    round_commands.ListDrawEntries: _list_draw_entries,
}
