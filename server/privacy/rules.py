"""What is agreed to, how long things are kept, and how an export is laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wire.errors import ErrorCode, WireError
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from server.settings import Keep, Retention

DAY_MS: Final = 86_400_000
PSEUDONYM_PREFIX: Final = "erased-"
_PIECE: Final = re.compile(r"[^a-z0-9_]")


def limit_unix_ms(retention: Retention, keep: Keep, now_unix_ms: int) -> int | None:
    """What is older goes; None: nothing does."""
    days: int = getattr(retention, f"{keep}_days")
    return now_unix_ms - days * DAY_MS if days else None


def check_agreed(version: int) -> None:
    """Raises WireError(CONSENT_REQUIRED) unless these are the words of today."""
    if version != PRIVACY_VERSION:
        raise WireError(
            ErrorCode.CONSENT_REQUIRED,
            "an account needs your consent to what this relay keeps",
            field="agreed_version",
        )


def file_name(section: str) -> str:
    """Of a section within the zip."""
    return f"{_PIECE.sub('_', section)}.json"
