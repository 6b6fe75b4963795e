"""Text from outside: what it may hold, and when two names are one.

Every function here first cuts or checks the length: Unicode normalisation takes time that is
quadratic in a run of combining marks (64 KB: 1.5 s), so nothing long may reach it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from wire.errors import ErrorCode, WireError

MARKS_PER_BASE_MAX: Final = 3
"""More combining marks on one character than any living script needs paint over other lines."""

_SPACES = re.compile(r"\s+")
_ZERO_WIDTH_JOINER: Final = "\u200d"
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180e")
"""Letters by their category that draw nothing."""

_LOOK_ALIKES: Final = str.maketrans(
    # Cyrillic, Greek, Armenian and Latin letters that are drawn like an ASCII one, before the
    # case is folded: a capital may look like a letter that its small form does not.
    "АВЕЅІЈКМНОРСТХҮаеѕіјорсухԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιοκνρυՕՍօսԼոհıɑɡǃł01|!$@",
    "ABESIJKMHOPCTXYaesijopcyxdqwhlABEZHIKMNOPTYXaiokvpuOUouLnhiagllolllsa",
)
_CAPITAL_I: Final = str.maketrans({"I": "l"})


def is_storable(text: str) -> bool:
    """False for what a database refuses: half a surrogate pair, or NUL."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def check_line(text: str, *, characters_max: int, field: str) -> str:
    """One line for people to read, NFC, outer space removed. Raises WireError(INVALID_VALUE).

    Refuses control and format characters (bidi controls, zero-width), letters that draw nothing,
    and more than `MARKS_PER_BASE_MAX` marks on a base.
    """
    _check_length(text, characters_max, field)
    line = unicodedata.normalize("NFC", text).strip()
    _check_length(line, characters_max, field)
    _check_characters(line, field)
    return line


def check_paragraphs(text: str, *, characters_max: int, field: str) -> str:
    """As `check_line`, but lines may be broken with LF."""
    _check_length(text, characters_max, field)
    body = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    _check_length(body, characters_max, field)
    for line in body.split("\n"):
        _check_characters(line, field)
    return body


def clean_line(text: str, *, characters_max: int, field: str) -> str:
    """Chat's milder form of `check_line`: what draws nothing or turns the writing is left out.

    Still refuses control characters and overlong text. The joiner stays between emoji.
    """
    _check_length(text, characters_max, field)
    normal = unicodedata.normalize("NFC", text).strip()
    kept: list[str] = []
    marks = 0
    for index, character in enumerate(normal):
        category = unicodedata.category(character)
        if category in {"Cc", "Cs"}:
            raise _invalid(field, "control characters are not allowed")
        if _is_invisible(character, category) and not _joins_emoji(normal, index):
            continue
        marks = _count_marks(character, category, marks)
        if marks <= MARKS_PER_BASE_MAX:
            kept.append(" " if category in {"Zs", "Zl", "Zp"} else character)
    line = "".join(kept).strip()
    _check_length(line, characters_max, field)
    return line


def fold(name: str) -> str:
    """The form under which names are compared: compatibility forms, case and spaces are one."""
    compatible = unicodedata.normalize("NFKC", name).casefold()
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", compatible)).strip()


def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton cannot be told apart at a glance.

    Kept beside `fold`, not instead of it: a capital I looks like a small l, but a small i does not.
    """
    shapes = unicodedata.normalize("NFKC", name).translate(_CAPITAL_I).translate(_LOOK_ALIKES)
    letters = (c for c in shapes.casefold() if c.isalnum() or unicodedata.category(c)[0] == "M")
    return "".join(letters) or fold(name)


def _check_length(text: str, characters_max: int, field: str) -> None:
    if len(text) > characters_max:
        raise _invalid(field, f"at most {characters_max} characters are allowed")


def _check_characters(line: str, field: str) -> None:
    marks = 0
    for index, character in enumerate(line):
        category = unicodedata.category(character)
        if category in {"Cc", "Cs", "Zl", "Zp"}:
            raise _invalid(field, "control characters are not allowed")
        if _is_invisible(character, category) and not _joins_emoji(line, index):
            raise _invalid(field, "invisible characters are not allowed")
        marks = _count_marks(character, category, marks)
        if marks > MARKS_PER_BASE_MAX:
            raise _invalid(
                field, f"at most {MARKS_PER_BASE_MAX} combining marks may follow a character"
            )


def _count_marks(character: str, category: str, marks_before: int) -> int:
    """Marks on the present base after this character, those of composed letters included."""
    if category[0] == "M":
        return marks_before + 1
    if character.isascii():
        return 0
    parts = unicodedata.normalize("NFD", character)
    return sum(unicodedata.category(part)[0] == "M" for part in parts)


def _is_invisible(character: str, category: str) -> bool:
    return category == "Cf" or character in _BLANK_LETTERS


def _joins_emoji(text: str, index: int) -> bool:
    """Whether the character is a zero-width joiner with a symbol on both sides."""
    if text[index] != _ZERO_WIDTH_JOINER or not 0 < index < len(text) - 1:
        return False
    before, after = text[index - 1], text[index + 1]
    return unicodedata.category(before) in {"So", "Sk", "Mn"} and unicodedata.category(after) in {
        "So",
        "Sm",
        "Po",
    }


def _invalid(field: str, words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field=field)
