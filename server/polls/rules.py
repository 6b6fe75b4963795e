"""What a poll may ask, and how votes are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.text import clean_line, fold
from wire import limits
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_question(text: str) -> str:
    """One line. Raises WireError(INVALID_VALUE)."""
    return _line(text, limits.POLL_QUESTION_CHARACTERS_MAX, "question")


def check_choices(texts: Sequence[str]) -> tuple[str, ...]:
    """One line each, no two alike. Raises WireError(INVALID_VALUE)."""
    choices = tuple(_line(text, limits.POLL_CHOICE_CHARACTERS_MAX, "choices") for text in texts)
    if len({fold(choice) for choice in choices}) < len(choices):
        raise WireError(ErrorCode.INVALID_VALUE, "two choices are the same", field="choices")
    return choices


class Tally:
    """How many chose each."""

    def __init__(self, choices: int, votes: Sequence[tuple[int, int]] = ()) -> None:
        """`votes`: (choice, how many)."""
        counted = dict(votes)
        self._votes = [counted.get(choice, 0) for choice in range(choices)]
        self._has_news = False

    @property
    def votes(self) -> tuple[int, ...]:
        return tuple(self._votes)

    def change(self, before: int | None, now: int) -> None:
        """A user who had chosen `before`, if anything, chooses `now`."""
        if before == now:
            return
        if before is not None:
            self._votes[before] -= 1
        self._votes[now] += 1
        self._has_news = True

    def take_news(self) -> bool:
        """Whether anything changed since it was asked last."""
        had, self._has_news = self._has_news, False
        return had


def _line(text: str, characters_max: int, field: str) -> str:
    line = clean_line(text, characters_max=characters_max, field=field)
    if not line:
        raise WireError(ErrorCode.INVALID_VALUE, f"{field}: there is nothing to read", field=field)
    return line
