from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.polls.rules import Tally, check_choices, check_question
from wire.errors import ErrorCode, WireError


def test_check_when_ordinary_then_as_written() -> None:
    assert check_question(" 唱哪首？ ") == "唱哪首？"
    assert check_choices(["甲", "<b>乙</b>"]) == ("甲", "<b>乙</b>")


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 121, "a\nb", "\ud800"])
def test_question_when_empty_long_or_broken_then_refused(text: str) -> None:
    with pytest.raises(WireError) as caught:
        check_question(text)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "question")


@pytest.mark.parametrize("texts", [["a", ""], ["a", "x" * 41], ["a", "A"], ["a", "\uff41"]])
def test_choices_when_empty_long_or_alike_then_refused(texts: list[str]) -> None:
    with pytest.raises(WireError) as caught:
        check_choices(texts)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "choices")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=100))
def test_tally_when_users_change_their_minds_then_one_vote_each(
    votes: list[tuple[int, int]],
) -> None:
    tally, chosen = Tally(4), dict[int, int]()
    for user, choice in votes:
        before = chosen.get(user)
        tally.change(before, choice)
        chosen[user] = choice
        assert tally.take_news() is (before != choice)
        assert not tally.take_news()
        assert tally.votes == tuple(list(chosen.values()).count(one) for one in range(4))
