"""Small pictures in a text: `:heart:` and its like. Pure.

Those of every room are drawn in resources/emotes; a room may have more of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from wire.emotes import BUILT_IN

NAMES: Final = BUILT_IN
EMOTES_MAX: Final = 20
"""In one text; the rest stay written."""
_PATTERNS_KEPT: Final = 32


class Run(NamedTuple):
    """A stretch of text, or one emote by its name."""

    words: str
    is_emote: bool = False


def split_emotes(text: str, own: frozenset[str] = frozenset()) -> tuple[Run, ...]:
    """In the order in which they are written. `own` are the room's; an unknown code is text."""
    if ":" not in text:
        return (Run(text),)
    runs: list[Run] = []
    end = 0
    for found, code in enumerate(_pattern(own).finditer(text)):
        if found >= EMOTES_MAX:
            break
        if code.start() > end:
            runs.append(Run(text[end : code.start()]))
        runs.append(Run(code[1], is_emote=True))
        end = code.end()
    if end < len(text) or not runs:
        runs.append(Run(text[end:]))
    return tuple(runs)


@lru_cache(maxsize=_PATTERNS_KEPT)
def _pattern(own: frozenset[str]) -> re.Pattern[str]:
    names = (*NAMES, *sorted(own))
    return re.compile(":(" + "|".join(re.escape(name) for name in names) + "):")
