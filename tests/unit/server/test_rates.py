from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rates import FailureWindows, Rate, TokenBuckets, rate_limited


def test_bucket_when_the_burst_is_used_then_one_at_a_time() -> None:
    buckets: TokenBuckets[str] = TokenBuckets(Rate(burst=3, per_s=1))
    assert [buckets.take("a", 10.0) for _ in range(4)] == [0, 0, 0, 1.0]
    assert buckets.take("a", 10.5) == 0.5
    assert buckets.take("a", 11.0) == 0
    assert buckets.take("b", 11.0) == 0


def test_bucket_when_refused_then_nothing_is_taken() -> None:
    buckets: TokenBuckets[str] = TokenBuckets(Rate(burst=1, per_s=1))
    buckets.take("a", 0.0)
    for _ in range(100):
        assert buckets.wait_s("a", 0.5) == buckets.take("a", 0.5) == 0.5
    assert buckets.take("a", 1.0) == 0


@given(st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=200))
def test_bucket_when_asked_in_any_rhythm_then_never_more_than_the_rate(gaps: list[float]) -> None:
    buckets: TokenBuckets[str] = TokenBuckets(Rate(burst=3, per_s=1))
    now = start = 1_000.0
    taken = 0
    for gap in gaps:
        now += gap
        taken += buckets.take("a", now) == 0
        assert taken <= 3 + (now - start) + 1e-6


def test_bucket_when_keys_flood_then_the_oldest_is_forgotten() -> None:
    buckets: TokenBuckets[int] = TokenBuckets(Rate(burst=1, per_s=1), keys_max=10)
    for key in range(1_000):
        buckets.take(key, 0.0)
    assert len(buckets) == 10
    assert buckets.take(999, 0.0) > 0


def test_failures_when_too_many_then_wait_for_the_oldest_to_pass() -> None:
    failures: FailureWindows[str] = FailureWindows(2, 60)
    failures.begin("a", 0.0)
    failures.begin("a", 10.0)
    assert failures.wait_s("a", 20.0) == 40.0
    assert failures.wait_s("a", 60.0) == 0
    assert failures.wait_s("b", 20.0) == 0


def test_failures_when_forgiven_then_they_do_not_count() -> None:
    failures: FailureWindows[str] = FailureWindows(1, 60)
    for _ in range(5):
        failures.begin("a", 0.0)
        failures.forgive("a")
    assert failures.wait_s("a", 0.0) == 0
    failures.begin("a", 0.0)
    failures.clear("a")
    assert failures.wait_s("a", 0.0) == 0


def test_failures_when_keys_flood_then_bounded() -> None:
    failures: FailureWindows[int] = FailureWindows(1, 60, keys_max=10)
    for key in range(1_000):
        failures.begin(key, 0.0)
    assert len(failures._times) == 10


@pytest.mark.parametrize(("wait_s", "retry_after_ms"), [(0.0001, 1), (0.5, 500), (1.0001, 1001)])
def test_rate_limited_when_told_then_never_too_early(wait_s: float, retry_after_ms: int) -> None:
    assert rate_limited(wait_s).retry_after_ms == retry_after_ms
