from __future__ import annotations

import pytest

from app.media.replay.replay_clock import SPEED_MAX, SPEED_MIN, ReplayClock


def running(at_us: int = 0) -> ReplayClock:
    clock = ReplayClock()
    clock.jump(at_us, 0)
    clock.run(0, is_running=True)
    return clock


def test_position_when_it_does_not_run_then_it_stands() -> None:
    clock = ReplayClock()
    clock.jump(5_000, 0)
    assert clock.position_us(10**9) == 5_000


@pytest.mark.parametrize("speed", [0.5, 1.0, 1.5, 2.0])
def test_position_when_it_runs_then_it_goes_at_the_speed(speed: float) -> None:
    clock = running(1_000_000)
    clock.choose_speed(speed, 0)
    assert clock.position_us(2_000_000) == 1_000_000 + int(2_000_000 * speed)


def test_choose_speed_when_it_runs_then_it_goes_on_from_where_it_is() -> None:
    clock = running()
    clock.choose_speed(2.0, 1_000_000)
    assert clock.position_us(1_000_000) == 1_000_000
    assert clock.position_us(2_000_000) == 3_000_000


@pytest.mark.parametrize(("wish", "got"), [(0.1, SPEED_MIN), (9.0, SPEED_MAX)])
def test_choose_speed_when_it_is_beyond_what_sound_can_do_then_it_is_kept_within(
    wish: float, got: float
) -> None:
    clock = running()
    clock.choose_speed(wish, 0)
    assert clock.speed == got


def test_run_when_it_is_stopped_and_goes_on_then_the_pause_is_left_out() -> None:
    clock = running()
    clock.run(1_000_000, is_running=False)
    clock.run(9_000_000, is_running=True)
    assert clock.position_us(10_000_000) == 2_000_000


def test_follow_when_sound_is_behind_then_it_never_goes_back() -> None:
    clock = running()
    assert clock.position_us(1_000_000) == 1_000_000
    clock.run(1_000_000, is_running=True)
    assert clock.follow(990_000, 1_000_000) == 1_000_000
    assert clock.follow(1_500_000, 1_200_000) == 1_500_000
