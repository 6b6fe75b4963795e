from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.moment import find_moment, write_moment


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
