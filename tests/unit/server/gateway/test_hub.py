from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from server.gateway.hub import PENDING_MAX, WRITES_AT_ONCE, RoomHub
from tests.server_parts import FakeChannel
from wire.ids import RoomId
from wire.room_events import ViewersChanged

ROOM = RoomId("room")


class BrokenChannel(FakeChannel):
    def write_framed(self, frames: bytes) -> None:
        raise RuntimeError("unable to perform operation on a closed transport")


@pytest.fixture
async def framed() -> list[bytes]:
    return []


@pytest.fixture
async def make_hub(framed: list[bytes]) -> AsyncIterator[Callable[[float], RoomHub]]:
    hubs: list[RoomHub] = []

    def make(batch_s: float = 0.0) -> RoomHub:
        def frame(payload: bytes) -> bytes:
            framed.append(payload)
            return payload

        hubs.append(RoomHub(frame, batch_s=batch_s))
        return hubs[-1]

    yield make
    for hub in hubs:
        await hub.close()


def post(hub: RoomHub, viewers: int) -> None:
    hub.post(ROOM, ViewersChanged(room_id=ROOM, viewers=viewers))


def seen(channel: FakeChannel) -> list[int]:
    return [event.viewers for event in channel.events if isinstance(event, ViewersChanged)]


async def idle(hub: RoomHub) -> None:
    room = hub._rooms.get(ROOM)
    if room is not None and room.writer is not None:
        await asyncio.wait([room.writer])


async def test_post_when_the_room_is_idle_then_the_first_leaves_at_once(
    make_hub: Callable[[float], RoomHub], framed: list[bytes]
) -> None:
    hub = make_hub(3_600.0)
    member = FakeChannel()
    hub.join(ROOM, member, is_guest=True)
    post(hub, 1)
    await asyncio.sleep(0)
    assert seen(member) == [1]
    post(hub, 2)
    post(hub, 3)
    await asyncio.sleep(0)
    assert seen(member) == [1]
    assert framed[0][:1] == b"{"


async def test_post_when_busy_then_batches_framed_once_for_all(
    make_hub: Callable[[float], RoomHub], framed: list[bytes]
) -> None:
    hub = make_hub(0.0)
    members = [FakeChannel() for _ in range(WRITES_AT_ONCE * 2 + 50)]
    for member in members:
        hub.join(ROOM, member, is_guest=True)
    for number in range(100):
        post(hub, number)
    await idle(hub)
    assert all(seen(member) == list(range(100)) for member in members)
    assert len(framed) == 1
    assert framed[0][:1] == b"["


async def test_post_when_many_are_written_then_others_run_in_between(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    members = [FakeChannel() for _ in range(WRITES_AT_ONCE * 3)]
    for member in members:
        hub.join(ROOM, member, is_guest=True)
    post(hub, 1)
    progress: list[int] = []
    while not seen(members[-1]):
        await asyncio.sleep(0)
        progress.append(sum(bool(member.events) for member in members))
    assert WRITES_AT_ONCE in progress
    assert WRITES_AT_ONCE * 2 in progress


async def test_post_when_one_member_is_dead_then_the_others_hear(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    before, dead, after = FakeChannel(), BrokenChannel(), FakeChannel()
    for member in (before, dead, after):
        hub.join(ROOM, member, is_guest=True)
    post(hub, 1)
    await idle(hub)
    assert seen(before) == seen(after) == [1]
    assert not hub.is_member(ROOM, dead)


async def test_join_when_events_wait_then_only_later_ones_reach_the_newcomer(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    old, new = FakeChannel(), FakeChannel()
    hub.join(ROOM, old, is_guest=True)
    post(hub, 1)
    hub.join(ROOM, new, is_guest=True)
    post(hub, 2)
    await idle(hub)
    assert seen(old) == [1, 2]
    assert seen(new) == [2]


async def test_leave_when_events_wait_then_they_do_not_come_any_more(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    stays, goes = FakeChannel(), FakeChannel()
    hub.join(ROOM, stays, is_guest=True)
    hub.join(ROOM, goes, is_guest=True)
    post(hub, 1)
    hub.leave(ROOM, goes)
    hub.leave(ROOM, goes)
    await idle(hub)
    assert (seen(stays), seen(goes)) == ([1], [])
    hub.leave(ROOM, stays)
    assert hub.members(ROOM) == ()
    assert hub._rooms == {}


async def test_post_when_nobody_is_there_then_nothing_is_kept(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    post(hub, 1)
    assert hub._rooms == {}


async def test_post_when_the_loop_is_late_then_bounded_and_counted(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    member = FakeChannel()
    hub.join(ROOM, member, is_guest=True)
    for number in range(PENDING_MAX + 7):
        post(hub, number)
    await idle(hub)
    assert hub.events_dropped == 7
    assert seen(member) == list(range(7, PENDING_MAX + 7))


async def test_remove_guests_when_the_room_closes_then_users_stay(
    make_hub: Callable[[float], RoomHub],
) -> None:
    hub = make_hub(0.0)
    guest, user = FakeChannel(), FakeChannel()
    hub.join(ROOM, guest, is_guest=True)
    hub.join(ROOM, user, is_guest=False)
    assert hub.remove_guests(ROOM) == (guest,)
    assert hub.members(ROOM) == (user,)
    assert hub.remove_guests(RoomId("unknown")) == ()
