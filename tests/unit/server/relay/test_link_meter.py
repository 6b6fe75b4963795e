"""What a socket drained, and what a layer takes."""

import pytest

from server.relay.link_meter import DRAIN_WINDOW_S, DrainMeter, LayerRates


def test_drain_when_told_for_too_short_a_time_then_nothing_is_known() -> None:
    meter = DrainMeter()
    assert meter.rate_bps(1.0, 0) is None
    meter.add(1.0, 1_000)
    assert meter.rate_bps(1.5, 500_000) is None


def test_drain_when_told_each_second_then_is_of_the_last_seconds() -> None:
    meter = DrainMeter()
    for second in range(20):
        meter.add(float(second), 1_000_000 * second if second > 10 else 0)
    assert meter.rate_bps(19.0, 19_000_000) == pytest.approx(8_000_000)
    assert DRAIN_WINDOW_S < 9


def test_drain_when_it_flowed_meanwhile_then_begins_anew() -> None:
    meter = DrainMeter()
    meter.add(1.0, 0)
    meter.clear()
    assert meter.is_empty
    assert meter.rate_bps(9.0, 1_000_000) is None


def test_layers_when_they_come_steadily_then_have_their_rates() -> None:
    rates = LayerRates()
    rates.tick(0.0)
    for second in range(1, 30):
        rates.add(0, 25_000)
        rates.add(1, 100_000)
        rates.tick(float(second))
    assert rates.bps == {0: pytest.approx(200_000), 1: pytest.approx(800_000)}
    for second in range(30, 60):
        rates.tick(float(second))
    assert rates.bps[1] < 10
    rates.clear()
    assert rates.bps == {}
