from __future__ import annotations

import asyncio

import pytest

from app.errors import RelayRefused
from app.live.like_sender import LikeSender
from wire import chat_commands, command_base, events
from wire.errors import ErrorCode
from wire.ids import RoomId
from wire.limits import LIKES_BATCH_MAX

ROOM = RoomId("r1")


class FakeControl:
    def __init__(self) -> None:
        self.counts: list[int] = []
        self.refuses = False
        self.asked = asyncio.Event()

    async def request(self, command: command_base.Command, _answer: object) -> events.Ok:
        assert isinstance(command, chat_commands.SendLikes)
        self.counts.append(command.count)
        self.asked.set()
        if self.refuses:
            raise RelayRefused(ErrorCode.RATE_LIMITED, "slower")
        return events.Ok()


@pytest.mark.parametrize(("taps", "count"), [(1, 1), (7, 7), (500, LIKES_BATCH_MAX)])
async def test_tap_when_often_then_one_command_within_the_wires_bound(
    taps: int, count: int
) -> None:
    control = FakeControl()
    likes = LikeSender(control, ROOM, gather_s=0)
    for _ in range(taps):
        likes.tap()
    await control.asked.wait()
    assert control.counts == [count]


async def test_tap_when_refused_then_forgotten_and_the_next_goes_out() -> None:
    control = FakeControl()
    control.refuses = True
    likes = LikeSender(control, ROOM, gather_s=0)
    likes.tap()
    await control.asked.wait()
    await asyncio.sleep(0)
    control.asked.clear()
    control.refuses = False
    likes.tap()
    likes.tap()
    await control.asked.wait()
    assert control.counts == [1, 2]


async def test_stop_when_taps_wait_then_nothing_is_sent() -> None:
    control = FakeControl()
    likes = LikeSender(control, ROOM, gather_s=0)
    likes.tap()
    likes.stop()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert control.counts == []
