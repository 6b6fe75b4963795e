"""Two paths become one sequence, whatever each of them does to its packets."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.relay.joiner import HELD_BYTES_MAX, HELD_PACKETS_MAX, WAIT_S, PathJoiner
from wire.media_packet import SEQUENCE_MODULUS, Flags, Header, Kind


def a_header(sequence: int, *, kind: Kind = Kind.VIDEO, is_key: bool = False) -> Header:
    flags = Flags.KEYFRAME if is_key else Flags.NONE
    return Header(kind, 0, flags, sequence % SEQUENCE_MODULUS, 0, 0)


class Line:
    """A joiner with its clock; the items are the sequences."""

    def __init__(self) -> None:
        self.joiner: PathJoiner[int] = PathJoiner()
        self.now_s = 10.0
        self.got: list[int] = []

    def take(self, *sequences: int, is_key: bool = False) -> None:
        for sequence in sequences:
            header = a_header(sequence, is_key=is_key)
            self.got += self.joiner.take(header, sequence, 100, self.now_s)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.got += self.joiner.release(self.now_s)


@pytest.fixture
def line() -> Line:
    return Line()


def test_packet_when_it_comes_twice_then_the_second_vanishes(line: Line) -> None:
    line.take(5, 5, 6, 5, 6, 7)
    assert line.got == [5, 6, 7]
    assert line.joiner.duplicates == 3


def test_packet_when_ahead_then_waits_for_those_before_it(line: Line) -> None:
    line.take(1, 4, 3)
    assert line.got == [1]
    line.take(2)
    assert line.got == [1, 2, 3, 4]
    assert line.joiner.due_s is None


def test_packet_when_it_waited_in_vain_then_passes_and_the_late_one_vanishes(line: Line) -> None:
    line.take(1, 3)
    assert line.joiner.due_s == line.now_s + WAIT_S
    line.wait(WAIT_S)
    line.take(2, 4)
    assert line.got == [1, 3, 4]
    assert line.joiner.missing == 1


def test_layer_when_pictures_are_missing_then_is_called_broken_once(line: Line) -> None:
    line.take(1, 3)
    line.wait(WAIT_S)
    assert line.joiner.take_broken_layers() == {0}
    assert line.joiner.take_broken_layers() == set()


def test_layer_when_a_keyframe_follows_the_gap_then_is_not_broken(line: Line) -> None:
    line.take(1)
    line.take(3, is_key=True)
    line.wait(WAIT_S)
    assert line.joiner.take_broken_layers() == set()


def test_sequence_when_it_wraps_then_goes_on(line: Line) -> None:
    last = SEQUENCE_MODULUS - 1
    line.take(last - 1, SEQUENCE_MODULUS, last)
    assert line.got == [last - 1, last, SEQUENCE_MODULUS]


def test_kinds_when_joined_then_do_not_wait_for_each_other() -> None:
    joiner: PathJoiner[str] = PathJoiner()
    joiner.take(a_header(1), "v1", 1, 0.0)
    joiner.take(a_header(3), "v3", 1, 0.0)
    assert joiner.take(a_header(70, kind=Kind.AUDIO), "a70", 1, 0.0) == ["a70"]


def test_track_when_it_was_forgotten_then_begins_anew(line: Line) -> None:
    line.take(100)
    line.joiner.keep_only([(Kind.AUDIO, 0)])
    line.take(1)
    assert line.got == [100, 1]


def test_holding_when_too_much_waits_then_the_oldest_gap_is_passed_over(line: Line) -> None:
    line.take(1, *range(3, 3 + HELD_PACKETS_MAX + 1))
    assert line.got == [1, *range(3, 3 + HELD_PACKETS_MAX + 1)]


def test_holding_when_too_many_bytes_wait_then_the_oldest_gap_is_passed_over() -> None:
    joiner: PathJoiner[int] = PathJoiner()
    joiner.take(a_header(1), 1, 10, 0.0)
    assert joiner.take(a_header(3), 3, HELD_BYTES_MAX, 0.0) == []
    assert joiner.take(a_header(4), 4, 1, 0.0) == [3, 4]


# --- any two paths ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrival:
    at_ms: int
    sequence: int


@st.composite
def deliveries(draw: st.DrawFn, *, skew_ms_max: int) -> tuple[set[int], list[Arrival]]:
    """Packets each sent over one path or both; a path keeps its order and adds its own delays."""
    first = draw(st.sampled_from([0, 77, SEQUENCE_MODULUS - 5]))
    sent = draw(st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=40))
    sent[0] = "ab"  # what the joiner sees first is where it begins
    arrivals: list[Arrival] = []
    for path in "ab":
        came_ms = 0
        for index, over in enumerate(sent):
            if path in over:
                delay_ms = 0 if index == 0 else draw(st.integers(0, skew_ms_max))
                came_ms = max(came_ms, index * 20 + delay_ms)
                arrivals.append(Arrival(came_ms, first + index))
    arrivals.sort(key=lambda one: one.at_ms)
    return {first + index for index in range(len(sent))}, arrivals


def join(arrivals: list[Arrival]) -> Iterator[tuple[int, int]]:
    """Time in milliseconds and sequence of each packet that is let through."""
    joiner: PathJoiner[int] = PathJoiner()
    for arrival in arrivals:
        while (due_s := joiner.due_s) is not None and due_s * 1000 <= arrival.at_ms:
            for sequence in joiner.release(due_s):
                yield round(due_s * 1000), sequence
        now_s = arrival.at_ms / 1000
        for sequence in joiner.take(a_header(arrival.sequence), arrival.sequence, 1, now_s):
            yield arrival.at_ms, sequence
    while (due_s := joiner.due_s) is not None:
        for sequence in joiner.release(due_s):
            yield round(due_s * 1000), sequence


@given(deliveries(skew_ms_max=200))
def test_paths_when_no_further_apart_than_the_wait_then_nothing_is_lost_or_doubled(
    case: tuple[set[int], list[Arrival]],
) -> None:
    sent, arrivals = case
    assert [sequence for _, sequence in join(arrivals)] == sorted(sent)


@given(deliveries(skew_ms_max=2_000), st.data())
def test_paths_when_they_lose_and_delay_at_will_then_order_holds_and_nothing_waits_long(
    case: tuple[set[int], list[Arrival]], data: st.DataObject
) -> None:
    _, arrivals = case
    kept = data.draw(st.lists(st.sampled_from(arrivals), min_size=1, unique=True))
    kept.sort(key=lambda one: one.at_ms)
    let_through = list(join(kept))
    sequences = [sequence for _, sequence in let_through]
    assert sequences == sorted(set(sequences)), "order, and each once"
    came_ms: dict[int, int] = {}
    for arrival in kept:
        came_ms.setdefault(arrival.sequence, arrival.at_ms)
    for at_ms, sequence in let_through:
        assert at_ms - came_ms[sequence] <= WAIT_S * 1000 + 1


@given(deliveries(skew_ms_max=200), st.integers(1, 40))
def test_path_when_it_dies_then_all_that_the_other_carried_gets_through(
    case: tuple[set[int], list[Arrival]], dies_after: int
) -> None:
    """Everything is sent over b; a, which was ahead, dies somewhere."""
    sent, _ = case
    order = sorted(sent)
    arrivals = [Arrival(index * 20, one) for index, one in enumerate(order[:dies_after])]
    arrivals += [Arrival(index * 20 + 500, one) for index, one in enumerate(order)]
    arrivals.sort(key=lambda one: one.at_ms)
    assert [sequence for _, sequence in join(arrivals)] == order
