"""What a lucky draw may promise."""

from __future__ import annotations

from server.text import clean_line
from wire import limits
from wire.errors import ErrorCode, WireError


def check_prize(text: str) -> str:
    """One line. Raises WireError(INVALID_VALUE)."""
    line = clean_line(text, characters_max=limits.DRAW_PRIZE_CHARACTERS_MAX, field="prize")
    if not line:
        raise WireError(ErrorCode.INVALID_VALUE, "say what is drawn", field="prize")
    return line
