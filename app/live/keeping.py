"""What those who keep a room ask of the relay, and which answer it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from app.state.keeping import ActsListed
from wire import (
    command_base,
    event_base,
    events,
    order_commands,
    order_events,
    round_commands,
    round_events,
)

_Answer = TypeVar("_Answer", bound=event_base.Answer)

_ANSWERS: Final[dict[type[command_base.Command], type[event_base.Answer]]] = {
    round_commands.OpenPoll: round_events.PollDetails,
    round_commands.ClosePoll: round_events.PollDetails,
    round_commands.OpenDraw: round_events.DrawDetails,
    order_commands.ImposeSanction: order_events.SanctionDetails,
    order_commands.LiftSanction: order_events.SanctionDetails,
    order_commands.ListActs: order_events.ActList,
    order_commands.UndoAct: order_events.ActDetails,
}
"""Of those that are not answered with Ok."""


class Control(Protocol):
    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def ask(control: Control, command: command_base.Command) -> event_base.Answer:
    """Raises LivehouseError."""
    return await control.request(command, _ANSWERS.get(type(command), events.Ok))


async def keep(
    control: Control, command: command_base.Command, apply: Callable[[ActsListed], None]
) -> event_base.Answer:
    """As `ask`; a list of acts goes to the room's state as well."""
    answer = await ask(control, command)
    if isinstance(answer, order_events.ActList):
        apply(ActsListed(answer.acts))
    return answer
