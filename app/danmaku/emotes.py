"""Small pictures in a text: `:heart:` and its like, drawn in resources/emotes. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

NAMES: Final = (
    "heart",
    "laugh",
    "cry",
    "wow",
    "cool",
    "angry",
    "sleepy",
    "clap",
    "fire",
    "party",
    "cat",
    "flower",
    "star",
    "gg",
)
EMOTES_MAX: Final = 20
"""In one text; the rest stay written."""
_CODE: Final = re.compile(":(" + "|".join(NAMES) + "):")


class Run(NamedTuple):
    """A stretch of text, or one emote by its name."""

    words: str
    is_emote: bool = False


def split_emotes(text: str) -> tuple[Run, ...]:
    """In the order in which they are written. An unknown code is text like any other."""
    if ":" not in text:
        return (Run(text),)
    runs: list[Run] = []
    end = 0
    for found, code in enumerate(_CODE.finditer(text)):
        if found >= EMOTES_MAX:
            break
        if code.start() > end:
            runs.append(Run(text[end : code.start()]))
        runs.append(Run(code[1], is_emote=True))
        end = code.end()
    if end < len(text) or not runs:
        runs.append(Run(text[end:]))
    return tuple(runs)
