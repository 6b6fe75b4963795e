from __future__ import annotations

import pytest

from app.state.short_count import TEN_THOUSANDS, THOUSANDS, Units, shorten


@pytest.mark.parametrize(
    ("number", "units", "words"),
    [
        (0, THOUSANDS, "0"),
        (999, THOUSANDS, "999"),
        (1_000, THOUSANDS, "1k"),
        (1_299, THOUSANDS, "1.2k"),
        (12_999, THOUSANDS, "12k"),
        (999_999, THOUSANDS, "999k"),
        (1_999_999, THOUSANDS, "1.9M"),
        (9_999, TEN_THOUSANDS, "9999"),
        (12_999, TEN_THOUSANDS, "1.2万"),
        (123_456_789, TEN_THOUSANDS, "1.2亿"),
    ],
)
def test_shorten_when_given_a_number_then_never_more_than_it(
    number: int, units: Units, words: str
) -> None:
    assert shorten(number, units) == words
