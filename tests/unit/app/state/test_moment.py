from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.moment import clock_words, find_moment, write_moment


@given(st.integers(0, 9999 * 3_600_000))
def test_moment_when_written_and_read_then_it_is_the_same(at_ms: int) -> None:
    assert find_moment(write_moment(at_ms)) == at_ms
    assert find_moment(write_moment(at_ms, has_part=False)) == at_ms // 1000 * 1000


@pytest.mark.parametrize(
    ("words", "at_ms"),
    [
        ("90", 90_000),
        ("1:30", 90_000),
        (" 0:01:30,5 ", 90_500),
        ("2:00:00", 7_200_000),
        ("62:03", 3_723_000),
        ("0.25", 250),
    ],
)
def test_moment_when_written_shorter_then_it_is_understood(words: str, at_ms: int) -> None:
    assert find_moment(words) == at_ms


@pytest.mark.parametrize("words", ["", "-1", "1:", ":1", "a", "1:2:3:4", "1.2345", "١٢"])
def test_moment_when_it_is_none_then_nothing_is_found(words: str) -> None:
    assert find_moment(words) is None


@pytest.mark.parametrize(
    ("at_ms", "words"),
    [
        (0, "0:00"),
        (59_900, "0:59"),
        (65_999, "1:05"),
        (600_000, "10:00"),
        (3_600_000, "1:00:00"),
        (3_661_000, "1:01:01"),
        (-5, "0:00"),
    ],
)
def test_clock_words_when_a_moment_is_given_then_hours_show_only_where_there_are_some(
    at_ms: int, words: str
) -> None:
    assert clock_words(at_ms) == words
