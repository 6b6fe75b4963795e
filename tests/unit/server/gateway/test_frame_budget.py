from __future__ import annotations

from server.gateway.frame_budget import (
    CONTROL_FRAMES_BURST,
    CONTROL_FRAMES_PER_S,
    FRAMES_BURST,
    FRAMES_PER_S,
    FrameBudget,
)


def _count(budget: FrameBudget, frames: int, *, is_control: bool = False) -> None:
    for _ in range(frames):
        budget.count(is_control=is_control)


def test_frames_when_within_the_burst_then_kept_and_beyond_it_not() -> None:
    budget = FrameBudget(0.0)
    _count(budget, FRAMES_BURST)
    assert budget.is_kept(0.0)
    _count(budget, 1)
    assert not budget.is_kept(0.0)


def test_frames_when_time_passes_then_so_many_more() -> None:
    budget = FrameBudget(0.0)
    for second in range(1, 60):
        _count(budget, int(FRAMES_PER_S))
        assert budget.is_kept(float(second))
    _count(budget, FRAMES_BURST + 1)
    assert not budget.is_kept(59.0)


def test_pings_when_many_then_not_kept_long_before_other_frames() -> None:
    budget = FrameBudget(0.0)
    _count(budget, CONTROL_FRAMES_BURST, is_control=True)
    assert budget.is_kept(0.0)
    _count(budget, int(CONTROL_FRAMES_PER_S), is_control=True)
    assert not budget.is_kept(0.0)


def test_pings_when_one_a_second_for_a_day_then_kept() -> None:
    budget = FrameBudget(0.0)
    for second in range(1, 86_400):
        _count(budget, 1, is_control=True)
        assert budget.is_kept(float(second))
