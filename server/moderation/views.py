"""Views: a folded text as one string of letters, and where its gaps and runs were.

Letters stand side by side however far apart they were written, so one pass finds a word whatever
was put between them; what stood between decides afterwards whether it is that word. Runs of one
letter are one letter and a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.moderation.folding import CLAUSE, GAP, LETTERS, is_cjk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NO_GAP: Final = 0
WEAK: Final = 1
STRONG: Final = 2
"""The end of a clause."""

LEET: Final = {
    **{"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b"},
    **{"9": "g", "@": "a", "$": "s", "€": "e", "£": "l", "¢": "c", "!": "i", "|": "i", "+": "t"},
    **{"(": "c", "<": "c", "¡": "i", "×": "x", "§": "s", "¥": "y"},
}
FOR_L: Final = frozenset("1!|I")
"""What is written for an l; the first three are read as i."""
_REGIONS: Final = (0x1F1E6, 0x1F1FF)
"""Letters that draw flags by twos."""
_EDGE_SIGNS: Final = frozenset("!|+(<¡×")
"""Leet only before a letter: elsewhere they are what they are."""


@dataclass(slots=True)
class View:
    """Lists run along `letters`; places are those of the text."""

    text: str
    letters: str
    runs: list[int]
    starts: list[int]
    ends: list[int]
    """Of the run's last character; not one beyond."""
    gaps: list[int]
    """What stood before the letter."""
    is_leet: bool = False


def views(text: str) -> Iterator[View]:
    """The plain view; then, where the text gives cause, those that read it less literally."""
    plain = _view(text, LETTERS)
    yield plain
    if _has_lone_repeats(plain):
        yield _view(text, LETTERS, is_merging=True)
    if not any("a" <= letter <= "z" for letter in plain.letters) and not _has_regions(text):
        return
    signs = {c for c in text if c in LEET} | {c for c in text if is_region(c)}
    if not signs:
        return
    leet = _view(text, _leet_table(text), is_leet=True)
    yield leet
    if _has_lone_repeats(leet):
        yield _view(text, _leet_table(text), is_leet=True, is_merging=True)
    if any(sign.isdigit() for sign in signs):
        # Digits that stand between letters, such as tones of pinyin.
        yield _view(text, {c: GAP if c.isdecimal() else LETTERS[c] for c in set(text)})


def view_of_word(text: str) -> View:
    return _view(text, LETTERS)


def class_of(letter: str) -> str:
    """Letters that make words with each other: "a" alphabets, "d" digits, "h" Han and its kin."""
    if letter.isdecimal():
        return "d"
    return "h" if is_cjk(letter) else "a"


def _leet_table(text: str) -> Mapping[str, str]:
    table = {c: LEET.get(c) or LETTERS[c] for c in set(text)}
    table.update(
        {c: chr(ord("a") + ord(c) - _REGIONS[0]) for c in table if is_region(c)},
    )
    return table


def _view(
    text: str, table: Mapping[str, str], *, is_leet: bool = False, is_merging: bool = False
) -> View:
    letters: list[str] = []
    runs: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    gaps: list[int] = []
    last, gap = "", STRONG
    length = len(text)
    for index, character in enumerate(text):
        folded = table[character]
        if is_leet and character in _EDGE_SIGNS and not _is_before_letter(text, index, length):
            folded = GAP
        if folded in {GAP, CLAUSE, ""}:
            if folded and gap != STRONG:
                gap = STRONG if folded == CLAUSE else WEAK
            continue
        for letter in folded:
            if letter in {GAP, CLAUSE}:
                gap = max(gap, WEAK)
            elif letter == last and (gap == NO_GAP or is_merging):
                runs[-1] += 1
                ends[-1] = index
                gap = NO_GAP
            else:
                letters.append(letter)
                runs.append(1)
                starts.append(index)
                ends.append(index)
                gaps.append(gap)
                last, gap = letter, NO_GAP
    return View(text, "".join(letters), runs, starts, ends, gaps, is_leet)


def _is_before_letter(text: str, index: int, length: int) -> bool:
    if index + 1 >= length:
        return False
    after = text[index + 1]
    return LETTERS[after] not in {"", GAP, CLAUSE} or after in {"$", "@"}


def _has_lone_repeats(view: View) -> bool:
    """Whether a letter stands by itself beside another of its kind."""
    letters, gaps = view.letters, view.gaps
    count = len(letters)
    for index in range(1, count):
        if gaps[index] and letters[index] == letters[index - 1]:
            is_left_lone = gaps[index - 1] != NO_GAP
            is_right_lone = index + 1 == count or gaps[index + 1] != NO_GAP
            if is_left_lone or is_right_lone or class_of(letters[index]) == "h":
                return True
    return False


def _has_regions(text: str) -> bool:
    return not text.isascii() and any(map(is_region, text))


def is_region(character: str) -> bool:
    return _REGIONS[0] <= ord(character) <= _REGIONS[1]
