"""Folding: one form for the many ways to write the same letters.

Case, width, styled alphabets, accents, look-alike letters of other scripts, and traditional
characters are one; what draws nothing is gone; everything that is neither letter nor digit is a
gap. Folding looks at one character at a time, so it takes time in proportion to the text, and marks
never reach Unicode's normalisation (which is quadratic in a run of them). Folding twice changes
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import opencc

GAP: Final = " "
CLAUSE: Final = ","
"""A gap at which a clause ends."""

_CACHED_MAX: Final = 50_000
_CLAUSE_ENDS: Final = frozenset(",;:!?，。！？；：…\n")
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e")
_WHOLE: Final = ((0xAC00, 0xD7A3), (0x3040, 0x30FF))
"""Hangul and kana: their parts are other letters."""
_CJK: Final = ((0x2E80, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_NEGATIVE_LETTERS: Final = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
"""A to Z in a filled circle or square, which Unicode does not decompose."""

_ALIKE: Final = {
    "a": "АаΑαᎪꓮ∂",
    "b": "ВвЬьΒβᏴꓐ",
    "c": "СсϲᏟꓚ",
    "d": "ԁᎠꓓժ",
    "e": "ЕеёΕεᎬꓰ℮єҽə",
    "f": "ҒғϜꓝƒ",
    "g": "ԌԍᏀꓖց",
    "h": "НнһΗᎻꓧհ",
    "i": "ІіΙιᎥꓲıɩӏ",
    "j": "ЈјᎫꓙ",
    "k": "КкΚκᏦꓗ",
    "l": "ᏞꓡԼℓ",
    "m": "МмΜᎷꓟ",
    "n": "ΝηᏁꓠոп",
    "o": "ОоΟοσՕօꓳ",
    "p": "РрΡρᏢꓑ",
    "q": "Ԛԛգ",
    "r": "ᎡᏒꓣгʀ",
    "s": "ЅѕՏᏚꓢ",
    "t": "ТтΤτᎢꓔ",
    "u": "ՍսꓴυцԱ",
    "v": "ѴѵᏙꓦν",
    "w": "ԜԝѡωᎳꓪ",
    "x": "ХхΧχꓫ",
    "y": "УуҮүΥγꓬ",
    "z": "ΖᏃꓜ",
}
"""ASCII letters and those of Cyrillic, Greek, Armenian, Cherokee and Lisu that are drawn alike."""
_LOOK_ALIKES: Final = {other: letter for letter, others in _ALIKE.items() for other in others}
_NAMED: Final = re.compile(
    r"^LATIN (?:(?:SMALL|CAPITAL) LETTER |LETTER SMALL CAPITAL )"
    r"(?:TURNED |REVERSED |SCRIPT |OPEN |LONG |INSULAR |DOTLESS )*([A-Z])(?: WITH .*)?$"
)

_GAPS: Final = re.compile("[ ,]+")
_TO_SIMPLIFIED: Final = "t2s"


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters and variants, each with its simplified form: some 3,800."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    converted = opencc.OpenCC(_TO_SIMPLIFIED).convert("\n".join(characters)).split("\n")
    return {
        before: after
        for before, after in zip(characters, converted, strict=True)
        if before != after and len(after) == 1
    }


class Letters(dict[str, str]):
    """Character to what it folds to; made when it is first met."""

    def __missing__(self, character: str) -> str:
        folded = self.fold(character)
        if len(self) < _CACHED_MAX:
            self[character] = folded
        return folded

    def fold(self, character: str) -> str:
        return _fold_until_still(character)


LETTERS: Final = Letters()
"""For each character its folded letters, `GAP`, `CLAUSE`, or nothing."""


def fold(text: str) -> str:
    """The letters of a text with one space for each gap. For people to look at; see `views`."""
    joined = "".join(map(LETTERS.__getitem__, text)).strip(GAP + CLAUSE)
    return _GAPS.sub(lambda gap: f"{CLAUSE} " if CLAUSE in gap[0] else GAP, joined)


def is_cjk(letter: str) -> bool:
    """Han, kana, Hangul: written without spaces, so words have no borders."""
    code = ord(letter)
    return code >= _CJK[0][0] and any(first <= code <= last for first, last in _CJK)


def _fold_until_still(character: str) -> str:
    folded = _fold_once(character)
    for _ in range(4):
        again = "".join(map(_fold_once, folded))
        if again == folded:
            break
        folded = again
    return folded


def _fold_once(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character.lower()
    if character in _CLAUSE_ENDS:
        return CLAUSE
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or character in _BLANK_LETTERS:
        return ""
    return _fold_shape(character)


def _fold_shape(character: str) -> str:
    code = ord(character)
    for first, last in _NEGATIVE_LETTERS:
        if first <= code <= last:
            return chr(ord("a") + code - first)
    parts = unicodedata.normalize("NFKD", character)
    if parts != character and not any(first <= code <= last for first, last in _WHOLE):
        return "".join(map(_fold_once, parts))
    named = _NAMED.match(unicodedata.name(character, ""))
    if named:
        return named[1].lower()
    lower = character.casefold()
    return _simplified().get(lower, lower) if character.isalnum() else GAP
