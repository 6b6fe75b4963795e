"""All rooms: what each second brings, and what the control plane asks."""

import asyncio

from tests.unit.server.relay.rig import ROOM_ID, Guest, House
from wire import room_events
from wire.errors import ErrorCode


async def test_tick_when_the_viewers_changed_then_tells_their_number_once() -> None:
    house = House()
    house.go_live()
    guests = [Guest(house) for _ in range(3)]
    house.announced.clear()
    await house.tick(3)
    house.room.leave(guests[0].viewing)
    await house.tick(2)
    assert house.announced == [
        room_events.ViewersChanged(room_id=ROOM_ID, viewers=3),
        room_events.ViewersChanged(room_id=ROOM_ID, viewers=2),
    ]
    assert (house.plane.viewers(ROOM_ID), house.plane.subscribers()) == (2, 2)


async def test_tick_when_the_publisher_stays_away_too_long_then_ends_the_broadcast() -> None:
    house = House()
    publisher = house.go_live()
    guest = Guest(house)
    house.room.lose(publisher)
    await house.tick(300)
    assert house.ended == []
    await house.tick(1)
    assert [(one.broadcast.broadcast_id, one.reason) for one in house.ended] == [
        ("b1", "away_too_long")
    ]
    assert isinstance(guest.told[-1], room_events.BroadcastEnded)
    assert house.plane.broadcast(ROOM_ID) is None


async def test_tick_when_the_room_has_its_own_time_then_waits_so_long_and_heeds_changes() -> None:
    house = House()
    house.room.away_s = 30
    house.room.lose(house.go_live())
    await house.tick(30)
    assert house.ended == []
    house.plane.set_away_s(ROOM_ID, 60)
    await house.tick(30)
    assert house.ended == []
    house.plane.set_away_s(ROOM_ID, 0)
    await house.tick(240)
    assert house.ended == []
    await house.tick(1)
    assert [one.reason for one in house.ended] == ["away_too_long"]


async def test_tick_when_the_end_of_a_broadcast_is_slow_to_store_then_the_others_go_on() -> None:
    house = House()
    house.room.lose(house.go_live())
    house.clock.now_s += 301
    house.plane.tick()
    house.may_store.clear()
    ending = asyncio.get_running_loop().create_task(house.plane.end_overdue())
    await asyncio.sleep(0)
    guest = Guest(house)
    house.announced.clear()
    house.plane.tick()
    assert house.announced == [room_events.ViewersChanged(room_id=ROOM_ID, viewers=1)]
    assert guest.ended == []
    house.may_store.set()
    await ending
    assert [one.reason for one in house.ended] == ["away_too_long"]


async def test_tick_when_a_room_is_empty_then_lets_it_go() -> None:
    house = House()
    guest = Guest(house)
    await house.tick()
    assert ROOM_ID in house.plane.rooms
    house.room.leave(guest.viewing)
    await house.tick()
    assert house.plane.rooms == {}
    assert house.announced[-1] == room_events.ViewersChanged(room_id=ROOM_ID, viewers=0)


async def test_end_when_something_is_live_then_it_goes_into_the_books_once() -> None:
    house = House()
    house.go_live()
    assert await house.plane.end_broadcast(ROOM_ID, "ended")
    assert not await house.plane.end_broadcast(ROOM_ID, "ended")
    assert [one.reason for one in house.ended] == ["ended"]


async def test_figures_when_asked_then_are_those_of_the_broadcast() -> None:
    house = House()
    assert house.plane.broadcast(ROOM_ID) is None
    assert house.plane.media_time_us(ROOM_ID) is None
    assert house.plane.viewers(ROOM_ID) == 0
    assert not await house.plane.end_broadcast(ROOM_ID, "ended")
    publisher = house.go_live()
    await house.send(publisher, "k v")
    info = house.plane.broadcast(ROOM_ID)
    assert info is not None
    assert (info.broadcast_id, info.state) == ("b1", "live")
    assert house.plane.media_time_us(ROOM_ID) == 40_000


def test_guests_when_the_room_closes_its_door_then_are_ended_and_members_stay() -> None:
    house = House()
    house.plane.cut_guests(ROOM_ID)
    house.go_live()
    guest, member = Guest(house), Guest(house)
    member.viewing.is_guest = False
    house.plane.cut_guests(ROOM_ID)
    assert (guest.ended, member.ended) == ([ErrorCode.FORBIDDEN], [])
