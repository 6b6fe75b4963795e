from server.relay.keyframe_requests import (
    FRESH_S,
    REQUEST_INTERVAL_S,
    ROOM_REQUESTS,
    VIEWER_REQUESTS,
    KeyframeRequests,
)
from tests.unit.server.relay.rig import LARGE_PICTURE, SMALL_PICTURE, SOUND, Guest, House


def test_take_when_a_room_asks_on_and_on_then_it_is_one_request_in_two_seconds() -> None:
    requests = KeyframeRequests()
    taken = sum(requests.take(0, 100.0 + second) for second in range(101))
    assert taken == ROOM_REQUESTS.burst + 100 * ROOM_REQUESTS.per_s


def test_take_when_another_publisher_begins_then_it_is_asked_at_once() -> None:
    requests = KeyframeRequests()
    assert requests.take(0, 100.0)
    assert not requests.take(0, 100.1)
    requests.begin()
    assert requests.take(0, 100.2)


async def test_request_when_many_viewers_wait_then_the_publisher_is_asked_once() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE, SOUND)
    await house.send(publisher, "k v", layer=1)
    guests = [Guest(house, layer=1) for _ in range(5)]
    house.clock.now_s += FRESH_S
    for guest in guests:
        house.room.heed_keyframe_request(guest.viewing)
    assert publisher.keyframes_asked == [1]
    house.clock.now_s += REQUEST_INTERVAL_S
    house.room.heed_keyframe_request(guests[4].viewing)
    assert publisher.keyframes_asked == [1, 1]


async def test_request_when_a_keyframe_is_on_its_way_then_nobody_is_asked() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, SOUND)
    await house.send(publisher, "k v")
    guest = Guest(house)
    house.clock.now_s += FRESH_S / 2
    house.room.heed_keyframe_request(guest.viewing)
    assert publisher.keyframes_asked == []


async def test_request_when_there_is_no_picture_to_wait_for_then_nobody_is_asked() -> None:
    house = House()
    publisher = house.go_live(SOUND)
    guest = Guest(house)
    house.room.heed_keyframe_request(guest.viewing)
    house.room.update_tracks(publisher, (SMALL_PICTURE, SOUND))
    house.room.heed_keyframe_request(guest.viewing)  # it gets nothing but from a keyframe on
    await house.send(publisher, "k")
    listener = Guest(house, audio_only=True)
    house.clock.now_s += FRESH_S
    house.room.heed_keyframe_request(listener.viewing)
    assert publisher.keyframes_asked == []


async def test_request_when_one_viewer_asks_without_end_then_its_allowance_ends() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, SOUND)
    await house.send(publisher, "k v")
    greedy, other = Guest(house), Guest(house)
    for _ in range(9):
        house.clock.now_s += REQUEST_INTERVAL_S
        house.room.heed_keyframe_request(greedy.viewing)
    assert len(publisher.keyframes_asked) == VIEWER_REQUESTS.burst
    house.room.heed_keyframe_request(other.viewing)
    assert len(publisher.keyframes_asked) == VIEWER_REQUESTS.burst + 1


async def test_layers_when_a_viewer_changes_them_without_end_then_the_publisher_is_spared() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE, SOUND)
    for layer in (0, 1):
        await house.send(publisher, "k", layer=layer)
    guest = Guest(house)
    for second in range(60):
        house.clock.now_s += 1
        house.room.select(guest.viewing, second % 2, audio_only=bool(second % 3))
        house.room.select(guest.viewing, 1 - second % 2, audio_only=False)
    assert len(publisher.keyframes_asked) <= ROOM_REQUESTS.burst + 60 * ROOM_REQUESTS.per_s
