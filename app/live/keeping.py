"""What those who keep a room ask of the relay, and which answer it gives."""

from __future__ import annotations

from typing import Final, Protocol, TypeVar

from wire import commands, events, order_commands, order_events

_Answer = TypeVar("_Answer", bound=events.Answer)

_ANSWERS: Final[dict[type[commands.Command], type[events.Answer]]] = {
    commands.ClosePoll: events.PollDetails,
    order_commands.ImposeSanction: order_events.SanctionDetails,
    order_commands.LiftSanction: order_events.SanctionDetails,
    order_commands.ListActs: order_events.ActList,
    order_commands.UndoAct: order_events.ActDetails,
}
"""Of those that are not answered with Ok."""


class Control(Protocol):
    async def request(self, command: commands.Command, answer: type[_Answer]) -> _Answer: ...


async def ask(control: Control, command: commands.Command) -> events.Answer:
    """Raises LivehouseError."""
    return await control.request(command, _ANSWERS.get(type(command), events.Ok))
