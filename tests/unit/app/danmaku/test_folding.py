from __future__ import annotations

import pytest

from app.danmaku.folding import fold_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hahaha!!!", "ＨＡＨＡＨＡ"),
        ("哈哈哈", "哈哈哈哈哈哈"),
        ("好 听", "好听。"),
        ("good  game", "Good game~"),
    ],
)
def test_texts_that_say_the_same_fold_to_one_key(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(("one", "other"), [("?", "!"), ("good", "god"), ("哈", "哈哈")])
def test_texts_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


def test_fold_of_marks_without_end_is_bounded() -> None:
    assert len(fold_text("e" + "\u0301" * 100_000)) <= 200
