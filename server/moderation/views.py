"""Views: a folded text as one string of letters, and where its gaps and runs were.

Letters stand side by side however far apart they were written, so one pass finds a word whatever
was put between them; what stood between decides afterwards whether it is that word. Runs of one
letter are one letter and a number.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from server.moderation.folding import CLAUSE, GAP, LETTERS, Letters, is_cjk

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_GAP: Final = 0
WEAK: Final = 1
STRONG: Final = 2
"""The end of a clause."""

LEET: Final = dict(zip("013457890@$€£¢!|+¡", "oieastbgoaselciiti", strict=True))
FOR_L: Final = frozenset("1!|I")
"""What is written for an l; the first three are read as i."""
_REGIONS: Final = (0x1F1E6, 0x1F1FF)
"""Letters that draw flags by twos."""
_EDGE_SIGNS: Final = re.compile(r"[!|+¡](?![^\W_]|[$@])")
"""Leet only before a letter: elsewhere they are what they are."""

_LETTER: Final = r"[^\W\d_\u2e80-\ua4cf\uac00-\ud7a3]"
_SIGN: Final = "[" + re.escape("".join(LEET)) + "]"
_BETWEEN: Final = r"[\s\W_]{0,2}"
_MAY_BE_LEET: Final = re.compile(
    f"{_LETTER}{_BETWEEN}{_SIGN}|{_SIGN}{_BETWEEN}{_LETTER}|[\U0001f1e6-\U0001f1ff]"
)
_DIGIT_BETWEEN: Final = re.compile(rf"{_LETTER}\W?\d\W?{_LETTER}|{_LETTER}[1-5](?!\d)")
_RUN: Final = re.compile(r"([^ ,])\1+")
_GAPS: Final = re.compile("[ ,]+")
_LONE_REPEAT: Final = re.compile(
    r"(?<![^ ,])([^ ,])[ ,]+\1|([^ ,])[ ,]+\2(?![^ ,])|([\u2e80-\ua4cf])[ ,]+\3"
)
"""A letter that stands by itself beside another of its kind."""

_JOINED_REPEAT: Final = re.compile(r"([^\W\d_])[-._*~/|·+']+\1", re.IGNORECASE)
"""The same where no space stands between: "mes-sy"."""


class _LeetLetters(Letters):
    def fold(self, character: str) -> str:
        if is_region(character):
            return chr(ord("a") + ord(character) - _REGIONS[0])
        return LEET.get(character) or LETTERS[character]


class _NoDigits(Letters):
    def fold(self, character: str) -> str:
        return GAP if character.isdecimal() else LETTERS[character]


_LEET_LETTERS: Final = _LeetLetters()
_NO_DIGITS: Final = _NoDigits()


class View:
    """`letters` at once; what stood around them when somebody asks.

    The lists run along `letters`; places are those of the text.
    """

    def __init__(
        self, text: str, table: Letters, *, is_leet: bool = False, is_merging: bool = False
    ) -> None:
        self.text = text
        self.is_leet = is_leet
        self._table = table
        self._is_merging = is_merging
        self._folded = "".join(map(table.__getitem__, text))
        gapless = self._folded if not is_merging else _GAPS.sub("", self._folded)
        self._short = _RUN.sub(r"\1", gapless)
        """Runs are short, gaps are there."""
        self.letters = _GAPS.sub("", self._short)

    def has_lone_repeats(self) -> bool:
        return _LONE_REPEAT.search(self._short) is not None

    def pieces(self, start: int, end: int) -> list[str]:
        """Letters `start` to `end` as gaps cut them, runs in full."""
        written = self.text[self.starts[start] : self.ends[end - 1] + 1]
        folded = "".join(map(self._table.__getitem__, written))
        return [piece for piece in _GAPS.split(folded) if piece]

    @cached_property
    def runs(self) -> list[int]:
        return self._details[0]

    @cached_property
    def starts(self) -> list[int]:
        return self._details[1]

    @cached_property
    def ends(self) -> list[int]:
        """Of each run's last character; not one beyond."""
        return self._details[2]

    @cached_property
    def gaps(self) -> list[int]:
        """What stood before each letter."""
        return self._details[3]

    @cached_property
    def _details(self) -> tuple[list[int], list[int], list[int], list[int]]:
        runs: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        gaps: list[int] = []
        last, gap = "", STRONG
        for index, folded in enumerate(map(self._table.__getitem__, self.text)):
            if folded == GAP and gap:
                continue
            for letter in folded:
                if letter == GAP:
                    gap = gap or WEAK
                elif letter == CLAUSE:
                    gap = STRONG
                elif letter == last and (gap == NO_GAP or self._is_merging):
                    runs[-1] += 1
                    ends[-1] = index
                    gap = NO_GAP
                else:
                    runs.append(1)
                    starts.append(index)
                    ends.append(index)
                    gaps.append(gap)
                    last, gap = letter, NO_GAP
        return runs, starts, ends, gaps


def views(text: str) -> Iterator[View]:
    """The plain view; then, where the text gives cause, those that read it less literally."""
    yield from _with_merged(text, LETTERS)
    leet = _EDGE_SIGNS.sub(" ", text)
    if _MAY_BE_LEET.search(leet):
        yield from _with_merged(leet, _LEET_LETTERS, is_leet=True)
        if _DIGIT_BETWEEN.search(text):
            # Digits that stand between letters, such as tones of pinyin.
            yield View(text, _NO_DIGITS)


def _with_merged(text: str, table: Letters, *, is_leet: bool = False) -> Iterator[View]:
    view = View(text, table, is_leet=is_leet)
    yield view
    if view.has_lone_repeats() or _JOINED_REPEAT.search(text):
        yield View(text, table, is_leet=is_leet, is_merging=True)


def view_of_word(text: str) -> View:
    return View(text, LETTERS)


def class_of(letter: str) -> str:
    """Letters that make words with each other: "a" alphabets, "d" digits, "h" Han and its kin."""
    if letter.isdecimal():
        return "d"
    return "h" if is_cjk(letter) else "a"


def is_region(character: str) -> bool:
    return _REGIONS[0] <= ord(character) <= _REGIONS[1]
