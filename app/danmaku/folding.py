"""When two texts say the same: the key under which equal texts merge."""

from __future__ import annotations

import itertools
import unicodedata
from typing import Final

CHARACTERS_MAX: Final = 200
"""Cut before normalising: that step is quadratic in combining marks."""
RUN_MAX: Final = 2
"""A run of one character counts as this many, so that 哈哈哈 and 哈哈哈哈哈 are one text."""


def fold_text(text: str) -> str:
    """Full and half width, case, spaces, runs and trailing punctuation make no difference.

    A text of nothing but punctuation keeps it: "?" and "!" are not the same.
    """
    folded = unicodedata.normalize("NFKC", text[:CHARACTERS_MAX]).casefold()
    squeezed = "".join(character for character in folded if not character.isspace())
    short = "".join(
        "".join(itertools.islice(run, RUN_MAX)) for _, run in itertools.groupby(squeezed)
    )
    end = len(short)
    while end and unicodedata.category(short[end - 1])[0] in "PS":
        end -= 1
    return short[:end] or short
