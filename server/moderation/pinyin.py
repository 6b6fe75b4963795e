"""How a Chinese word is written with Latin letters, wholly or in part."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING, Final

from server.moderation.folding import LETTERS, is_cjk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MIXED_ALL_MAX: Final = 3
"""A word of so many characters gets every mixture; a longer one has one syllable spelt out."""
WORD_MAX: Final = 8
LETTERS_MIN: Final = 4
"""Pinyin that is shorter says too many other things."""


def spell(word: str) -> Iterator[tuple[str, ...]]:
    """The word's parts, each a character or its syllable; one syllable at least.

    Nothing for a single character, or for a word that is not all Han.
    """
    if not 2 <= len(word) <= WORD_MAX or not all(map(is_cjk, word)):
        return
    syllables = _syllables(word)
    if len(syllables) != len(word) or not all(part.isascii() for part in syllables):
        return
    if len("".join(syllables)) >= LETTERS_MIN:
        yield syllables
    if len(word) <= MIXED_ALL_MAX:
        for chosen in product((False, True), repeat=len(word)):
            if any(chosen) and not all(chosen):
                yield _mix(word, syllables, chosen)
    else:
        for place in range(len(word)):
            yield _mix(word, syllables, tuple(place == index for index in range(len(word))))


def _mix(word: str, syllables: tuple[str, ...], chosen: tuple[bool, ...]) -> tuple[str, ...]:
    return tuple(
        syllable if is_spelt else character
        for character, syllable, is_spelt in zip(word, syllables, chosen, strict=True)
    )


def _syllables(word: str) -> tuple[str, ...]:
    spelt = _lazy_pinyin()(word, errors="default", v_to_u=True)
    return tuple("".join(map(LETTERS.__getitem__, syllable)) for syllable in spelt)


@cache
def _lazy_pinyin() -> Callable[..., list[str]]:
    """Loaded with the first Chinese entry: the readings of phrases take 45 MB."""
    found: Callable[..., list[str]] = import_module("pypinyin").lazy_pinyin
    return found
