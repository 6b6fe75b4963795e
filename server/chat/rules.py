"""What may be said, and how often."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from server.rates import Rate
from server.text import clean_line
from wire import limits
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from wire.event_base import ChatRules

VIEWER_RATE: Final = Rate(burst=3, per_s=1.0)
"""3 in 3 s, then 1 a second."""
FAST_RATE: Final = Rate(burst=100, per_s=100 / 30)
"""The owner, moderators and admins: 100 in 30 s."""

_EMOJI_RANGES: Final = (
    (0x2190, 0x21FF),
    (0x2300, 0x23FF),
    (0x2460, 0x24FF),
    (0x25A0, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x3030, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
)
_JOINING: Final = {"\u200d", "\ufe0f", "\u20e3"}
"""Joiner, "as a picture", keycap."""
_TAGS: Final = (0xE0020, 0xE007F)
"""Of flags of regions."""
_KEYS: Final = "0123456789#*"


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


def check_rules(
    rules: ChatRules,
    text: str,
    *,
    is_follower: bool,
    since_last_s: float | None,
    is_known: bool = True,
) -> None:
    """What the room has set, for somebody who is not free of it.

    Raises WireError: MUTED, KNOWN_ONLY, FOLLOWERS_ONLY, EMOJI_ONLY, SLOW_MODE.
    """
    if rules.is_muted:
        raise WireError(ErrorCode.MUTED, "nobody writes in this room for now")
    if rules.known_only and not is_known:
        raise WireError(ErrorCode.KNOWN_ONLY, "only people known in this room may write now")
    if rules.followers_only and not is_follower:
        raise WireError(ErrorCode.FOLLOWERS_ONLY, "only followers of the owner may write here")
    if rules.emoji_only and not is_emoji_only(text):
        raise WireError(ErrorCode.EMOJI_ONLY, "only emoji may be written here", field="text")
    if rules.slow_s and since_last_s is not None and since_last_s < rules.slow_s:
        wait_ms = math.ceil((rules.slow_s - since_last_s) * 1000)
        raise WireError(
            ErrorCode.SLOW_MODE,
            f"one message in {rules.slow_s} s may be written here",
            retry_after_ms=wait_ms,
        )


def is_emoji_only(text: str) -> bool:
    """Whether nothing but emoji and spaces is said, and at least one emoji."""
    found = 0
    for index, character in enumerate(text):
        if character.isspace() or character in _JOINING or _is_tag(character):
            continue
        is_key = character in _KEYS and "\u20e3" in text[index + 1 : index + 3]
        if not is_key and not _is_emoji(character):
            return False
        found += 1
    return found > 0


def _is_emoji(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _EMOJI_RANGES)


def _is_tag(character: str) -> bool:
    return _TAGS[0] <= ord(character) <= _TAGS[1]


def _invalid(words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field="text")
