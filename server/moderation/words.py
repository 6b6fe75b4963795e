"""Word lists: up to 20,000 entries, found in one pass (Aho-Corasick), then looked at closely.

The automaton knows letters only, each run of one letter as one. Whether what it finds is the word
is decided by what `views` noted beside the letters: borders, so that "class" is not caught by
"ass"; runs, so that "as" is not; gaps, so that "the pen is" is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from server.moderation.common_words import COMMON_WORDS, SPELT_LIKE_PINYIN
from server.moderation.folding import is_cjk
from server.moderation.pinyin import spell
from server.moderation.views import (
    FOR_L,
    STRONG,
    View,
    class_of,
    is_region,
    view_of_word,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WORDS_MAX: Final = 20_000
SPAN_PER_LETTER_MAX: Final = 12
"""Characters of the text for one letter of the word; beyond it nobody reads them as one word."""
SHORT: Final = 3
"""Letters of a word that gaps make hard to tell from what stands beside: all of them, or none."""
INFLECTED_MIN: Final = 4
_ENDINGS: Final = frozenset({"s", "es", "ed", "er", "ers", "ing", "ings", "in"})
_SELDOM_DOUBLE: Final = frozenset("ahijkquvwxy")
"""Letters that English does not write twice in a row."""


class Kind(Enum):
    LATIN = auto()
    """Or any alphabet: has borders."""
    CJK = auto()
    """Or mixed."""
    PINYIN = auto()


class _Form(NamedTuple):
    """One way to write an entry."""

    entry: str
    kind: Kind
    runs: tuple[int, ...]
    gaps: frozenset[int]
    """Before which letters the word itself has a gap."""
    for_l: int = 0
    """How many l of the word stand as i in the pattern."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry in a text; places of the text, `end` one beyond."""

    entry: str
    start: int
    end: int


class WordList:
    """Made once for a list; building 20,000 takes seconds, so off the event loop."""

    def __init__(self, words: Sequence[str]) -> None:
        by_pattern: dict[str, list[_Form]] = {}
        for word in words[:WORDS_MAX]:
            for pattern, form in _forms(word):
                by_pattern.setdefault(pattern, []).append(form)
        self._forms = list(by_pattern.values())
        self._automaton = AhoCorasick(list(by_pattern)) if by_pattern else None

    def find(self, text: str) -> Iterator[Found]:
        """Each entry's first place in the text, in no order that means anything."""
        return self.find_in(views(text))

    def find_in(self, seen: Iterable[View]) -> Iterator[Found]:
        """As `find`, for a text whose views serve several lists."""
        if self._automaton is None:
            return
        told: set[str] = set()
        for view in seen:
            for pattern, start, end in self._automaton.find_matches_as_indexes(
                view.letters, overlapping=True
            ):
                for form in self._forms[pattern]:
                    if form.entry not in told and _is_word(view, start, end, form):
                        told.add(form.entry)
                        yield Found(form.entry, view.starts[start], view.ends[end - 1] + 1)


def is_findable(word: str) -> bool:
    """Whether a word has anything that can be found: letters, digits."""
    return bool(view_of_word(word).letters)


def _forms(word: str) -> Iterator[tuple[str, _Form]]:
    view = view_of_word(word)
    if not view.letters:
        return
    kind = Kind.CJK if any(map(is_cjk, view.letters)) else Kind.LATIN
    gaps = frozenset(index for index, gap in enumerate(view.gaps) if gap and index)
    yield view.letters, _Form(word, kind, tuple(view.runs), gaps)
    if kind is Kind.LATIN:
        if "l" in view.letters:
            yield _with_i_for_l(word)
        return
    folded = "".join(letter * run for letter, run in zip(view.letters, view.runs, strict=True))
    for parts in spell(folded):
        letters, runs, borders = _spelt(parts)
        is_all = letters.isascii()
        if not is_all or letters not in _COMMON_LETTERS:
            yield letters, _Form(word, Kind.PINYIN if is_all else Kind.CJK, runs, borders)


def _with_i_for_l(word: str) -> tuple[str, _Form]:
    view = view_of_word(word.lower().replace("l", "i"))
    letters = view_of_word(word)
    count = sum(run for c, run in zip(letters.letters, letters.runs, strict=True) if c == "l")
    gaps = frozenset(index for index, gap in enumerate(view.gaps) if gap and index)
    return view.letters, _Form(word, Kind.LATIN, tuple(view.runs), gaps, for_l=count)


def _spelt(parts: tuple[str, ...]) -> tuple[str, tuple[int, ...], frozenset[int]]:
    """Letters, runs, and before which letters a part begins."""
    places = set(accumulate(map(len, parts)))
    letters: list[str] = []
    runs: list[int] = []
    borders: set[int] = set()
    for at, letter in enumerate("".join(parts)):
        if letters and letters[-1] == letter:
            runs[-1] += 1
            continue
        if at in places:
            borders.add(len(letters))
        letters.append(letter)
        runs.append(1)
    return "".join(letters), tuple(runs), frozenset(borders)


_COMMON_LETTERS: Final = frozenset(
    view_of_word(word).letters for word in SPELT_LIKE_PINYIN | COMMON_WORDS
)


# --- is it the word ---------------------------------------------------------------------------


def _is_word(view: View, start: int, end: int, form: _Form) -> bool:
    """Asks what is cheap first."""
    return (
        _begins(view, start)
        and _is_ended_and_drawn(view, start, end, form)
        and (not form.for_l or _stands_for_l(view, start, end, form.for_l))
        and (not view.is_leet or _is_leet_word(view, start, end))
        and _is_closed_up(view, start, end, form)
    )


def _is_ended_and_drawn(view: View, start: int, end: int, form: _Form) -> bool:
    need, have = form.runs, tuple(view.runs[start:end])
    ending = ""
    if form.kind is Kind.CJK:
        if not _ends(view, end):
            return False
    else:
        found = _ending(view, end)
        if found is None or (found and not _is_inflected(found, need)):
            return False
        ending = found
    return have == need or _are_runs(view.letters[start:end], have, need, is_inflected=bool(ending))


def _is_closed_up(view: View, start: int, end: int, form: _Form) -> bool:
    """Whether there are no gaps in it, or such as may be."""
    inner = [index for index in range(start + 1, end) if view.gaps[index]]
    written = view.ends[end - 1] - view.starts[start] + 1
    has_gap = bool(inner) or written > sum(view.runs[start:end])
    return not has_gap or _are_gaps(view, start, end, form, inner)


def _begins(view: View, start: int) -> bool:
    """Whether no word of the same kind runs into it."""
    if start == 0 or view.gaps[start]:
        return True
    kind = class_of(view.letters[start])
    return kind == "h" or class_of(view.letters[start - 1]) != kind


def _ends(view: View, end: int) -> bool:
    if end == len(view.letters) or view.gaps[end]:
        return True
    kind = class_of(view.letters[end - 1])
    return kind == "h" or class_of(view.letters[end]) != kind


def _ending(view: View, end: int) -> str | None:
    """What is written on after the word; None for what is too long to be an ending."""
    if _ends(view, end):
        return ""
    kind, after = class_of(view.letters[end - 1]), ""
    for index in range(end, min(end + 5, len(view.letters))):
        if view.gaps[index] or class_of(view.letters[index]) != kind:
            return after
        after += view.letters[index]
    return after if len(after) < 5 else None


def _is_inflected(ending: str, need: tuple[int, ...]) -> bool:
    return ending in _ENDINGS and sum(need) >= INFLECTED_MIN


def _are_runs(
    letters: str, have: tuple[int, ...], need: tuple[int, ...], *, is_inflected: bool
) -> bool:
    """Whether letters were only drawn out: "fuuuck", "ffuucckk", but not "good" for "god"."""
    doubled = True
    drawn = True
    last = len(need) - 1
    for index, (letter, is_there, is_due) in enumerate(zip(letters, have, need, strict=True)):
        if is_there < is_due or (letter.isdecimal() and is_there != is_due):
            return False
        if is_there < 2 * is_due:
            doubled = False
        may_double = letter in _SELDOM_DOUBLE or (index == last and is_inflected)
        if is_there != is_due and is_there < 3 and not may_double:
            drawn = False
    return drawn or doubled


def _stands_for_l(view: View, start: int, end: int, count: int) -> bool:
    written = view.text[view.starts[start] : view.ends[end - 1] + 1]
    return sum(character in FOR_L for character in written) >= count


def _is_leet_word(view: View, start: int, end: int) -> bool:
    """Whether enough of it is letters: a price is no word, nor is the bus A55."""
    written = view.text[view.starts[start] : view.ends[end - 1] + 1]
    length = sum(view.runs[start:end])
    digits = sum(map(str.isdecimal, written))
    if length < SHORT or (length == SHORT and digits > 1):
        return False
    return any(c.isalpha() or is_region(c) for c in written) and not any(
        len(piece) > 1 and piece.isdecimal() for piece in written.split()
    )


def _are_gaps(view: View, start: int, end: int, form: _Form, inner: list[int]) -> bool:
    written = view.ends[end - 1] - view.starts[start] + 1
    if written > SPAN_PER_LETTER_MAX * sum(view.runs[start:end]):
        return False
    if form.kind is Kind.CJK:
        is_spaced_out = len(inner) == end - start - 1 and len(inner) > 1
        return is_spaced_out or not any(view.gaps[index] == STRONG for index in inner)
    if form.kind is Kind.LATIN and form.gaps and form.gaps.issuperset(inner):
        return True
    pieces = view.pieces(start, end)
    if len(pieces) == 1:
        return True
    if sum(form.runs) <= SHORT and any(len(piece) > 1 for piece in pieces):
        return False
    return not all(piece in COMMON_WORDS for piece in pieces)
