"""One subscriber's queue: the table of its states, its budgets and what it is told."""

from collections.abc import Callable

import pytest

from server.relay.packet import RelayedPacket
from server.relay.subscriber import AUDIO_ONLY, DRAIN_BYTES, KEYFRAME_SKIP_S, Flow, Subscriber
from tests.unit.server.relay.rig import (
    BUFFER_BYTES_MAX,
    BUFFER_S_MAX,
    Packets,
    Socket,
    a_subscriber,
)


class Bench:
    """A subscriber of layer 0 whose socket can be paused."""

    def __init__(self, *, audio_only: bool = False) -> None:
        self.make = Packets()
        self.socket = Socket()
        self.subscriber = a_subscriber(self.socket, audio_only=audio_only)
        self.subscriber.group = AUDIO_ONLY if audio_only else 0
        self.now_s = 0.0

    def key(self, size: int = 0) -> bool:
        return self._offer(self.make.key(size=size))

    def video(self, size: int = 0) -> bool:
        return self._offer(self.make.video(size=size))

    def audio(self, size: int = 0) -> bool:
        return self._offer(self.make.audio(size=size))

    def _offer(self, packet: RelayedPacket) -> bool:
        began = self.subscriber.offer(packet, self.now_s)
        self.subscriber.drain()
        return began

    def pause(self) -> None:
        self.subscriber.paused = True

    def resume(self) -> None:
        self.subscriber.paused = False
        self.subscriber.drain()

    def lag(self) -> None:
        """Over the budget: the video that waits is dropped."""
        self.pause()
        self.video()
        self.now_s += BUFFER_S_MAX + 0.1
        self.audio()


def awaiting() -> Bench:
    return Bench()


def flowing() -> Bench:
    bench = Bench()
    bench.key()
    return bench


def lagging() -> Bench:
    bench = flowing()
    bench.pause()
    bench.video()
    return bench


TABLE: list[tuple[Callable[[], Bench], Callable[[Bench], object], Flow]] = [
    (awaiting, Bench.audio, Flow.AWAITING),
    (awaiting, Bench.video, Flow.AWAITING),
    (awaiting, Bench.pause, Flow.AWAITING),
    (awaiting, Bench.key, Flow.FLOWING),
    (flowing, Bench.audio, Flow.FLOWING),
    (flowing, Bench.video, Flow.FLOWING),
    (flowing, Bench.pause, Flow.LAGGING),
    (lagging, Bench.audio, Flow.LAGGING),
    (lagging, Bench.video, Flow.LAGGING),
    (lagging, Bench.key, Flow.LAGGING),
    (lagging, Bench.resume, Flow.FLOWING),
    (lagging, Bench.lag, Flow.AWAITING),
]


@pytest.mark.parametrize(("start", "happens", "state"), TABLE)
def test_subscriber_when_something_happens_then_is_in_the_state_of_the_table(
    start: Callable[[], Bench], happens: Callable[[Bench], object], state: Flow
) -> None:
    bench = start()
    happens(bench)
    assert bench.subscriber.flow is state


def test_subscriber_when_awaiting_and_paused_then_a_keyframe_makes_it_lagging() -> None:
    bench = awaiting()
    bench.pause()
    bench.key()
    assert bench.subscriber.flow is Flow.LAGGING
    bench.resume()
    assert (bench.subscriber.flow, bench.socket.got) == (Flow.FLOWING, "k1")


def test_pause_when_it_ends_in_time_then_nothing_was_dropped() -> None:
    bench = flowing()
    bench.pause()
    for _ in range(6):
        bench.video()
        bench.audio()
        bench.now_s += 0.033
    bench.resume()
    assert bench.socket.got == "k1 v1 a1 v2 a2 v3 a3 v4 a4 v5 a5 v6 a6"
    assert bench.subscriber.take_lag(bench.now_s) is None


def test_keyframe_when_video_waited_shortly_then_queues_behind_it() -> None:
    bench = lagging()
    bench.now_s += KEYFRAME_SKIP_S
    assert not bench.key()
    bench.resume()
    assert bench.socket.got == "k1 v1 k2"


def test_keyframe_when_video_waited_long_then_replaces_it_and_sound_goes_on() -> None:
    bench = lagging()
    bench.audio()
    bench.video()
    bench.now_s += KEYFRAME_SKIP_S + 0.01
    assert bench.key()
    bench.audio()
    bench.resume()
    assert bench.socket.got == "k1 a1 k2 a2"
    assert bench.subscriber.take_lag(bench.now_s + 0.5) == (2, 0, 500)


def test_subscriber_when_over_its_bytes_then_drops_to_the_next_keyframe() -> None:
    bench = lagging()
    piece = BUFFER_BYTES_MAX // 4
    assert [bench.video(piece) for _ in range(4)] == [False, False, False, True]
    bench.audio()
    bench.video()
    bench.key()
    bench.video()
    bench.resume()
    assert bench.socket.got == "k1 a1 k2 v7"
    assert bench.subscriber.queued_bytes == 0


def test_subscriber_when_over_its_time_then_drops_to_the_next_keyframe() -> None:
    bench = lagging()
    bench.now_s += BUFFER_S_MAX
    assert not bench.video()
    bench.now_s += 0.01
    assert bench.video()
    assert not bench.video()
    bench.resume()
    bench.key()
    assert bench.socket.got == "k1 k2"
    assert bench.subscriber.take_lag(bench.now_s) == (4, 0, 0)


def test_sound_when_it_waited_longer_than_the_budget_then_the_oldest_goes() -> None:
    bench = Bench(audio_only=True)
    bench.pause()
    for _ in range(4):
        bench.audio()
        bench.now_s += 1.0
    bench.resume()
    assert bench.socket.got == "a2 a3 a4"
    assert bench.subscriber.take_lag(bench.now_s) == (0, 1, 1_000)


def test_lag_when_the_picture_is_back_then_is_told_once() -> None:
    bench = flowing()
    bench.lag()
    lagged_at_s = bench.now_s
    bench.resume()
    assert bench.subscriber.take_lag(bench.now_s) is None
    bench.video()
    bench.now_s += 1.0
    bench.key()
    assert bench.subscriber.take_lag(bench.now_s) == (2, 0, round(bench.now_s - lagged_at_s) * 1000)
    assert bench.subscriber.take_lag(bench.now_s) is None


def test_lag_when_told_then_does_not_count_what_came_before_the_first_picture() -> None:
    bench = awaiting()
    bench.video()
    bench.video()
    bench.key()
    bench.lag()
    bench.resume()
    bench.key()
    assert bench.subscriber.take_lag(bench.now_s) == (1, 0, 0)


def test_drain_when_much_waits_then_writes_few_pieces() -> None:
    bench = flowing()
    bench.pause()
    for _ in range(100):
        bench.video(DRAIN_BYTES // 32)
    bench.resume()
    pieces = bench.socket.writes[1:]
    assert len(pieces) == 4
    assert max(map(len, pieces)) <= DRAIN_BYTES
    assert bench.socket.got.split()[1:] == [f"v{number}" for number in range(1, 101)]


def test_drain_when_the_socket_fills_then_the_rest_waits() -> None:
    bench = flowing()
    bench.pause()
    for _ in range(3):
        bench.video(DRAIN_BYTES)
    bench.socket.on_write = bench.pause
    bench.resume()
    assert bench.socket.got == "k1 v1"
    assert bench.subscriber.drained_bytes > DRAIN_BYTES
    assert bench.subscriber.flow is Flow.LAGGING
    bench.resume()
    bench.resume()
    assert bench.socket.got == "k1 v1 v2 v3"


def test_write_when_the_transport_is_dead_then_only_this_subscriber_is_given_up() -> None:
    bench = flowing()

    def die() -> None:
        raise RuntimeError("Cannot call write() after write_eof()")

    bench.socket.on_write = die
    bench.key()
    bench.video()
    bench.subscriber.tell(b"goodbye,")
    assert bench.socket.got == "k1 k2"


def test_subscriber_when_audio_only_then_waits_for_no_keyframe() -> None:
    bench = Bench(audio_only=True)
    assert bench.subscriber.flow is Flow.FLOWING


def test_subscriber_when_restarted_then_forgets_what_waits() -> None:
    bench = lagging()
    bench.subscriber.target = 1
    bench.subscriber.restart()
    bench.resume()
    assert bench.socket.got == "k1"
    assert (bench.subscriber.queued_bytes, bench.subscriber.target) == (0, None)
    assert bench.subscriber.flow is Flow.AWAITING


def test_subscriber_when_discarded_then_writes_nothing_more() -> None:
    bench = lagging()
    bench.subscriber.discard()
    bench.resume()
    bench.key()
    assert bench.socket.got == "k1"


def test_sound_when_another_group_sent_it_already_then_is_not_repeated() -> None:
    bench = flowing()
    old, new = bench.make.audio(), bench.make.audio()
    bench.subscriber.sound_known_until = old.arrival
    _offer_both(bench.subscriber, old, new)
    assert bench.socket.got == "k1 a2"


def _offer_both(subscriber: Subscriber, *packets: RelayedPacket) -> None:
    for packet in packets:
        subscriber.offer(packet, 0.0)
    subscriber.drain()
