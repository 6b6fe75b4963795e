from __future__ import annotations

import random

import pytest

from app.media.playback.statistics import RecentMaximum, StreamingPercentiles


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_percentile_when_values_are_many_then_it_is_within_two_percent(share: float) -> None:
    chance = random.Random(7)
    values = [chance.lognormvariate(3, 1) for _ in range(20_000)]
    stream = StreamingPercentiles()
    for value in values:
        stream.add(value)
    exact = sorted(values)[int(share * len(values))]
    assert stream.percentile(share) == pytest.approx(exact, rel=0.02)
    assert stream.maximum == max(values)


def test_percentile_when_nothing_came_then_it_is_zero() -> None:
    summary = StreamingPercentiles().summary()
    assert (summary.count, summary.p50, summary.p99, summary.mean) == (0, 0.0, 0.0, 0.0)


def test_memory_when_values_are_wild_then_it_is_bounded() -> None:
    stream = StreamingPercentiles()
    for exponent in range(-400, 300):
        stream.add(10.0**exponent)
    stream.add(-5.0)
    assert len(stream._buckets) <= 2049
    assert stream.percentile(1.0) <= stream.maximum


def test_recent_maximum_when_old_values_were_high_then_they_are_forgotten() -> None:
    recent = RecentMaximum(100.0)
    for _ in range(RecentMaximum.SIZE):
        recent.add(50.0)
    assert recent.p95() == 50.0
