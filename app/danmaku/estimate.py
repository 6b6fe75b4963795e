"""How wide a text is where there is no font to ask: on the command line. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

FULL: Final = 1.0
HALF: Final = 0.6
"""Of a bold sans-serif, rather too wide than too narrow: texts keep apart."""
EDGE: Final = 5.0
"""The outline's two sides. Pixels."""


def estimate_width(words: str, font: float) -> float:
    """Pixels at a font size."""
    ems = sum(_width(character) for character in words)
    return ems * font + EDGE


def _width(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0.0
    return FULL if unicodedata.east_asian_width(character) in "WF" else HALF
