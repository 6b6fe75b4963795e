"""Errors that cross the wire, and the exceptions that carry them.

    WireError                 a code, words, typed fields; becomes an `Error` or a close code
    +-- MalformedMessage      the peer sent something that does not parse
    +-- PacketError           a media packet whose header is wrong

An error is its code; the text is for people and may change between versions.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class ErrorCode(StrEnum):
    """What went wrong, for programs. `docs/protocol.md` says when each one is sent."""

    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown_type"
    TOO_LARGE = "too_large"
    WRONG_STATE = "wrong_state"
    TIMED_OUT = "timed_out"
    INVALID_VALUE = "invalid_value"
    LOGIN_REQUIRED = "login_required"
    BAD_CREDENTIALS = "bad_credentials"
    SESSION_ENDED = "session_ended"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    NAME_TAKEN = "name_taken"
    CONSENT_REQUIRED = "consent_required"
    WEAK_PASSWORD = "weak_password"  # noqa: S105 # an error's code, not a secret
    RATE_LIMITED = "rate_limited"
    SLOW_MODE = "slow_mode"
    FOLLOWERS_ONLY = "followers_only"
    EMOJI_ONLY = "emoji_only"
    WORD_REFUSED = "word_refused"
    LINK_REFUSED = "link_refused"
    CAPS_REFUSED = "caps_refused"
    FLOOD_REFUSED = "flood_refused"
    KNOWN_ONLY = "known_only"
    MUTED = "muted"
    KICKED = "kicked"
    BANNED = "banned"
    BUSY = "busy"
    FULL = "full"
    TICKET_INVALID = "ticket_invalid"
    PASSPHRASE_REQUIRED = "passphrase_required"  # noqa: S105 # an error's code, not a secret
    INVITE_REQUIRED = "invite_required"
    NOT_LIVE = "not_live"
    NOT_ENOUGH_COINS = "not_enough_coins"
    LIMIT_REACHED = "limit_reached"
    ALREADY_DONE = "already_done"
    GONE = "gone"
    BAD_PACKET = "bad_packet"
    REPLACED = "replaced"
    VIEWER_TOO_SLOW = "viewer_too_slow"
    BROADCAST_ENDED = "broadcast_ended"
    ROOM_CLOSED = "room_closed"
    STORAGE_FAILED = "storage_failed"
    SHUTTING_DOWN = "shutting_down"
    INTERNAL = "internal"


class CloseCode(IntEnum):
    """WebSocket close codes that the relay uses beside the standard ones.

    Besides these, 1000 means done, 1009 a message too large, and 1002, 1003, 1007 a broken
    WebSocket peer, as RFC 6455 says.
    """

    GOING_AWAY = 1001
    MALFORMED = 4400
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TIMED_OUT = 4408
    WRONG_STATE = 4409
    ENDED = 4410
    REPLACED = 4412
    VIEWER_TOO_SLOW = 4413
    SESSION_ENDED = 4419
    KICKED = 4420
    BANNED = 4421
    RATE_LIMITED = 4429
    INTERNAL = 4500
    BUSY = 4503


CLOSE_CODES: Final[dict[ErrorCode, CloseCode]] = {
    ErrorCode.MALFORMED: CloseCode.MALFORMED,
    ErrorCode.UNKNOWN_TYPE: CloseCode.MALFORMED,
    ErrorCode.TOO_LARGE: CloseCode.MALFORMED,
    ErrorCode.WRONG_STATE: CloseCode.WRONG_STATE,
    ErrorCode.TIMED_OUT: CloseCode.TIMED_OUT,
    ErrorCode.INVALID_VALUE: CloseCode.MALFORMED,
    ErrorCode.LOGIN_REQUIRED: CloseCode.UNAUTHENTICATED,
    ErrorCode.BAD_CREDENTIALS: CloseCode.UNAUTHENTICATED,
    ErrorCode.SESSION_ENDED: CloseCode.SESSION_ENDED,
    ErrorCode.FORBIDDEN: CloseCode.FORBIDDEN,
    ErrorCode.NOT_FOUND: CloseCode.NOT_FOUND,
    ErrorCode.NAME_TAKEN: CloseCode.MALFORMED,
    ErrorCode.CONSENT_REQUIRED: CloseCode.FORBIDDEN,
    ErrorCode.WEAK_PASSWORD: CloseCode.MALFORMED,
    ErrorCode.RATE_LIMITED: CloseCode.RATE_LIMITED,
    ErrorCode.SLOW_MODE: CloseCode.RATE_LIMITED,
    ErrorCode.FOLLOWERS_ONLY: CloseCode.FORBIDDEN,
    ErrorCode.EMOJI_ONLY: CloseCode.MALFORMED,
    ErrorCode.WORD_REFUSED: CloseCode.MALFORMED,
    ErrorCode.LINK_REFUSED: CloseCode.MALFORMED,
    ErrorCode.CAPS_REFUSED: CloseCode.MALFORMED,
    ErrorCode.FLOOD_REFUSED: CloseCode.MALFORMED,
    ErrorCode.KNOWN_ONLY: CloseCode.FORBIDDEN,
    ErrorCode.MUTED: CloseCode.FORBIDDEN,
    ErrorCode.KICKED: CloseCode.KICKED,
    ErrorCode.BANNED: CloseCode.BANNED,
    ErrorCode.BUSY: CloseCode.BUSY,
    ErrorCode.FULL: CloseCode.BUSY,
    ErrorCode.TICKET_INVALID: CloseCode.UNAUTHENTICATED,
    ErrorCode.PASSPHRASE_REQUIRED: CloseCode.FORBIDDEN,
    ErrorCode.INVITE_REQUIRED: CloseCode.FORBIDDEN,
    ErrorCode.NOT_LIVE: CloseCode.ENDED,
    ErrorCode.NOT_ENOUGH_COINS: CloseCode.FORBIDDEN,
    ErrorCode.LIMIT_REACHED: CloseCode.FORBIDDEN,
    ErrorCode.ALREADY_DONE: CloseCode.WRONG_STATE,
    ErrorCode.GONE: CloseCode.ENDED,
    ErrorCode.BAD_PACKET: CloseCode.MALFORMED,
    ErrorCode.REPLACED: CloseCode.REPLACED,
    ErrorCode.VIEWER_TOO_SLOW: CloseCode.VIEWER_TOO_SLOW,
    ErrorCode.BROADCAST_ENDED: CloseCode.ENDED,
    ErrorCode.ROOM_CLOSED: CloseCode.ENDED,
    ErrorCode.STORAGE_FAILED: CloseCode.BUSY,
    ErrorCode.SHUTTING_DOWN: CloseCode.BUSY,
    ErrorCode.INTERNAL: CloseCode.INTERNAL,
}
"""Which close code ends a socket for an error, where the error ends it at all."""


class WireError(Exception):
    """An error to be told to the peer.

    `field` names the offending field of the command, `retry_after_ms` when the same request may
    succeed. The message must hold nothing that the peer may not see.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        field: str | None = None,
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after_ms = retry_after_ms

    @property
    def close_code(self) -> CloseCode:
        return CLOSE_CODES[self.code]


class MalformedMessage(WireError):
    """A JSON message that is not one of the protocol's."""

    def __init__(self, message: str, code: ErrorCode = ErrorCode.MALFORMED) -> None:
        super().__init__(code, message)


class PacketError(WireError):
    """A media packet whose header or size breaks the protocol."""

    def __init__(self, message: str) -> None:
        super().__init__(ErrorCode.BAD_PACKET, message)
