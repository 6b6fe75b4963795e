from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.playback.jitter_buffer import BYTES_MAX, PACKETS_MAX, JitterBuffer, Released
from wire.media_packet import SEQUENCE_MODULUS, Flags, Kind, MediaPacket

if TYPE_CHECKING:
    import random


def _packet(
    sequence: int,
    *,
    pts_us: int | None = None,
    kind: Kind = Kind.VIDEO,
    layer: int = 0,
    flags: Flags = Flags.NONE,
    payload: bytes = b"x",
) -> MediaPacket:
    at_us = sequence * 33_000 if pts_us is None else pts_us
    return MediaPacket(kind, layer, flags, sequence % SEQUENCE_MODULUS, at_us, 0, payload)


def _drain(buffer: JitterBuffer) -> list[Released]:
    released = []
    while (one := buffer.pop(lambda _: True)) is not None:
        released.append(one)
    return released


@given(st.randoms(use_true_random=False), st.integers(0, SEQUENCE_MODULUS - 1))
def test_packets_when_they_come_shuffled_then_they_leave_in_order(
    chance: random.Random, first: int
) -> None:
    """Also across the wrap of the sequence."""
    buffer = JitterBuffer()
    buffer.push(_packet(first, pts_us=0))
    sequences = list(range(first + 1, first + 60))
    pairs = [(sequence, 33_000 * (sequence - first)) for sequence in sequences]
    for start in range(0, len(pairs), 6):  # a network reorders neighbours, not minutes
        group = pairs[start : start + 6]
        chance.shuffle(group)
        for sequence, pts_us in group:
            buffer.push(_packet(sequence, pts_us=pts_us))
    times = [one.packet.pts_us for one in _drain(buffer)]
    assert times == sorted(times)


def test_packet_when_its_neighbours_came_swapped_then_order_is_restored() -> None:
    buffer = JitterBuffer()
    for sequence in (0, 2, 1, 3):
        buffer.push(_packet(sequence))
    assert [one.packet.sequence for one in _drain(buffer)] == [0, 1, 2, 3]


def test_packet_when_it_came_twice_then_once_is_enough() -> None:
    buffer = JitterBuffer()
    buffer.push(_packet(0))
    buffer.push(_packet(1))
    assert buffer.push(_packet(1)) == "duplicate"
    assert len(buffer) == 2


def test_packet_when_its_place_was_passed_then_it_is_late() -> None:
    buffer = JitterBuffer()
    for sequence in (0, 1, 3):
        buffer.push(_packet(sequence))
    gaps = [one.gap for one in _drain(buffer)]
    assert gaps == [0, 0, 1]
    assert buffer.push(_packet(2)) == "late"
    assert buffer.counts.gaps == 1


def test_pop_when_nothing_is_due_then_packets_stay() -> None:
    buffer = JitterBuffer()
    buffer.push(_packet(0))
    assert buffer.pop(lambda _: False) is None
    assert len(buffer) == 1


def test_layer_when_a_keyframe_of_another_comes_then_it_is_followed() -> None:
    buffer = JitterBuffer()
    buffer.push(_packet(100, pts_us=0))
    assert buffer.push(_packet(7, layer=1, pts_us=33_000)) == "stray"
    assert buffer.push(_packet(8, layer=1, pts_us=66_000, flags=Flags.KEYFRAME)) == "taken"
    assert buffer.push(_packet(9, layer=1, pts_us=99_000)) == "taken"
    assert buffer.push(_packet(101, pts_us=99_000)) == "stray"
    released = _drain(buffer)
    assert [one.packet.layer for one in released] == [0, 1, 1]
    assert [one.gap for one in released] == [0, 0, 0]
    assert [one.is_restart for one in released] == [True, True, False]


def test_sequence_when_the_publisher_counts_afresh_then_it_is_followed() -> None:
    buffer = JitterBuffer()
    for sequence in range(500, 505):
        buffer.push(_packet(sequence))
    _drain(buffer)
    fresh = _packet(0, pts_us=30_000_000, flags=Flags.KEYFRAME | Flags.DISCONTINUITY)
    assert buffer.push(fresh) == "taken"
    released = _drain(buffer)
    assert released[0].is_restart
    assert released[0].gap == 0


def test_cached_gop_when_it_comes_again_after_a_reconnect_then_nothing_repeats() -> None:
    buffer = JitterBuffer()
    for sequence in range(10):
        buffer.push(_packet(sequence))
    _drain(buffer)
    results = [buffer.push(_packet(sequence)) for sequence in range(5, 12)]
    assert results == ["late"] * 5 + ["taken"] * 2


def test_buffer_when_it_is_full_then_the_oldest_gop_goes() -> None:
    buffer = JitterBuffer()
    for sequence in range(PACKETS_MAX + 1):
        flags = Flags.KEYFRAME if sequence % 60 == 0 else Flags.NONE
        buffer.push(_packet(sequence, flags=flags))
    assert len(buffer) <= PACKETS_MAX
    first = buffer.peek()
    assert first is not None
    assert first.is_keyframe
    assert buffer.counts.overflowed == 60


def test_buffer_when_full_without_a_keyframe_then_the_next_picture_comes_after_a_gap() -> None:
    buffer = JitterBuffer()
    for sequence in range(PACKETS_MAX + 1):
        buffer.push(_packet(sequence))
    assert len(buffer) == 0
    buffer.push(_packet(PACKETS_MAX + 1))
    buffer.push(_packet(PACKETS_MAX + 2))
    first, second = _drain(buffer)
    assert (first.gap, second.gap) == (PACKETS_MAX + 1, 0)
    assert buffer.counts.gaps == 0, "they came, and were given up"


def test_buffer_when_bytes_are_many_then_they_are_bounded() -> None:
    buffer = JitterBuffer()
    payload = bytes(BYTES_MAX // 8)
    for sequence in range(20):
        buffer.push(_packet(sequence, kind=Kind.AUDIO, payload=payload))
    assert len(buffer) <= 8


def test_skip_when_a_later_keyframe_is_due_then_what_is_before_goes() -> None:
    buffer = JitterBuffer()
    for sequence in range(10):
        flags = Flags.KEYFRAME if sequence in {0, 5} else Flags.NONE
        buffer.push(_packet(sequence, flags=flags))
    assert buffer.skip_to_keyframe(4 * 33_000) == 0
    assert buffer.skip_to_keyframe(6 * 33_000) == 5
    head = buffer.peek()
    assert head is not None
    assert head.sequence == 5


@pytest.mark.parametrize("flags", [Flags.NONE, Flags.DISCONTINUITY])
def test_sequence_when_it_jumps_far_then_it_is_a_new_stream(flags: Flags) -> None:
    buffer = JitterBuffer()
    buffer.push(_packet(0))
    buffer.push(_packet(1_000_000, pts_us=33_000, flags=flags))
    assert [one.gap for one in _drain(buffer)] == [0, 0]


pushes = st.tuples(
    st.integers(0, 400),
    st.integers(-4000, 4000),
    st.integers(0, 2),
    st.sampled_from([Flags.NONE, Flags.NONE, Flags.KEYFRAME, Flags.DISCONTINUITY]),
    st.sampled_from([Kind.VIDEO, Kind.AUDIO]),
    st.booleans(),
)


@given(st.lists(pushes, max_size=300), st.integers(0, SEQUENCE_MODULUS - 1))
def test_buffer_whatever_comes_then_it_keeps_its_bounds_and_loses_no_count(
    moves: list[tuple[int, int, int, Flags, Kind, bool]], first: int
) -> None:
    """Sequences and times of a liar, of every layer and in any order, and pops between."""
    buffer = JitterBuffer()
    left = 0
    payload = bytes(BYTES_MAX // 40)
    for step, jump, layer, flags, kind, pops in moves:
        sequence = first + (jump if jump % 7 == 0 else step)
        is_video = kind is Kind.VIDEO
        packet = _packet(
            sequence,
            pts_us=step * 33_000,
            kind=kind,
            layer=layer if is_video else 0,
            flags=flags,
            payload=payload,
        )
        buffer.push(packet)
        if pops:
            released = buffer.pop(lambda _: True)
            if released is not None:
                left += 1
                assert released.gap >= 0
        assert len(buffer) <= min(PACKETS_MAX, 40)
        head, newest = buffer.peek(), buffer.newest_pts_us
        assert (head is None) == (newest is None) == (len(buffer) == 0)
    counts = buffer.counts
    assert counts.taken == left + len(buffer) + counts.overflowed
    left += len(_drain(buffer))
    assert len(buffer) == 0
    buffer.push(_packet(first))
    assert len(_drain(buffer)) <= 1


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=120))
def test_packets_when_layers_change_then_each_change_is_at_a_keyframe_and_in_order(
    moves: list[tuple[int, bool]],
) -> None:
    buffer = JitterBuffer()
    numbers = [0, 5_000, 90_000, 7]
    released = []
    for at, (layer, is_keyframe) in enumerate(moves):
        flags = Flags.KEYFRAME if is_keyframe else Flags.NONE
        buffer.push(_packet(numbers[layer], pts_us=at * 33_000, layer=layer, flags=flags))
        numbers[layer] += 1
        if at % 3 == 0:
            released.extend(_drain(buffer))
    released.extend(_drain(buffer))
    times = [one.packet.pts_us for one in released]
    assert times == sorted(times)
    for before, after in itertools.pairwise(released):
        if after.packet.layer != before.packet.layer:
            assert after.packet.is_keyframe
            assert after.is_restart
