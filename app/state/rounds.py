"""The poll and the lucky draw of a room, as a member sees them. Frozen; changed by `apply`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import msgspec

from wire import room_events, round_events

if TYPE_CHECKING:
    from wire.ids import DrawId, PollId

Check = Literal["unchecked", "right", "wrong"]

RoundEvent = (
    round_events.PollOpened
    | round_events.PollCounted
    | round_events.PollClosed
    | round_events.DrawOpened
    | round_events.DrawEntered
    | round_events.DrawClosed
)


@dataclass(frozen=True, slots=True)
class Voted:
    """The relay has this user's vote."""

    poll_id: PollId
    choice: int


@dataclass(frozen=True, slots=True)
class Entered:
    """The relay has this user's entry."""

    draw_id: DrawId


@dataclass(frozen=True, slots=True)
class Checked:
    """The winners were computed again from what was revealed."""

    draw_id: DrawId
    check: Check


RoundChange = RoundEvent | Voted | Entered | Checked


@dataclass(frozen=True, slots=True)
class Rounds:
    """What is over stays until the next one, so that its result can be read."""

    poll: round_events.PollInfo | None = None
    is_poll_over: bool = False
    draw: round_events.DrawInfo | None = None
    """As it was opened: its commitment is what the result is held against."""
    result: round_events.DrawClosed | None = None
    check: Check = "unchecked"

    def join(self, answer: room_events.RoomJoined) -> Rounds:
        """What is open now; a result is kept."""
        poll, draw = answer.poll, answer.draw
        joined = self
        if poll is not None or not self.is_poll_over:
            joined = replace(joined, poll=poll, is_poll_over=False)
        if draw is not None:
            return replace(joined, draw=draw, result=None, check="unchecked")
        result = answer.draw_result
        if result is None:
            return joined if self.result is not None else replace(joined, draw=None)
        if self.result is not None and self.result.draw_id == result.draw_id:
            return joined
        # Who was there when it was opened holds the result against the commitment of then.
        was_there = self.draw is not None and self.draw.draw_id == result.draw_id
        opened = self.draw if was_there else _opened(result)
        return replace(joined, draw=opened, result=result, check="unchecked")

    @property
    def needs_check(self) -> bool:
        return self.result is not None and self.check == "unchecked"

    def apply(self, change: RoundChange) -> Rounds:
        match change:
            case (
                round_events.PollOpened()
                | round_events.PollCounted()
                | round_events.PollClosed()
                | Voted()
            ):
                return self._apply_poll(change)
            case _:
                return self._apply_draw(change)

    def _apply_poll(
        self,
        change: round_events.PollOpened
        | round_events.PollCounted
        | round_events.PollClosed
        | Voted,
    ) -> Rounds:
        if isinstance(change, round_events.PollOpened):
            return replace(self, poll=change.poll, is_poll_over=False)
        poll = self.poll
        if isinstance(change, round_events.PollClosed):
            own = poll.own_choice if poll and poll.poll_id == change.poll.poll_id else None
            closed = msgspec.structs.replace(change.poll, own_choice=own)
            return replace(self, poll=closed, is_poll_over=True)
        if poll is None or poll.poll_id != change.poll_id:
            return self
        if isinstance(change, Voted):
            return replace(self, poll=msgspec.structs.replace(poll, own_choice=change.choice))
        return replace(self, poll=msgspec.structs.replace(poll, votes=change.votes))

    def _apply_draw(
        self,
        change: round_events.DrawOpened
        | round_events.DrawEntered
        | round_events.DrawClosed
        | Entered
        | Checked,
    ) -> Rounds:
        if isinstance(change, round_events.DrawOpened):
            return replace(self, draw=change.draw, result=None, check="unchecked")
        if self.draw is None or self.draw.draw_id != change.draw_id:
            return self
        match change:
            case round_events.DrawEntered(entries=entries):
                return replace(self, draw=msgspec.structs.replace(self.draw, entries=entries))
            case round_events.DrawClosed():
                return replace(self, result=change)
            case Entered():
                return replace(self, draw=msgspec.structs.replace(self.draw, has_entered=True))
            case Checked(check=check):
                return replace(self, check=check)


def _opened(result: round_events.DrawClosed) -> round_events.DrawInfo:
    """As it must have been, for who came after its end."""
    return round_events.DrawInfo(
        draw_id=result.draw_id,
        prize=result.prize,
        winners_max=result.winners_max,
        commitment=result.commitment,
        entries=result.entries,
        ends_in_ms=0,
    )
