"""Names and secrets made of given randomness: ids, tokens, and message ids that sort by time."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from wire.ids import MessageId

RandomBytes = Callable[[int], bytes]
"""Where randomness comes from: `secrets.token_bytes` in the program, a counter in tests."""

_ID_BYTES: Final = 10
"""80 bits: 16 base32 characters, no two alike in the life of a relay."""
_SECRET_BYTES: Final = 32

_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base32 whose characters sort like their values, in ASCII and in every usual collation."""
_TIME_DIGITS: Final = 10
_COUNT_DIGITS: Final = 4
_TAIL_DIGITS: Final = 4
_COUNT_MAX: Final = 32**_COUNT_DIGITS - 1


def make_id(random_bytes: RandomBytes) -> str:
    """A short random name in lower-case base32."""
    return base64.b32encode(random_bytes(_ID_BYTES)).decode().lower()


def make_secret(random_bytes: RandomBytes) -> str:
    """A 256-bit token, key or ticket, as 43 URL-safe characters."""
    return base64.urlsafe_b64encode(random_bytes(_SECRET_BYTES)).decode().rstrip("=")


def derive_secret(master: bytes, purpose: str) -> str:
    """The secret that `master` always gives for `purpose`, in the form of `make_secret`."""
    digest = hmac.digest(master, purpose.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def digest(secret: str) -> str:
    """What is stored of a secret. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class MessageIds:
    """Makes ids that grow in the order of the calls, whatever the wall clock does."""

    def __init__(self, random_bytes: RandomBytes) -> None:
        self._random_bytes = random_bytes
        self._last = (0, 0)

    def make(self, now_unix_ms: int) -> MessageId:
        milliseconds, count = self._last
        if now_unix_ms > milliseconds:
            milliseconds, count = now_unix_ms, 0
        elif count < _COUNT_MAX:
            count += 1
        else:
            milliseconds, count = milliseconds + 1, 0
        self._last = (milliseconds, count)
        tail = int.from_bytes(self._random_bytes(4)) % 32**_TAIL_DIGITS
        return MessageId(
            _write_number(milliseconds, _TIME_DIGITS)
            + _write_number(count, _COUNT_DIGITS)
            + _write_number(tail, _TAIL_DIGITS)
        )

    def advance_past(self, known: MessageId) -> None:
        """Go on after an id that is already stored, though the clock may stand before it."""
        if len(known) != _TIME_DIGITS + _COUNT_DIGITS + _TAIL_DIGITS:
            return
        milliseconds = _read_number(known[:_TIME_DIGITS])
        count = _read_number(known[_TIME_DIGITS : _TIME_DIGITS + _COUNT_DIGITS])
        self._last = max(self._last, (milliseconds, count))


def _write_number(value: int, width: int) -> str:
    digits = []
    for _ in range(width):
        value, digit = divmod(value, 32)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def _read_number(text: str) -> int:
    value = 0
    for character in text:
        value = value * 32 + max(_DIGITS.find(character), 0)
    return value
