from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.capture.frame_grid import FrameGrid, FrameSlots, FrameThinner

RATES = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(60)]
)


@given(RATES, st.integers(0, 10_000_000))
def test_grid_when_a_slot_is_turned_to_pts_and_back_then_it_is_the_same(
    rate: Fraction, slot: int
) -> None:
    grid = FrameGrid(rate)
    pts_us = grid.pts_us(slot)
    assert grid.slot_at(pts_us) == slot
    assert grid.slot_after(pts_us) == slot
    assert grid.slot_at(pts_us + 1) == slot
    assert grid.slot_after(pts_us + 1) == slot + 1


def test_grid_when_the_rate_is_whole_then_whole_seconds_are_met() -> None:
    grid = FrameGrid(Fraction(30))
    assert [grid.pts_us(slot) for slot in (30, 60, 3000)] == [1_000_000, 2_000_000, 100_000_000]


# The first picture may take a slot half an interval off, so a quarter is left for the jitter: from
# the earliest to the latest 8 ms at 30 a second.
@given(st.lists(st.integers(-4_000, 4_000), min_size=2, max_size=200), st.integers(0, 40_000))
def test_slots_when_arrivals_jitter_then_every_picture_takes_the_next_slot(
    jitter: list[int], phase_us: int
) -> None:
    slots = FrameSlots(FrameGrid(Fraction(30)))
    taken = [
        slots.take(1_000_000 + phase_us + round(number * 1_000_000 / 30) + offset)
        for number, offset in enumerate(jitter)
    ]
    assert None not in taken
    steps = np.diff(np.array(taken, dtype=np.int64))
    assert set(steps.tolist()) <= {33_333, 33_334}
    assert slots.skipped == 0


def test_slots_when_the_source_is_twice_as_fast_then_every_other_picture_is_left_out() -> None:
    slots = FrameSlots(FrameGrid(Fraction(30)))
    taken = [slots.take(round(number * 1_000_000 / 60)) for number in range(60)]
    assert 29 <= sum(pts is not None for pts in taken) <= 31


def test_slots_when_pictures_stop_then_stand_ins_keep_the_rate() -> None:
    slots = FrameSlots(FrameGrid(Fraction(30)))
    assert slots.take(0) == 0
    filled = [slots.fill(slots.next_due_us(0)) for _ in range(4)]
    assert filled == [33_333, 66_667, 100_000, 133_333]


def test_slots_when_started_late_then_no_pts_lies_before_the_start() -> None:
    slots = FrameSlots(FrameGrid(Fraction(30)), start_us=1_000_010)
    assert slots.take(1_000_020) == 1_033_333


@pytest.mark.parametrize(("rate", "kept"), [(60, 60), (30, 30), (120, 60), (75, 60), (240, 60)])
def test_thinner_when_the_rate_is_above_60_then_at_most_60_a_second_pass(
    rate: int, kept: int
) -> None:
    thinner = FrameThinner(Fraction(60))
    pts = [round(number * 1_000_000 / rate) for number in range(rate * 4)]
    wanted = [pts_us for pts_us in pts if thinner.is_wanted(pts_us)]
    assert abs(len(wanted) - kept * 4) <= 2
