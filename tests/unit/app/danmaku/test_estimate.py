from __future__ import annotations

import pytest

from app.danmaku.estimate import EDGE, estimate_width


@pytest.mark.parametrize(
    ("words", "ems"), [("", 0), ("哈哈", 2), ("ab", 1.2), ("ｆｕ", 2), ("e\u0301", 0.6), ("👍", 1)]
)
def test_width_when_estimated_then_wide_letters_are_wide(words: str, ems: float) -> None:
    assert estimate_width(words, 20) == pytest.approx(ems * 20 + EDGE)
