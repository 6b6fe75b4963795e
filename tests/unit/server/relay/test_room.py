"""One room: the table of its broadcast's states, its publishers and what its viewers are told."""

from collections.abc import Callable

import pytest
from msgspec import structs

from server.relay.keyframe_requests import REQUEST_INTERVAL_S
from tests.unit.server.relay.rig import (
    LARGE_PICTURE,
    PICTURE,
    SMALL_PICTURE,
    SOUND,
    FakePublisher,
    Guest,
    House,
)
from wire import event_base, media_events
from wire.errors import ErrorCode, PacketError
from wire.media_commands import Report
from wire.media_packet import Flags, Kind, MediaPacket, pack


def names(told: list[event_base.Event]) -> list[str]:
    return [type(event).__name__ for event in told]


def state(house: House) -> str | None:
    broadcast = house.room.broadcast
    return broadcast.info().state if broadcast else None


# --- the table ----------------------------------------------------------------------------------


class Play:
    """A house and the publisher that its broadcast began with."""

    def __init__(self) -> None:
        self.house = House()
        self.publisher = FakePublisher()

    def start(self) -> None:
        self.publisher = self.house.go_live()

    def start_another(self) -> None:
        self.house.go_live(broadcast="b2")

    def lose(self) -> None:
        self.house.room.lose(self.publisher)

    def end(self) -> None:
        self.house.room.end("ended")


def nothing() -> Play:
    return Play()


def live() -> Play:
    play = Play()
    play.start()
    return play


def away() -> Play:
    play = live()
    play.lose()
    return play


TABLE: list[tuple[Callable[[], Play], Callable[[Play], None], str | None, list[str]]] = [
    (nothing, Play.start, "live", ["BroadcastStarted"]),
    (nothing, Play.lose, None, []),
    (nothing, Play.end, None, []),
    (live, Play.start, "live", ["BroadcastResumed"]),
    (live, Play.start_another, "live", ["BroadcastEnded", "BroadcastStarted"]),
    (live, Play.lose, "away", ["BroadcastAway"]),
    (live, Play.end, None, ["BroadcastEnded"]),
    (away, Play.start, "live", ["BroadcastResumed"]),
    (away, Play.start_another, "live", ["BroadcastEnded", "BroadcastStarted"]),
    (away, Play.lose, "away", []),
    (away, Play.end, None, ["BroadcastEnded"]),
]


@pytest.mark.parametrize(("begin", "happens", "after", "told"), TABLE)
def test_broadcast_when_something_happens_then_follows_the_table_and_all_are_told(
    begin: Callable[[], Play],
    happens: Callable[[Play], None],
    after: str | None,
    told: list[str],
) -> None:
    play = begin()
    guest = Guest(play.house)
    play.house.announced.clear()
    happens(play)
    assert state(play.house) == after
    assert names(play.house.announced) == told
    assert names(guest.told) == told


# --- publishers ---------------------------------------------------------------------------------


async def test_publisher_when_replaced_then_is_dismissed_and_its_packets_vanish() -> None:
    house = House()
    old = house.go_live()
    guest = Guest(house)
    await house.send(old, "k v")
    new = house.go_live()
    await house.send(old, "k v a")
    await house.send(new, "v k v")
    await house.send(old, "v")
    assert old.dismissed == [ErrorCode.REPLACED]
    assert guest.got == "k1 v1 k3 v4"
    assert not house.room.lose(old)
    assert (state(house), house.room.is_published_by(new)) == ("live", True)


async def test_publisher_when_it_comes_back_then_viewers_get_nothing_old() -> None:
    house = House()
    first = house.go_live()
    guest = Guest(house)
    await house.send(first, "k a v")
    guest.pause()
    await house.send(first, "v v a")
    house.room.lose(first)
    await house.send(first, "v")
    second = house.go_live()
    guest.resume()
    late = Guest(house)
    assert late.got == ""
    await house.send(second, "v a k v")
    assert guest.got == "k1 a1 v1 a3 k2 v6"
    assert late.got == "a3 k2 v6"


async def test_publisher_when_the_broadcast_is_ended_by_others_then_is_dismissed() -> None:
    house = House()
    publisher = house.go_live()
    ended = house.room.end("ended")
    assert publisher.dismissed == [ErrorCode.BROADCAST_ENDED]
    assert ended is not None
    await house.send(publisher, "k")
    assert house.plane.counters.packets_received == 0


async def test_packet_when_its_track_was_not_announced_then_is_refused() -> None:
    house = House()
    publisher = house.go_live(PICTURE)
    with pytest.raises(PacketError, match="no track"):
        await house.send(publisher, "a")
    with pytest.raises(PacketError, match="no track"):
        await house.send(publisher, "k", layer=1)
    house.room.update_tracks(publisher, (PICTURE, SOUND))
    await house.send(publisher, "a")


@pytest.mark.parametrize(("flags", "is_taken"), [(Flags.NONE, False), (Flags.END_OF_TRACK, True)])
async def test_packet_when_without_payload_then_only_the_end_of_a_track_is_taken(
    flags: Flags, *, is_taken: bool
) -> None:
    house = House()
    publisher = house.go_live()
    message = pack(MediaPacket(Kind.AUDIO, 0, flags, 1, 1, 1, b""))
    if is_taken:
        await house.room.ingest(publisher, message, b"end,")
    else:
        with pytest.raises(PacketError, match="without payload"):
            await house.room.ingest(publisher, message, b"end,")


async def test_broadcast_when_packets_come_then_keeps_the_books() -> None:
    house = House()
    publisher = house.go_live(last_pts_us=70_000)
    guests = [Guest(house) for _ in range(3)]
    await house.send(publisher, "k v a")
    house.room.leave(guests[0].viewing)
    house.room.leave(guests[0].viewing)
    broadcast = house.room.broadcast
    assert broadcast is not None
    assert (broadcast.packets, broadcast.bytes_received) == (3, 3 * 31)
    assert (broadcast.last_pts_us, broadcast.viewers_peak) == (70_000, 3)
    assert house.plane.counters.bytes_received == 3 * 31
    assert house.plane.counters.bytes_forwarded == 3 * len("k1,v1,a1,")


def test_keyframe_when_many_ask_then_the_publisher_is_asked_once_a_second() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE)
    for _ in range(5):
        Guest(house, layer=1)
    Guest(house, layer=0)
    assert publisher.keyframes_asked == [1, 0]
    house.clock.now_s += REQUEST_INTERVAL_S
    Guest(house, layer=1)
    assert publisher.keyframes_asked == [1, 0, 1]


def test_keyframe_when_the_publisher_is_away_then_nobody_is_asked() -> None:
    house = House()
    publisher = house.go_live()
    house.room.lose(publisher)
    house.room.ask_for_keyframe(0)
    assert publisher.keyframes_asked == []


async def test_drops_when_a_viewer_leaves_before_it_is_told_of_them_then_they_count() -> None:
    house = House()
    publisher = house.go_live(PICTURE, SOUND)
    guest = Guest(house)
    await house.send(publisher, "k")
    guest.pause()
    await house.send(publisher, "v v a")
    house.clock.now_s += 10
    await house.send(publisher, "v a")
    house.room.leave(guest.viewing)
    counters = house.plane.counters
    assert (counters.video_dropped, counters.audio_dropped) == (3, 1)
    house.room.leave(guest.viewing)
    assert counters.video_dropped == 3


# --- tracks -------------------------------------------------------------------------------------


async def test_tracks_when_they_change_then_all_are_told_and_wait_for_a_keyframe() -> None:
    house = House()
    publisher = house.go_live(PICTURE, SOUND)
    guest = Guest(house)
    await house.send(publisher, "k v")
    house.room.update_tracks(publisher, (PICTURE,))
    house.room.update_tracks(publisher, (PICTURE,))
    house.room.update_tracks(FakePublisher(), (SOUND,))
    await house.send(publisher, "v k")
    assert names(guest.told) == ["TracksChanged"]
    assert guest.got == "k1 v1 k2"


async def test_layer_when_its_track_goes_then_its_viewers_are_told_the_next() -> None:
    house = House()
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE)
    high, low = Guest(house, layer=1), Guest(house, layer=0)
    house.room.update_tracks(publisher, (SMALL_PICTURE,))
    await house.send(publisher, "k")
    assert high.told[1:] == [media_events.LayerSelected(layer=0, reason="layer_gone")]
    assert names(low.told) == ["TracksChanged"]
    assert (high.got, low.got) == ("k1", "k1")


async def test_viewers_when_there_is_sound_only_then_hear_and_pictures_may_follow() -> None:
    house = House()
    publisher = house.go_live(SOUND)
    guest = Guest(house)
    assert guest.layer is None
    await house.send(publisher, "a a")
    house.room.update_tracks(publisher, (PICTURE, SOUND))
    await house.send(publisher, "a k a")
    assert guest.got == "a1 a2 a3 k1 a4"
    assert publisher.keyframes_asked == []


async def test_viewer_when_it_came_before_the_broadcast_then_gets_it_from_the_start() -> None:
    house = House()
    guest = Guest(house, layer=0)
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE, SOUND)
    await house.send(publisher, "k a v")
    assert names(guest.told) == ["BroadcastStarted"]
    assert guest.got == "k1 a1 v1"


# --- quality ------------------------------------------------------------------------------------


async def a_house_with_two_layers() -> tuple[House, FakePublisher]:
    house = House()
    publisher = house.go_live(
        structs.replace(SMALL_PICTURE, bit_rate_bps=200_000),
        structs.replace(LARGE_PICTURE, bit_rate_bps=800_000),
        SOUND,
    )
    for layer in (0, 1):
        await house.send(publisher, "k", layer=layer)
    return house, publisher


async def send_both(house: House, publisher: FakePublisher, sort: str) -> None:
    for layer in (0, 1):
        await house.send(publisher, sort, layer=layer)


async def test_quality_when_chosen_then_changes_at_the_keyframe_and_is_told() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    house.room.select(guest.viewing, 0, audio_only=False)
    assert publisher.keyframes_asked == [0]
    await send_both(house, publisher, "v")
    await send_both(house, publisher, "k")
    await send_both(house, publisher, "v")
    assert guest.got == "k2@1 v2@1 k3 v3"
    assert guest.told == [media_events.LayerSelected(layer=0, reason="chosen")]


async def test_quality_when_only_sound_is_chosen_then_pictures_stop_until_taken_back() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    house.room.select(guest.viewing, "auto", audio_only=True)
    await send_both(house, publisher, "v")
    await house.send(publisher, "a")
    house.room.select(guest.viewing, 0, audio_only=True)
    await send_both(house, publisher, "k")
    assert guest.got == "k2@1 a1"
    house.room.select(guest.viewing, 0, audio_only=False)
    await send_both(house, publisher, "v")
    await send_both(house, publisher, "k")
    assert guest.got == "k2@1 a1 k5"
    assert guest.told == [
        media_events.LayerSelected(layer=0, audio_only=True, reason="chosen"),
        media_events.LayerSelected(layer=0, reason="chosen"),
    ]


async def test_quality_when_nothing_is_live_then_the_wish_is_kept() -> None:
    house = House()
    guest = Guest(house)
    house.room.select(guest.viewing, 0, audio_only=False)
    publisher = house.go_live(SMALL_PICTURE, LARGE_PICTURE)
    await send_both(house, publisher, "k")
    assert guest.got == "k1"


async def lag(house: House, publisher: FakePublisher, guest: Guest) -> None:
    guest.pause()
    await send_both(house, publisher, "v")
    house.clock.now_s += 2.5
    await send_both(house, publisher, "v")
    guest.resume()


async def test_viewer_when_its_link_lags_then_goes_down_and_climbs_after_a_calm_while() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    await lag(house, publisher, guest)
    assert publisher.keyframes_asked == [0]
    await send_both(house, publisher, "k")
    assert guest.told == [
        media_events.LayerSelected(layer=0, reason="viewer_slow"),
        media_events.SubscriberLagged(video_dropped=2, audio_dropped=0, lagged_ms=0),
    ]
    guest.told.clear()
    await house.tick(9)
    await send_both(house, publisher, "k")
    assert guest.told == []
    await house.tick(1)
    await send_both(house, publisher, "k")
    assert guest.told == [media_events.LayerSelected(layer=1, reason="recovered")]
    assert house.plane.counters.lags == 1
    assert house.plane.counters.video_dropped == 2


async def test_viewer_when_it_lags_before_a_climb_then_the_climb_is_called_off() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    await lag(house, publisher, guest)
    await send_both(house, publisher, "k")
    await house.tick(10)
    assert guest.subscriber.target == 1
    await lag(house, publisher, guest)
    assert guest.subscriber.target is None


async def test_viewer_when_it_chose_its_layer_then_keeps_it_through_a_lag() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house, layer=1)
    await lag(house, publisher, guest)
    await send_both(house, publisher, "k")
    assert names(guest.told) == ["SubscriberLagged"]
    assert guest.subscriber.group == 1


async def lag_at(house: House, publisher: FakePublisher, guest: Guest, bps: int) -> None:
    """Full for three seconds, in which so much arrived at it."""
    guest.pause()
    guest.buffered = 10_000_000
    await send_both(house, publisher, "k")
    for _ in range(3):
        await house.tick()
        guest.buffered -= bps // 8
    await send_both(house, publisher, "k")
    guest.resume()
    guest.buffered = 0


async def test_viewer_when_not_even_the_lowest_fits_then_has_sound_and_pictures_when_calm() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    for _ in range(3):
        await lag_at(house, publisher, guest, 40_000)
        await send_both(house, publisher, "k")
    moves = [one for one in guest.told if isinstance(one, media_events.LayerSelected)]
    assert moves == [
        media_events.LayerSelected(layer=0, reason="viewer_slow"),
        media_events.LayerSelected(layer=0, audio_only=True, reason="viewer_slow"),
    ]
    guest.socket.writes.clear()
    await send_both(house, publisher, "k")
    await house.send(publisher, "a")
    assert guest.got == "a1"
    guest.told.clear()
    await house.tick(121)
    await send_both(house, publisher, "k")
    assert guest.told == [media_events.LayerSelected(layer=0, reason="recovered")]
    assert guest.got.startswith("a1 k")


async def test_viewer_when_cut_to_sound_then_gets_pictures_of_a_publisher_that_comes_back() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    for _ in range(3):
        await lag_at(house, publisher, guest, 40_000)
        await send_both(house, publisher, "k")
    assert guest.subscriber.audio_only
    house.room.lose(publisher)
    back = house.go_live(SMALL_PICTURE, LARGE_PICTURE, SOUND)
    assert guest.told[-1] == media_events.LayerSelected(
        layer=guest.subscriber.group, reason="recovered"
    )
    guest.socket.writes.clear()
    await send_both(house, back, "k")
    assert guest.got.startswith("k")


async def test_viewer_when_its_pin_cannot_hold_then_is_told_the_layer_that_does() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house, layer=1)
    for _ in range(3):
        await lag(house, publisher, guest)
        await send_both(house, publisher, "k")
    assert guest.subscriber.group == 0
    assert media_events.LayerSelected(layer=0, reason="viewer_slow") in guest.told


async def test_viewer_when_its_decoder_is_busy_then_moves_at_the_keyframe_and_is_told_why() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    for second in range(5):
        house.room.heed(guest.viewing, Report(frames=25 * second, decode_ms=60))
    await send_both(house, publisher, "v")
    assert guest.got == "k2@1 v2@1"
    await send_both(house, publisher, "k")
    assert guest.got == "k2@1 v2@1 k3"
    assert guest.told == [media_events.LayerSelected(layer=0, reason="viewer_busy")]


async def test_viewer_when_it_stalls_then_its_layer_stops_at_once() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    for stalls in range(3):
        house.room.heed(guest.viewing, Report(stalls=stalls))
    await send_both(house, publisher, "v")
    assert guest.got == "k2@1"
    await send_both(house, publisher, "k")
    await send_both(house, publisher, "v")
    assert guest.got == "k2@1 k3 v3"


async def test_viewer_when_it_saves_data_then_stays_on_a_layer_that_takes_little() -> None:
    house = House()
    small = structs.replace(SMALL_PICTURE, bit_rate_bps=600_000)
    large = structs.replace(LARGE_PICTURE, bit_rate_bps=2_500_000)
    publisher = house.go_live(small, large, SOUND)
    guest = Guest(house)
    await send_both(house, publisher, "k")
    house.room.select(guest.viewing, "auto", audio_only=False, saves_data=True)
    await send_both(house, publisher, "k")
    assert guest.told == [media_events.LayerSelected(layer=0, reason="data_saver")]
    await house.tick(60)
    assert guest.subscriber.target is None


async def test_viewers_when_the_host_is_away_then_nobody_climbs() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    await lag(house, publisher, guest)
    await send_both(house, publisher, "k")
    house.room.lose(publisher)
    await house.tick(60)
    assert guest.subscriber.target is None


async def test_viewer_when_the_layer_it_waits_for_stays_away_then_goes_on_with_its_own() -> None:
    house, publisher = await a_house_with_two_layers()
    guest = Guest(house)
    await lag(house, publisher, guest)
    await house.send(publisher, "k", layer=1)
    await house.tick(7)
    guest.socket.writes.clear()
    await house.send(publisher, "k v", layer=1)
    assert guest.got == "k4@1 v5@1"


# --- the stuck ----------------------------------------------------------------------------------


async def test_viewer_when_its_link_takes_nothing_then_is_ended_after_ten_seconds() -> None:
    house = House()
    house.go_live()
    stuck, fine = Guest(house), Guest(house)
    stuck.pause()
    stuck.buffered = 5_000
    await house.tick(11)
    assert stuck.ended == []
    stuck.buffered += 6  # a ping that the library added
    await house.tick(1)
    assert (stuck.ended, fine.ended) == ([ErrorCode.VIEWER_TOO_SLOW], [])
    assert house.plane.counters.evicted == 1


@pytest.mark.parametrize("sign", ["buffer", "queue", "resumed"])
async def test_viewer_when_its_link_takes_something_then_stays(sign: str) -> None:
    house = House()
    house.go_live()
    guest = Guest(house)
    guest.pause()
    guest.buffered = 1_000_000
    for _ in range(4):
        await house.tick(8)
        if sign == "buffer":
            guest.buffered -= 1_000
        elif sign == "queue":
            guest.subscriber.drained_bytes += 1_000
        else:
            guest.resume()
            await house.tick(1)
            guest.pause()
    assert guest.ended == []
