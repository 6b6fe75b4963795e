"""Votes and entries on their way to the relay, and the check of a draw that is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.errors import LivehouseError
from app.state.rounds import Checked, Entered, Voted
from wire import command_base, draws, event_base, events, round_commands, round_events
from wire.limits import DRAW_ENTRIES_PAGE_MAX

if TYPE_CHECKING:
    from app.state.rounds import Rounds
    from wire.ids import DrawId, PollId, RoomId, UserId

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class Control(Protocol):
    """What rounds need of the relay's control link."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


class RoundPlayer:
    """On one asyncio loop. `apply` takes what the relay agreed to."""

    def __init__(
        self,
        control: Control,
        room_id: RoomId,
        apply: Callable[[Voted | Entered | Checked], None],
    ) -> None:
        self._control = control
        self._room_id = room_id
        self._apply = apply

    async def vote(self, poll_id: PollId, choice: int) -> None:
        """Raises LivehouseError."""
        command = round_commands.VotePoll(
            id=0, room_id=self._room_id, poll_id=poll_id, choice=choice
        )
        await self._control.request(command, events.Ok)
        self._apply(Voted(poll_id, choice))

    async def enter(self, draw_id: DrawId) -> None:
        """Raises LivehouseError."""
        command = round_commands.EnterDraw(id=0, room_id=self._room_id, draw_id=draw_id)
        await self._control.request(command, events.Ok)
        self._apply(Entered(draw_id))

    async def check(self, rounds: Rounds, own_user_id: str) -> None:
        """Compute the winners again. Where the list cannot be had, the draw stays unchecked."""
        draw, result = rounds.draw, rounds.result
        if draw is None or result is None:
            return
        try:
            entries = await self._list_entries(result)
        except LivehouseError:
            return
        is_right = draws.verify(
            commitment=draw.commitment,
            seed=result.seed,
            entries=entries,
            entries_sha256=result.entries_sha256,
            winners_max=draw.winners_max,
            winners=[winner.user_id for winner in result.winners],
        )
        is_in = not draw.has_entered or own_user_id in entries
        self._apply(Checked(draw.draw_id, "right" if is_right and is_in else "wrong"))

    async def _list_entries(self, result: round_events.DrawClosed) -> list[UserId]:
        """At most as many as the relay says that there are, and a page."""
        entries: list[UserId] = []
        while len(entries) <= result.entries:
            command = round_commands.ListDrawEntries(
                id=0, room_id=self._room_id, draw_id=result.draw_id, after=len(entries)
            )
            page = (await self._control.request(command, round_events.DrawEntries)).entries
            entries += page
            if len(page) < DRAW_ENTRIES_PAGE_MAX:
                break
        return entries
