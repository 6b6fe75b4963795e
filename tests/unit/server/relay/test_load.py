"""When the relay coalesces."""

import pytest

from server.relay.load import (
    BUSY_OFF,
    BUSY_ON,
    CALM_TICKS,
    LAG_ON_S,
    TICK_S,
    WINDOW_TICKS,
    LoadMeter,
)
from server.settings import CoalesceMode


def run(meter: LoadMeter, ticks: int, *, busy: float = 0.0, lag_s: float = 0.0) -> None:
    """`busy` is the share of each tick that goes into writing."""
    for _ in range(ticks):
        meter.add_busy(busy * (TICK_S + lag_s))
        meter.tick(TICK_S + lag_s)


def test_meter_when_calm_then_does_not_coalesce() -> None:
    meter = LoadMeter("auto")
    run(meter, 100, busy=BUSY_ON - 0.01)
    assert not meter.coalescing


def test_meter_when_writing_takes_much_of_the_loop_then_coalesces_without_any_lag() -> None:
    meter = LoadMeter("auto")
    run(meter, WINDOW_TICKS, busy=BUSY_ON + 0.01)
    assert (meter.coalescing, meter.lag_s) == (True, 0.0)


@pytest.mark.parametrize(("busy", "coalesces"), [(BUSY_OFF - 0.05, False), (BUSY_OFF + 0.05, True)])
def test_meter_when_the_loop_lags_then_coalesces_only_if_writing_is_part_of_it(
    busy: float, *, coalesces: bool
) -> None:
    meter = LoadMeter("auto")
    run(meter, WINDOW_TICKS, busy=busy, lag_s=LAG_ON_S + 0.001)
    assert meter.coalescing is coalesces


def test_meter_when_calm_in_one_piece_then_stops_coalescing() -> None:
    meter = LoadMeter("auto")
    run(meter, WINDOW_TICKS, busy=0.9)
    run(meter, WINDOW_TICKS)  # until the window has forgotten
    for _ in range(3):
        run(meter, 1, lag_s=LAG_ON_S)
        run(meter, CALM_TICKS - 1)
    assert meter.coalescing
    run(meter, 1)
    assert not meter.coalescing


def test_meter_when_the_load_halves_by_coalescing_then_keeps_on() -> None:
    meter = LoadMeter("auto")
    run(meter, WINDOW_TICKS, busy=BUSY_ON + 0.02)
    run(meter, 10 * CALM_TICKS, busy=(BUSY_ON + 0.02) / 2)
    assert meter.coalescing


@pytest.mark.parametrize(("mode", "coalesces"), [("always", True), ("never", False)])
def test_meter_when_the_mode_is_fixed_then_load_changes_nothing(
    mode: CoalesceMode, *, coalesces: bool
) -> None:
    meter = LoadMeter(mode)
    assert meter.coalescing is coalesces
    run(meter, 50, busy=0.9, lag_s=0.1)
    run(meter, 100)
    assert meter.coalescing is coalesces


def test_meter_when_asked_then_tells_its_figures() -> None:
    meter = LoadMeter("auto")
    assert meter.busy_share == 0.0
    run(meter, 4, busy=0.25)
    assert meter.busy_share == pytest.approx(0.25)
    assert meter.busy_s_total == pytest.approx(0.1)
    run(meter, 1, lag_s=0.2)
    run(meter, 1)
    assert meter.lag_s == 0.0
    assert meter.take_lag_max() == pytest.approx(0.2)
    assert meter.take_lag_max() == 0.0
    meter.tick(0.0)
    assert meter.lag_s == 0.0
