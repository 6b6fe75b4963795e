"""Twelve ways to disguise a word, by script, for Latin and for Chinese words.

Its tables are its own: a disguise that is made with the folding's tables proves nothing.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import opencc
from pypinyin import Style, lazy_pinyin

if TYPE_CHECKING:
    import random

_CYRILLIC: Final = dict(zip("aceopxyijshkmtb", "асеорхуіјѕһкмтв", strict=True))
_GREEK: Final = dict(zip("aeiknoptuvx", "αεικηορτυνχ", strict=True))
_LEET: Final = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "l": "1"}
_SIGNS: Final = ".-_*~/|·+'"
_NOTHING: Final = "\u200b\u200c\u2060\ufeff\u00ad"
_MARKS: Final = "\u0301\u0308\u0323\u0336\u0327"
_EMOJI: Final = "😀🤣🔥❤⭐🐶"


def _case(word: str, chance: random.Random) -> str:
    return "".join(chance.choice((c.upper(), c.lower())) for c in word)


def _wide(word: str, _chance: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in word)


def _spaced(word: str, _chance: random.Random) -> str:
    return " ".join(word)


def _joined(word: str, chance: random.Random, signs: str) -> str:
    return "".join(c + chance.choice(signs) for c in word[:-1]) + word[-1]


def _signs(word: str, chance: random.Random) -> str:
    return _joined(word, chance, _SIGNS)


def _nothing(word: str, chance: random.Random) -> str:
    return _joined(word, chance, _NOTHING)


def _alike(word: str, chance: random.Random) -> str:
    table = chance.choice((_CYRILLIC, _GREEK))
    return "".join(table.get(c, c) for c in word)


def _leet(word: str, chance: random.Random) -> str:
    return "".join(chance.choice(_LEET[c]) if c in _LEET else c for c in word)


def _marks(word: str, chance: random.Random) -> str:
    return "".join(c + chance.choice(_MARKS) for c in word)


def _drawn(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at] * chance.randint(3, 6) + word[at + 1 :]


def _styled(word: str, chance: random.Random) -> str:
    first = chance.choice((0x1D41A, 0x1D4D0 + 26, 0x1D5BA, 0x1D68A))
    return "".join(chr(first + ord(c) - ord("a")) for c in word)


def _circled(word: str, chance: random.Random) -> str:
    first, upper = chance.choice(
        ((0x24D0, False), (0x1F170, True), (0x1F130, True), (0x1F150, True))
    )
    del upper
    return "".join(chr(first + ord(c) - ord("a")) for c in word)


def _cut(word: str, chance: random.Random) -> str:
    """One cut, and a look-alike or a capital besides."""
    at = chance.randrange(1, len(word))
    other = chance.choice((_case, _alike))(word, chance)
    return other[:at] + chance.choice((" ", ".", "-", " _ ")) + other[at:]


def _traditional(word: str, _chance: random.Random) -> str:
    return str(opencc.OpenCC("s2t").convert(word))


def _pinyin(word: str, _chance: random.Random) -> str:
    return "".join(lazy_pinyin(word))


def _pinyin_capitals(word: str, _chance: random.Random) -> str:
    return " ".join(syllable.capitalize() for syllable in lazy_pinyin(word))


def _pinyin_tones(word: str, _chance: random.Random) -> str:
    return "".join(lazy_pinyin(word, style=Style.TONE))


def _pinyin_numbers(word: str, _chance: random.Random) -> str:
    return "".join(lazy_pinyin(word, style=Style.TONE3))


def _half_pinyin(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + lazy_pinyin(word)[at] + word[at + 1 :]


def _emoji(word: str, chance: random.Random) -> str:
    return _joined(word, chance, _EMOJI)


def _compatible(word: str, chance: random.Random) -> str:
    """Radicals in place of characters, where there are such, and a mark on the rest."""
    return "".join(_RADICALS.get(c, c + chance.choice(_MARKS)) for c in word)


def _both(word: str, chance: random.Random) -> str:
    return _signs(_traditional(word, chance), chance)


_RADICALS: Final = {
    unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)
}

LATIN_DISGUISES: Final = {
    "capitals": _case,
    "full width": _wide,
    "spaced": _spaced,
    "signs between": _signs,
    "zero-width between": _nothing,
    "look-alikes": _alike,
    "leet": _leet,
    "marks": _marks,
    "drawn out": _drawn,
    "styled alphabet": _styled,
    "circled or squared": _circled,
    "cut once, and more": _cut,
}
HAN_DISGUISES: Final = {
    "spaced": _spaced,
    "signs between": _signs,
    "zero-width between": _nothing,
    "traditional": _traditional,
    "traditional, signs between": _both,
    "pinyin": _pinyin,
    "pinyin, capitals, spaced": _pinyin_capitals,
    "pinyin with tones": _pinyin_tones,
    "pinyin with numbers": _pinyin_numbers,
    "half pinyin": _half_pinyin,
    "emoji between": _emoji,
    "radicals and marks": _compatible,
}
