from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from app.media.clock import MediaClock
from app.media.ingest.arrivals import (
    HELD_MAX,
    ArrivedPicture,
    ArrivedSound,
    HeldGop,
    StreamShape,
)
from app.media.ingest.copying import PAYLOAD_BYTES_MAX, CopyPipeline
from wire.media_packet import Flags, MediaPacket

FRAME_US = 33_333
SHAPE = StreamShape("h264", 640, 360, Fraction(30), has_sound=False, is_reordered=False)


def picture(number: int, *, key: bool = False, late_us: int = 0) -> ArrivedPicture:
    pts_us = 5_000_000 + number * FRAME_US
    return ArrivedPicture(b"p%d" % number, pts_us + late_us, pts_us, key)


class Bench:
    """A pipeline whose clock is set by hand."""

    def __init__(self) -> None:
        self.packets: list[MediaPacket] = []
        self._now_ns = 0
        self.clock = MediaClock(monotonic_ns=lambda: self._now_ns, unix_ns=lambda: 0)
        self.pipeline = CopyPipeline(SHAPE, clock=self.clock, on_packet=self.packets.append)
        self.pipeline.open()

    def wait(self, duration_us: int) -> None:
        self._now_ns += duration_us * 1000

    def times(self) -> list[int]:
        return [packet.pts_us for packet in self.packets]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.pipeline.stop()


def test_start_when_a_group_is_held_then_it_is_sent_close_together_and_the_rest_in_its_time(
    bench: Bench,
) -> None:
    for number in range(100):
        bench.pipeline.push(picture(number, key=number == 0))
    bench.pipeline.start(lambda span_us: bench.clock.start_at(1_000_000 + span_us))
    assert len(bench.packets) == 100
    assert bench.packets[0].is_keyframe
    times = bench.times()
    assert times[0] > 1_000_000
    assert times == sorted(set(times))
    assert times[-1] - times[0] <= 300_000
    bench.wait(FRAME_US)
    bench.pipeline.push(picture(100))
    assert bench.times()[-1] - times[-1] == FRAME_US


def test_push_when_nothing_is_held_then_it_begins_at_a_keyframe(bench: Bench) -> None:
    bench.pipeline.start()
    for number in range(4):
        bench.pipeline.push(picture(number, key=number == 2))
    assert [packet.payload for packet in bench.packets] == [b"p2", b"p3"]


def test_push_when_the_connection_was_another_then_the_jump_is_flagged_at_a_keyframe(
    bench: Bench,
) -> None:
    bench.pipeline.start()
    bench.pipeline.push(picture(0, key=True))
    bench.pipeline.release()
    bench.wait(3_000_000)
    bench.pipeline.push(picture(900))
    bench.pipeline.push(picture(901, key=True))
    assert [packet.payload for packet in bench.packets] == [b"p0", b"p901"]
    assert bench.packets[1].flags == Flags.KEYFRAME | Flags.DISCONTINUITY
    assert bench.times() == [0, 3_000_000]


def test_push_when_b_frames_turn_up_then_it_says_so_once_and_waits(bench: Bench) -> None:
    told: list[bool] = []
    bench.pipeline.on_reordered = lambda: told.append(True)
    bench.pipeline.start()
    bench.pipeline.push(picture(0, key=True))
    bench.pipeline.push(picture(1, late_us=2 * FRAME_US))
    bench.pipeline.push(picture(2, late_us=FRAME_US))
    assert told == [True]
    assert len(bench.packets) == 1


def test_push_when_a_picture_is_too_large_for_a_packet_then_it_goes_on_at_a_keyframe(
    bench: Bench,
) -> None:
    bench.pipeline.start()
    bench.pipeline.push(picture(0, key=True))
    bench.pipeline.push(_huge(1))
    bench.pipeline.push(picture(2))
    bench.pipeline.push(picture(3, key=True))
    assert [packet.payload for packet in bench.packets] == [b"p0", b"p3"]
    assert bench.pipeline.stats().frames_dropped == {"before_keyframe": 2}


def _huge(number: int) -> ArrivedPicture:
    whole = picture(number)
    return ArrivedPicture(
        bytes(PAYLOAD_BYTES_MAX + 1), whole.pts_us, whole.dts_us, False
    )  # a record


def test_held_when_a_group_is_too_long_then_it_is_given_up_until_the_next_keyframe() -> None:
    held = HeldGop()
    held.push(picture(0))
    assert held.take() == []
    held.push(picture(0, key=True))
    for number in range(1, HELD_MAX + 1):
        held.push(picture(number))
    held.push(picture(HELD_MAX + 1))
    assert held.take() == []
    sound = ArrivedSound(np.zeros((960, 2), np.float32), 0)
    for item in (picture(0, key=True), picture(1), picture(2, key=True), sound):
        held.push(item)
    assert held.take() == [picture(2, key=True), sound]
