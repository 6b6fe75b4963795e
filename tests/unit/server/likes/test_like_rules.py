from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.likes.rules import RATE_WINDOW_S, SAY_INTERVAL_S, LikeCount, TapWindows
from wire.ids import UserId

ADA, BO = UserId("ada"), UserId("bo")


@given(
    st.lists(
        st.tuples(st.floats(0, 2), st.integers(1, 50), st.sampled_from([ADA, BO])), max_size=60
    )
)
def test_windows_when_anything_is_sent_then_no_window_counts_more_than_its_share(
    sent: list[tuple[float, int, UserId]],
) -> None:
    windows, now = TapWindows(window_s=1.0, taps_max=10), 1_000.0
    counted: list[tuple[float, int, UserId]] = []
    for gap, taps, who in sent:
        now += gap
        counted.append((now, windows.count(who, taps, now), who))
        assert 0 <= counted[-1][1] <= taps
    for at, _, who in counted:
        within = [n for when, n, by in counted if by == who and at <= when < at + 1.0 - 1e-6]
        assert sum(within) <= 10


def test_windows_when_within_the_share_then_every_tap_counts() -> None:
    windows = TapWindows(window_s=1.0, taps_max=10)
    assert [windows.count(ADA, 5, 1.0 + step * 0.5) for step in range(20)] == [5] * 20


def test_windows_when_one_user_floods_then_the_other_is_not_touched() -> None:
    windows = TapWindows(window_s=1.0, taps_max=10)
    assert windows.count(ADA, 50, 1.0) == 10
    assert windows.count(ADA, 50, 1.9) == 0
    assert windows.count(BO, 10, 1.9) == 10
    assert windows.count(ADA, 50, 2.0) == 10


def test_windows_when_many_users_come_then_the_memory_is_bounded() -> None:
    windows = TapWindows(users_max=3)
    for number in range(10):
        windows.count(UserId(str(number)), 1, 1.0)
    assert len(windows) == 3


@given(st.lists(st.tuples(st.floats(0, 0.6), st.integers(0, 10)), max_size=80))
def test_count_when_asked_often_then_told_at_most_four_times_a_second_and_only_news(
    steps: list[tuple[float, int]],
) -> None:
    count, now, sum_of_taps = LikeCount(7), 50.0, 0
    told: list[tuple[float, tuple[int, int]]] = []
    for gap, taps in steps:
        now += gap
        if taps:
            count.add(taps, now)
            sum_of_taps += taps
        news = count.take_news(now)
        if news is not None:
            assert news != (told[-1][1] if told else (7, 0))
            told.append((now, news))
    assert count.total == 7 + sum_of_taps
    times = [at for at, _ in told]
    assert all(b - a >= SAY_INTERVAL_S for a, b in itertools.pairwise(times))


def test_count_when_the_taps_end_then_the_rate_falls_to_nothing_and_that_is_told_last() -> None:
    count = LikeCount(0)
    count.add(10, 1.0)
    assert count.take_news(1.0) == (10, 5)
    assert count.take_news(1.3) is None
    assert not count.is_settled(1.3)
    assert count.take_news(1.0 + RATE_WINDOW_S) == (10, 0)
    assert count.is_settled(1.0 + RATE_WINDOW_S)
    assert count.take_news(60.0) is None


@pytest.mark.parametrize("taps_at", [0.0, 0.24])
def test_count_when_just_told_then_the_next_news_waits(taps_at: float) -> None:
    count = LikeCount(0)
    count.add(1, 0.0)
    assert count.take_news(0.0) == (1, 1)
    count.add(1, taps_at)
    assert count.take_news(0.2499) is None
    assert count.take_news(0.25) == (2, 1)
