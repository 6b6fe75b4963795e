"""What a sanction keeps somebody from, and for how long."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from server.text import clean_line
from wire.errors import ErrorCode, WireError
from wire.limits import REASON_CHARACTERS_MAX
from wire.permissions import Action

if TYPE_CHECKING:
    from wire.order_commands import SanctionKind

KICK_S: Final = 60
"""How long who was sent out stays out, where nothing is said."""

_SPEAKING: Final = frozenset(
    {
        Action.CHAT,
        Action.LEAD_CHAT,
        Action.KEEP_ORDER,
        Action.JUDGE_REPORTS,
        Action.SET_ROOM_WORDS,
        Action.MANAGE_EMOTES,
        Action.RUN_POLLS,
        Action.RUN_DRAWS,
        Action.EDIT_ROOM,
    }
)
"""What others read, and deciding about what they write."""
_OUTSIDE: Final = frozenset({Action.SEE_ROOM})
_CODES: Final[dict[SanctionKind, ErrorCode]] = {
    "mute": ErrorCode.MUTED,
    "kick": ErrorCode.KICKED,
    "ban": ErrorCode.BANNED,
}
_WORDS: Final[dict[SanctionKind, str]] = {
    "mute": "you may not write here",
    "kick": "you were sent out",
    "ban": "you are banned here",
}
STRONGEST_FIRST: Final[tuple[SanctionKind, ...]] = ("ban", "kick", "mute")


def keeps_from(kind: SanctionKind, action: Action) -> bool:
    if kind == "mute":
        return action in _SPEAKING
    return action not in _OUTSIDE


def check_duration(kind: SanctionKind, duration_s: int | None) -> int | None:
    """None: for ever."""
    return KICK_S if kind == "kick" and duration_s is None else duration_s


def check_reason(reason: str) -> str:
    """Raises WireError(INVALID_VALUE)."""
    return clean_line(reason, characters_max=REASON_CHARACTERS_MAX, field="reason")


def code_of(kind: SanctionKind) -> ErrorCode:
    return _CODES[kind]


def words_of(kind: SanctionKind, reason: str) -> str:
    return f"{_WORDS[kind]}: {reason}" if reason else _WORDS[kind]


def refusal(kind: SanctionKind, reason: str, remaining_s: float | None) -> WireError:
    """What somebody is told who runs into it."""
    wait_ms = None if remaining_s is None else max(1, math.ceil(remaining_s * 1000))
    return WireError(_CODES[kind], words_of(kind, reason), retry_after_ms=wait_ms)
