"""What may be said, and how often."""

from __future__ import annotations

from typing import Final

from server.rates import Rate
from server.text import clean_line
from wire import limits
from wire.errors import ErrorCode, WireError

VIEWER_RATE: Final = Rate(burst=3, per_s=1.0)
"""3 in 3 s, then 1 a second."""
FAST_RATE: Final = Rate(burst=100, per_s=100 / 30)
"""The owner, moderators and admins: 100 in 30 s."""


def check_danmaku(text: str) -> str:
    """The text as it is shown and kept: one line that disturbs no other.

    What draws nothing or turns the writing direction is left out, marks beyond three on a
    character too. Raises WireError(INVALID_VALUE).
    """
    if len(text) > limits.DANMAKU_CHARACTERS_MAX:
        raise _invalid(f"a message has at most {limits.DANMAKU_CHARACTERS_MAX} characters")
    line = clean_line(text, characters_max=limits.DANMAKU_CHARACTERS_MAX, field="text")
    if not line:
        raise _invalid("the message is empty")
    return line


def _invalid(words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field="text")
