from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from app.errors import RelayUnreachable
from app.live.round_player import RoundPlayer
from app.state.rounds import Checked, Entered, Rounds, Voted
from tests.unit.app.state.test_rounds import CLOSED, DRAW
from wire import command_base, draws, event_base, events, round_commands, round_events
from wire.ids import DrawId, PollId, RoomId, UserId

ROOM = RoomId("r1")
SEED = bytes(range(32))
USERS = [UserId(f"u{number}") for number in range(1_500)]


class FakeControl:
    """A relay that holds a closed draw."""

    def __init__(self, entries: list[UserId]) -> None:
        self.entries = entries
        self.asked: list[command_base.Command] = []
        self.is_away = False

    async def request(self, command: command_base.Command, _answer: object) -> event_base.Answer:
        if self.is_away:
            raise RelayUnreachable("away")
        self.asked.append(command)
        if isinstance(command, round_commands.ListDrawEntries):
            page = self.entries[command.after : command.after + 1_000]
            return round_events.DrawEntries(seed=SEED.hex(), winners_max=1, entries=tuple(page))
        return events.Ok()


def over(entries: list[UserId], *, has_entered: bool = False) -> Rounds:
    winners = draws.choose_winners(SEED, entries, 1)
    result = msgspec.structs.replace(
        CLOSED,
        seed=SEED.hex(),
        entries=len(entries),
        entries_sha256=draws.hash_entries(entries),
        winners=tuple(event_base.UserInfo(user_id=user, name="") for user in winners),
    )
    draw = msgspec.structs.replace(DRAW, commitment=draws.commit(SEED), has_entered=has_entered)
    return Rounds(draw=draw, result=result)


async def check(control: FakeControl, rounds: Rounds, own: str = "") -> list[object]:
    told: list[object] = []
    await RoundPlayer(control, ROOM, told.append).check(rounds, own)
    return told


async def test_check_when_fair_then_right_however_long_the_list() -> None:
    control = FakeControl(USERS)
    assert await check(control, over(USERS)) == [Checked(DrawId("d1"), "right")]
    assert len(control.asked) == 2


async def test_check_when_the_seed_is_not_the_one_that_was_promised_then_wrong() -> None:
    rounds = over(USERS)
    assert rounds.draw is not None
    other = msgspec.structs.replace(rounds.draw, commitment="0" * 64)
    told = await check(FakeControl(USERS), replace(rounds, draw=other))
    assert told == [Checked(DrawId("d1"), "wrong")]


async def test_check_when_ones_own_entry_was_left_out_then_wrong() -> None:
    told = await check(FakeControl(USERS), over(USERS, has_entered=True), own="me")
    assert told == [Checked(DrawId("d1"), "wrong")]


async def test_check_when_the_list_cannot_be_had_then_nothing_is_claimed() -> None:
    control = FakeControl(USERS)
    control.is_away = True
    assert await check(control, over(USERS)) == []


async def test_vote_and_enter_when_taken_then_told_and_when_not_then_raised() -> None:
    told: list[object] = []
    control = FakeControl([])
    player = RoundPlayer(control, ROOM, told.append)
    await player.vote(PollId("p1"), 1)
    await player.enter(DrawId("d1"))
    assert told == [Voted(PollId("p1"), 1), Entered(DrawId("d1"))]
    control.is_away = True
    with pytest.raises(RelayUnreachable):
        await player.vote(PollId("p1"), 0)
    assert len(told) == 2
