"""A moment of a recording as people write it: h:mm:ss.mmm, and less where that says it. Pure."""

from __future__ import annotations

import re
from typing import Final

CHARACTERS_MAX: Final = 16
HOUR_MS: Final = 3_600_000
_MOMENT: Final = re.compile(
    r"(?:(?:(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,7})(?:[.,](?P<part>\d{1,3}))?",
    re.ASCII,
)


def write_moment(at_ms: int, *, has_part: bool = True) -> str:
    seconds, part = divmod(max(0, at_ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}:{minutes:02}:{seconds:02}"
    return f"{whole}.{part:03}" if has_part else whole


def clock_words(at_ms: int) -> str:
    """`1:02:03`, or `2:03` within the first hour."""
    whole = write_moment(at_ms, has_part=False)
    return whole if at_ms >= HOUR_MS else whole.removeprefix("0:").removeprefix("0")


def find_moment(words: str) -> int | None:
    """Milliseconds; None for what is none."""
    found = _MOMENT.fullmatch(words.strip()[:CHARACTERS_MAX])
    if found is None:
        return None
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    seconds = (hours * 60 + minutes) * 60 + int(found["seconds"])
    return seconds * 1000 + int((found["part"] or "0").ljust(3, "0"))
