"""When to try the relay again: pure policy, no clock and no sockets.

1 s, then 1.5 times as long each time, at most 20 s, each with jitter so that a thousand viewers of
a relay that restarts do not come back in the same instant. A relay that cannot be reached at all is
also probed (see `PROBE_INTERVAL_S`): waiting out 20 s after a cable is back would break the promise
to heal within 5 s of the link's return.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wire.errors import CloseCode, ErrorCode

FIRST_DELAY_S: Final = 1.0
FACTOR: Final = 1.5
DELAY_S_MAX: Final = 20.0
JITTER: Final = 0.2
"""A delay is spread over +-20 %."""

PROBE_INTERVAL_S: Final = 2.0
"""While waiting because nobody answered: how often a bare TCP connection looks for the relay."""
PROBE_SPREAD_S: Final = 1.5
"""After a probe found the relay back, wait a random part of this: the stampede is spread."""

FINAL_CODES: Final = frozenset(
    {
        ErrorCode.MALFORMED,
        ErrorCode.UNKNOWN_TYPE,
        ErrorCode.TOO_LARGE,
        ErrorCode.INVALID_VALUE,
        ErrorCode.LOGIN_REQUIRED,
        ErrorCode.BAD_CREDENTIALS,
        ErrorCode.SESSION_ENDED,
        ErrorCode.FORBIDDEN,
        ErrorCode.KICKED,
        ErrorCode.BANNED,
        ErrorCode.NOT_FOUND,
        ErrorCode.TICKET_INVALID,
        ErrorCode.PASSPHRASE_REQUIRED,
        ErrorCode.INVITE_REQUIRED,
        ErrorCode.BAD_PACKET,
        ErrorCode.REPLACED,
        ErrorCode.ROOM_CLOSED,
        ErrorCode.KICKED,
        ErrorCode.BANNED,
    }
)
"""Asking again would get the same answer: stop and say so. All other codes are tried again."""

_CODE_OF_CLOSE: Final[dict[int, ErrorCode]] = {
    CloseCode.MALFORMED: ErrorCode.MALFORMED,
    CloseCode.UNAUTHENTICATED: ErrorCode.BAD_CREDENTIALS,
    CloseCode.FORBIDDEN: ErrorCode.FORBIDDEN,
    CloseCode.NOT_FOUND: ErrorCode.NOT_FOUND,
    CloseCode.TIMED_OUT: ErrorCode.TIMED_OUT,
    CloseCode.WRONG_STATE: ErrorCode.WRONG_STATE,
    CloseCode.ENDED: ErrorCode.BROADCAST_ENDED,
    CloseCode.REPLACED: ErrorCode.REPLACED,
    CloseCode.VIEWER_TOO_SLOW: ErrorCode.VIEWER_TOO_SLOW,
    CloseCode.SESSION_ENDED: ErrorCode.SESSION_ENDED,
    CloseCode.KICKED: ErrorCode.KICKED,
    CloseCode.BANNED: ErrorCode.BANNED,
    CloseCode.RATE_LIMITED: ErrorCode.RATE_LIMITED,
    CloseCode.INTERNAL: ErrorCode.INTERNAL,
    CloseCode.BUSY: ErrorCode.BUSY,
}


def is_final(code: ErrorCode) -> bool:
    """Whether trying again cannot help."""
    return code in FINAL_CODES


def find_error_code(close_code: int | None) -> ErrorCode | None:
    """The error that a relay's close code stands for; None for a plain lost or ended link."""
    return _CODE_OF_CLOSE.get(close_code or 0)


class ReconnectPolicy:
    """The delays of one link. `random` returns 0..1 and is injected so that tests repeat."""

    def __init__(self, *, random: Callable[[], float]) -> None:
        self._random = random
        self._delay_s = FIRST_DELAY_S
        self.attempts = 0
        """Failures since the last success."""

    def next_delay_s(self, *, retry_after_ms: int | None = None) -> float:
        """How long to wait after a failure; never sooner than the relay asked for."""
        self.attempts += 1
        spread = 1.0 + JITTER * (2.0 * self._random() - 1.0)
        delay_s = min(self._delay_s * spread, DELAY_S_MAX)
        self._delay_s = min(self._delay_s * FACTOR, DELAY_S_MAX)
        if retry_after_ms is not None:
            delay_s = max(delay_s, retry_after_ms / 1000)
        return delay_s

    def probe_delay_s(self) -> float:
        """How long to wait still after a probe found the relay back."""
        return PROBE_SPREAD_S * self._random()

    def succeeded(self) -> None:
        """The link stood: the next failure starts again at the first delay."""
        self._delay_s = FIRST_DELAY_S
        self.attempts = 0
