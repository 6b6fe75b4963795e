from __future__ import annotations

import pytest

from app.media.encode.rate_control import CALM_LATE_MS
from app.net.uplink_meter import UplinkMeter
from wire.media_events import PublishFeedback

RELAY_AHEAD_S = 1_000.0


def feedback(at_s: float, last_pts_ms: int, received: int) -> PublishFeedback:
    """As the relay's clock says it."""
    return PublishFeedback(
        packets=1,
        bytes=received,
        last_pts_us=last_pts_ms * 1000,
        subscribers=0,
        relay_unix_us=round((at_s + RELAY_AHEAD_S) * 1e6),
    )


def run(meter: UplinkMeter, seconds: int, *, from_s: float = 0.0, delay_s: float = 0.02) -> None:
    """25 packets of 1,000 bytes a second, acknowledged twice a second."""
    for half in range(seconds * 2):
        began_s = from_s + half / 2
        for number in range(12):
            at_s = began_s + number / 25
            meter.on_sent(round(at_s * 1e6), at_s)
        newest_s = began_s + 11 / 25
        heard_s = newest_s + delay_s
        received = round((heard_s + 1) * 25_000)
        meter.on_feedback(feedback(heard_s, round(newest_s * 1000), received), heard_s + 0.01)


def test_meter_when_all_is_well_then_nothing_is_late_and_the_rate_is_known() -> None:
    meter = UplinkMeter()
    assert meter.received_bps is None
    run(meter, 5)
    assert meter.late_ms == pytest.approx(0, abs=1)
    assert meter.received_bps == pytest.approx(200_000, rel=0.01)
    assert meter.heard == 10


def test_meter_when_packets_take_longer_than_before_then_they_are_late_by_the_difference() -> None:
    meter = UplinkMeter()
    run(meter, 5, delay_s=0.02)
    run(meter, 2, from_s=5, delay_s=0.72)
    assert meter.late_ms == pytest.approx(700, abs=5)
    run(meter, 2, from_s=7, delay_s=0.02)
    assert meter.late_ms == pytest.approx(0, abs=1)


def test_meter_when_the_way_is_longer_for_good_then_it_is_the_new_measure_after_a_minute() -> None:
    meter = UplinkMeter()
    run(meter, 5, delay_s=0.02)
    run(meter, 20, from_s=5, delay_s=0.32)
    assert meter.late_ms == pytest.approx(300, abs=5)
    run(meter, 60, from_s=25, delay_s=0.32)
    assert meter.late_ms == pytest.approx(0, abs=1)


@pytest.mark.parametrize("step_s", [3_600.0, -3_600.0])
def test_meter_when_the_relays_clock_is_set_then_nothing_counts_as_late(step_s: float) -> None:
    meter = UplinkMeter()
    run(meter, 5)
    meter.on_sent(10_000_000, 10.0)
    meter.on_feedback(feedback(10.02 + step_s, 10_000, 300_000), 10.03)
    assert meter.late_ms == pytest.approx(0, abs=1)
    meter.on_sent(10_500_000, 10.5)
    meter.on_feedback(feedback(10.52 + step_s, 10_500, 312_500), 10.53)
    assert meter.late_ms == pytest.approx(0, abs=1)
    assert meter.received_bps == pytest.approx(200_000, rel=0.01)


def test_meter_when_two_acknowledgements_come_together_then_the_rate_is_over_both() -> None:
    meter = UplinkMeter()
    meter.on_feedback(feedback(0.0, 0, 0), 0.0)
    meter.on_feedback(feedback(0.95, 900, 20_000), 0.95)
    meter.on_feedback(feedback(1.0, 1_000, 25_000), 1.0)
    meter.on_feedback(feedback(1.5, 1_500, 37_500), 1.5)
    assert meter.received_bps == pytest.approx(17_500 * 8 / 0.55)


def test_meter_when_nothing_was_sent_yet_then_an_acknowledgement_says_nothing() -> None:
    meter = UplinkMeter()
    meter.on_feedback(feedback(0.0, 0, 0), 0.0)
    assert meter.late_ms == 0


def test_meter_when_nothing_was_made_for_a_while_then_the_pause_is_not_held_against_the_way() -> (
    None
):
    meter = UplinkMeter()
    run(meter, 5)
    meter.on_sent(6_000_000, 6.0)
    meter.on_idle()
    meter.on_feedback(feedback(6.7, 6_000, 150_000), 6.71)
    assert meter.late_ms < CALM_LATE_MS, "no packet has followed yet"
    meter.on_sent(6_900_000, 6.9)
    meter.on_feedback(feedback(6.91, 6_000, 150_000), 6.92)
    assert meter.late_ms < CALM_LATE_MS, "the next one is on its way"
    meter.on_feedback(feedback(7.6, 6_000, 150_000), 7.61)
    assert meter.late_ms > 600, "the next one is late"


def test_meter_when_packets_waited_for_the_socket_then_the_time_between_them_is_the_links() -> None:
    meter = UplinkMeter()
    run(meter, 5)
    meter.on_idle()
    meter.on_sent(6_000_000, 6.0)
    meter.on_sent(6_700_000, 6.7)
    meter.on_feedback(feedback(6.75, 6_000, 150_000), 6.76)
    assert meter.late_ms == pytest.approx(730, abs=5)


def test_meter_when_a_pause_is_seen_late_here_then_the_best_way_is_not_shortened_by_it() -> None:
    meter = UplinkMeter()
    run(meter, 5)
    meter.on_sent(6_000_000, 6.0)
    meter.on_idle()
    meter.on_feedback(feedback(6.02, 6_000, 150_000), 7.5)
    assert meter.late_ms == 0
    run(meter, 2, from_s=8)
    assert meter.late_ms == pytest.approx(0, abs=1)
