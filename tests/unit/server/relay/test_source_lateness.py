"""Whose link was slow: the publisher's shows in when its packets come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.relay.source_lateness import EXCUSE_S, LATE_S, SourceLateness

FRAME_S = 1 / 30


def _steady(
    lateness: SourceLateness, *, from_s: float, seconds: float, pts_s: float = 0.0
) -> float:
    """Packets on time; the moment of the last."""
    frames = round(seconds / FRAME_S)
    for number in range(frames):
        at_s = number * FRAME_S
        lateness.note(from_s + at_s, round((pts_s + at_s) * 1e6))
    return from_s + (frames - 1) * FRAME_S


def test_source_when_steady_then_not_to_blame() -> None:
    lateness = SourceLateness()
    end_s = _steady(lateness, from_s=100.0, seconds=5)
    assert not lateness.is_to_blame(end_s)


def test_source_when_silent_then_to_blame_and_for_a_while_after_it_is_back() -> None:
    lateness = SourceLateness()
    end_s = _steady(lateness, from_s=100.0, seconds=5)
    assert not lateness.is_to_blame(end_s + LATE_S / 2)
    assert lateness.is_to_blame(end_s + LATE_S + 0.1)
    lateness.note(end_s + 1, 6_000_000)
    assert lateness.is_to_blame(end_s + 1.1)


def test_source_when_its_packets_trickle_in_later_and_later_then_to_blame() -> None:
    lateness = SourceLateness()
    end_s = _steady(lateness, from_s=100.0, seconds=5)
    for number in range(40):
        # Half as fast as they were taken, and never a gap.
        lateness.note(end_s + number * 2 * FRAME_S, 5_000_000 + round(number * FRAME_S * 1e6))
    assert lateness.is_to_blame(end_s + 40 * 2 * FRAME_S)


def test_source_when_the_trouble_is_long_over_then_not_to_blame() -> None:
    lateness = SourceLateness()
    end_s = _steady(lateness, from_s=100.0, seconds=1)
    late_s = end_s + 1
    lateness.note(late_s, 1_000_000)
    _steady(lateness, from_s=late_s, seconds=EXCUSE_S + 1, pts_s=2.0)
    assert not lateness.is_to_blame(late_s + EXCUSE_S + 1)


def test_source_when_another_connection_begins_then_measured_anew() -> None:
    lateness = SourceLateness()
    _steady(lateness, from_s=100.0, seconds=1)
    lateness.begin()
    end_s = _steady(lateness, from_s=200.0, seconds=1, pts_s=1.0)
    assert not lateness.is_to_blame(end_s)


@given(st.lists(st.floats(0, LATE_S * 0.9), min_size=1, max_size=60))
def test_source_when_it_varies_less_than_the_bound_then_never_to_blame(late_s: list[float]) -> None:
    lateness = SourceLateness()
    lateness.note(0.0, 0)
    now_s = 0.0
    for number, late in enumerate(late_s, start=1):
        now_s = max(now_s, number * FRAME_S + late)
        lateness.note(now_s, round(number * FRAME_S * 1e6))
        assert not lateness.is_to_blame(now_s)
