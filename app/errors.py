"""What can end a command of the desktop program, and the exit code of each.

    LivehouseError            1  something that we did not foresee
    +-- BadInput              2  an option, file, room name or key that cannot be used
    |   +-- HouseUnusable       the database, keys or certificate of the house on this computer
    +-- RelayUnreachable      3  nobody answers at the relay's address, or not with our protocol
    |   +-- CertificateMismatch  the relay is not the one whose fingerprint was given
    +-- RelayRefused          4  the relay answered, and the answer is no
    +-- MediaFailed           5  a source, encoder, decoder or output gave up

The words are shown to the user as they are: one line, no traceback.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wire.errors import ErrorCode


class ExitCode(IntEnum):
    """What `livehouse` returns to the shell."""

    OK = 0
    UNEXPECTED = 1
    BAD_INPUT = 2
    RELAY_UNREACHABLE = 3
    RELAY_REFUSED = 4
    MEDIA_FAILED = 5


class LivehouseError(Exception):
    """Anything that ends a command in one clear line."""

    exit_code = ExitCode.UNEXPECTED

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(LivehouseError):
    """The user can mend it by typing something else."""

    exit_code = ExitCode.BAD_INPUT


class HouseUnusable(BadInput):
    """What a house on this computer consists of cannot be used by the bundled relay; its words.

    `is_newer` when a newer version of the program has used it.
    """

    def __init__(self, message: str, *, is_newer: bool) -> None:
        super().__init__(message)
        self.is_newer = is_newer


class RelayUnreachable(LivehouseError):
    """The link failed: refused, timed out, lost, or not a Livehouse relay. Worth another try."""

    exit_code = ExitCode.RELAY_UNREACHABLE


class CertificateMismatch(RelayUnreachable):
    """Another certificate than the pinned one: nothing was sent, and trying again is no cure."""


class RelayRefused(LivehouseError):
    """The relay said no, with a code. `retry_after_ms` is set when it may say yes later, `field`
    where something that was typed is to blame."""

    exit_code = ExitCode.RELAY_REFUSED

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        retry_after_ms: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.retry_after_ms = retry_after_ms


class MediaFailed(LivehouseError):
    """A source or a device that cannot go on."""

    exit_code = ExitCode.MEDIA_FAILED
