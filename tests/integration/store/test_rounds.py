"""Polls and lucky draws on real services: who may, what is told, what a restart leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pytest

from server.draws.service import RESULT_S
from tests.server_parts import Parts, Socket
from wire import (
    draws,
    event_base,
    events,
    room_commands,
    room_events,
    round_commands,
    round_events,
)
from wire.errors import ErrorCode
from wire.ids import RoomId

if TYPE_CHECKING:
    from server.store.store import Store

_Event = TypeVar("_Event", bound=event_base.Event)


class Hall:
    """A room, its owner, and viewers who have joined."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.owner = Socket(parts)
        self.room_id = RoomId("")

    async def open(self) -> None:
        await self.owner.register("Ada")
        answer = await self.owner.ask(room_commands.CreateRoom, name="Hall")
        assert isinstance(answer, room_events.RoomDetails)
        self.room_id = answer.room.room_id
        await self.owner.ask(room_commands.JoinRoom, room_id=self.room_id)

    async def viewer(self, name: str) -> Socket:
        socket = Socket(self.parts)
        await socket.register(name)
        await socket.ask(room_commands.JoinRoom, room_id=self.room_id)
        return socket

    async def poll(self, **fields: object) -> round_events.PollInfo:
        given = {"question": "Which song?", "choices": ("one", "two"), "seconds": 60, **fields}
        answer = await self.owner.ask(round_commands.OpenPoll, room_id=self.room_id, **given)
        assert isinstance(answer, round_events.PollDetails), answer
        return answer.poll

    async def draw(self, **fields: object) -> round_events.DrawInfo:
        given = {"prize": "a mug", "seconds": 60, **fields}
        answer = await self.owner.ask(round_commands.OpenDraw, room_id=self.room_id, **given)
        assert isinstance(answer, round_events.DrawDetails), answer
        return answer.draw

    async def vote(
        self, socket: Socket, poll: round_events.PollInfo, choice: int
    ) -> event_base.Answer:
        return await socket.ask(
            round_commands.VotePoll, room_id=self.room_id, poll_id=poll.poll_id, choice=choice
        )

    async def enter(self, socket: Socket, draw: round_events.DrawInfo) -> event_base.Answer:
        return await socket.ask(
            round_commands.EnterDraw, room_id=self.room_id, draw_id=draw.draw_id
        )


@pytest.fixture
async def hall(parts: Parts) -> Hall:
    hall = Hall(parts)
    await hall.open()
    return hall


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


async def heard(socket: Socket, kind: type[_Event]) -> list[_Event]:
    """What was told so far, once the hub has written it."""
    for _ in range(5):
        await asyncio.sleep(0.002)
    return [event for event in socket.channel.events if isinstance(event, kind)]


# --- polls --------------------------------------------------------------------------------------


async def test_poll_when_voted_then_counted_once_a_user_and_told_once_a_tick(hall: Hall) -> None:
    bo, cleo = await hall.viewer("Bo"), await hall.viewer("Cleo")
    poll = await hall.poll()
    assert isinstance(await hall.vote(bo, poll, 0), events.Ok)
    assert isinstance(await hall.vote(cleo, poll, 1), events.Ok)
    assert isinstance(await hall.vote(bo, poll, 1), events.Ok)
    assert await heard(bo, round_events.PollCounted) == []
    await hall.parts.polls.tick()
    await hall.parts.polls.tick()
    assert [event.votes for event in await heard(bo, round_events.PollCounted)] == [(0, 2)]
    hall.parts.time.pass_s(61)
    assert code_of(await hall.vote(bo, poll, 0)) is ErrorCode.WRONG_STATE
    await hall.parts.polls.tick()
    (closed,) = await heard(bo, round_events.PollClosed)
    assert (closed.poll.votes, closed.poll.ends_in_ms) == ((0, 2), 0)
    assert code_of(await hall.vote(bo, poll, 0)) is ErrorCode.NOT_FOUND


async def test_poll_when_joined_late_then_there_with_ones_own_choice(hall: Hall) -> None:
    bo = await hall.viewer("Bo")
    poll = await hall.poll()
    await hall.vote(bo, poll, 1)
    hall.parts.time.pass_s(20)
    again = await bo.ask(room_commands.JoinRoom, room_id=hall.room_id)
    guest = await Socket(hall.parts).ask(room_commands.JoinRoom, room_id=hall.room_id)
    assert isinstance(again, room_events.RoomJoined)
    assert isinstance(guest, room_events.RoomJoined)
    assert again.poll is not None
    assert guest.poll is not None
    assert (again.poll.own_choice, again.poll.ends_in_ms) == (1, 40_000)
    assert (guest.poll.own_choice, guest.poll.votes) == (None, (0, 1))


async def test_poll_when_a_viewer_opens_or_closes_one_then_refused(hall: Hall) -> None:
    bo = await hall.viewer("Bo")
    room_id = hall.room_id
    opened = await bo.ask(
        round_commands.OpenPoll, room_id=room_id, question="?", choices=("a", "b"), seconds=60
    )
    assert code_of(opened) is ErrorCode.FORBIDDEN
    poll = await hall.poll()
    closed = await bo.ask(round_commands.ClosePoll, room_id=room_id, poll_id=poll.poll_id)
    assert code_of(closed) is ErrorCode.FORBIDDEN


async def test_poll_when_one_is_open_then_no_second_and_after_closing_another(hall: Hall) -> None:
    poll = await hall.poll()
    fields = {"question": "?", "choices": ("a", "b"), "seconds": 60}
    second = await hall.owner.ask(round_commands.OpenPoll, room_id=hall.room_id, **fields)
    assert code_of(second) is ErrorCode.WRONG_STATE
    closed = await hall.owner.ask(
        round_commands.ClosePoll, room_id=hall.room_id, poll_id=poll.poll_id
    )
    assert isinstance(closed, round_events.PollDetails)
    assert (await hall.poll()).poll_id != poll.poll_id


async def test_poll_when_voted_for_nothing_or_from_outside_then_refused(hall: Hall) -> None:
    poll = await hall.poll()
    outsider = Socket(hall.parts)
    await outsider.register("Dan")
    assert code_of(await hall.vote(outsider, poll, 0)) is ErrorCode.WRONG_STATE
    assert code_of(await hall.vote(hall.owner, poll, 2)) is ErrorCode.INVALID_VALUE


async def test_poll_when_all_vote_at_once_then_none_is_lost(hall: Hall) -> None:
    viewers = [await hall.viewer(f"Viewer {number}") for number in range(12)]
    poll = await hall.poll()
    await asyncio.gather(*(hall.vote(one, poll, at % 2) for at, one in enumerate(viewers)))
    await asyncio.gather(*(hall.vote(one, poll, 0) for one in viewers))
    found = hall.parts.polls.find(hall.room_id, None)
    assert found is not None
    assert found.votes == (12, 0)


# --- draws --------------------------------------------------------------------------------------


async def test_draw_when_over_then_everybody_can_check_it(hall: Hall) -> None:
    viewers = [await hall.viewer(f"Viewer {number}") for number in range(7)]
    draw = await hall.draw(winners=3)
    answers = await asyncio.gather(*(hall.enter(one, draw) for one in (*viewers, *viewers)))
    assert all(isinstance(answer, events.Ok) for answer in answers)
    assert code_of(await hall.enter(hall.owner, draw)) is ErrorCode.FORBIDDEN
    early = await viewers[0].ask(
        round_commands.ListDrawEntries, room_id=hall.room_id, draw_id=draw.draw_id
    )
    assert code_of(early) is ErrorCode.WRONG_STATE, "the seed is told to nobody yet"
    await hall.parts.draws.tick()
    assert [told.entries for told in await heard(viewers[0], round_events.DrawEntered)] == [7]
    hall.parts.time.pass_s(60)
    assert code_of(await hall.enter(viewers[0], draw)) is ErrorCode.WRONG_STATE
    await hall.parts.draws.tick()
    await hall.parts.draws.tick()
    (closed,) = await heard(viewers[0], round_events.DrawClosed)
    listed = await viewers[0].ask(
        round_commands.ListDrawEntries, room_id=hall.room_id, draw_id=draw.draw_id
    )
    assert isinstance(listed, round_events.DrawEntries)
    assert sorted(listed.entries) == sorted(one.session.user_id or "" for one in viewers)
    assert len(closed.winners) == 3
    assert all(winner.name.startswith("Viewer") for winner in closed.winners)
    assert draws.verify(
        commitment=draw.commitment,
        seed=closed.seed,
        entries=listed.entries,
        entries_sha256=closed.entries_sha256,
        winners_max=draw.winners_max,
        winners=[winner.user_id for winner in closed.winners],
    )


async def test_draw_when_nobody_enters_then_nobody_wins(hall: Hall) -> None:
    await hall.draw()
    hall.parts.time.pass_s(60)
    await hall.parts.draws.tick()
    (closed,) = await heard(hall.owner, round_events.DrawClosed)
    assert (closed.entries, closed.winners) == (0, ())


async def test_draw_when_closed_before_its_time_then_drawn_at_once_and_only_once(
    hall: Hall,
) -> None:
    bo = await hall.viewer("Bo")
    draw = await hall.draw()
    await hall.enter(bo, draw)
    fields = {"room_id": hall.room_id, "draw_id": draw.draw_id}
    assert code_of(await bo.ask(round_commands.CloseDraw, **fields)) is ErrorCode.FORBIDDEN
    answers = await asyncio.gather(
        hall.owner.ask(round_commands.CloseDraw, **fields), hall.parts.draws.tick()
    )
    assert isinstance(answers[0], events.Ok)
    assert code_of(await hall.enter(bo, draw)) is ErrorCode.NOT_FOUND
    assert code_of(await hall.owner.ask(round_commands.CloseDraw, **fields)) is ErrorCode.NOT_FOUND
    hall.parts.time.pass_s(60)
    await hall.parts.draws.tick()
    (closed,) = await heard(bo, round_events.DrawClosed)
    assert [winner.name for winner in closed.winners] == ["Bo"]


async def test_draw_when_closed_twice_and_another_opened_between_then_that_one_stays(
    hall: Hall,
) -> None:
    bo = await hall.viewer("Bo")
    first = await hall.draw()
    fields = {"room_id": hall.room_id, "draw_id": first.draw_id}
    async with asyncio.TaskGroup() as tasks:
        closing = tasks.create_task(hall.owner.ask(round_commands.CloseDraw, **fields))
        await asyncio.sleep(0)
        # Entries are numbered one after the other: the second closing waits behind these.
        for _ in range(20):
            tasks.create_task(hall.enter(bo, first))
        await asyncio.sleep(0)
        tasks.create_task(hall.owner.ask(round_commands.CloseDraw, **fields))
        await closing
        second = await hall.draw()
    assert hall.parts.draws.find(hall.room_id, has_entered=False) is not None
    assert isinstance(await hall.enter(bo, second), events.Ok)


async def test_draw_when_a_viewer_opens_one_then_refused(hall: Hall) -> None:
    bo = await hall.viewer("Bo")
    opened = await bo.ask(round_commands.OpenDraw, room_id=hall.room_id, prize="a mug")
    assert code_of(opened) is ErrorCode.FORBIDDEN


# --- a restart ----------------------------------------------------------------------------------


async def test_rounds_when_the_relay_restarts_then_they_go_on_and_keep_their_promise(
    open_store: Callable[[], Store],
) -> None:
    before, after = Parts(open_store()), Parts(open_store())
    hall = Hall(before)
    await hall.open()
    bo = await hall.viewer("Bo")
    poll, draw = await hall.poll(), await hall.draw()
    await hall.vote(bo, poll, 1)
    await hall.enter(bo, draw)
    after.time.pass_s(120)
    await after.polls.restore()
    await after.draws.restore()
    await after.polls.tick()
    await after.draws.tick()
    assert after.polls.find(hall.room_id, None) is not None, "members have time to come back"
    member = Socket(after)
    joined = await member.ask(room_commands.JoinRoom, room_id=hall.room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.draw is not None
    assert joined.draw.commitment == draw.commitment
    after.time.pass_s(10)
    await after.polls.tick()
    await after.draws.tick()
    (poll_closed,) = await heard(member, round_events.PollClosed)
    (draw_closed,) = await heard(member, round_events.DrawClosed)
    assert poll_closed.poll.votes == (0, 1)
    assert [winner.name for winner in draw_closed.winners] == ["Bo"]
    assert draws.commit(bytes.fromhex(draw_closed.seed)) == draw.commitment
    await before.close()
    await after.close()


async def test_draw_when_joined_after_its_end_then_the_result_is_told_for_some_minutes(
    hall: Hall,
) -> None:
    bo = await hall.viewer("Bo")
    draw = await hall.draw()
    await hall.enter(bo, draw)
    hall.parts.time.pass_s(61)
    await hall.parts.draws.tick()
    (closed,) = await heard(bo, round_events.DrawClosed)

    async def result() -> round_events.DrawClosed | None:
        joined = await bo.ask(room_commands.JoinRoom, room_id=hall.room_id)
        assert isinstance(joined, room_events.RoomJoined)
        return joined.draw_result

    assert await result() == closed
    hall.parts.time.pass_s(RESULT_S - 1)
    assert await result() == closed
    await hall.draw()
    assert await result() is None, "another one is open"
    hall.parts.time.pass_s(2)
    await hall.parts.draws.tick()
    assert await result() is None
