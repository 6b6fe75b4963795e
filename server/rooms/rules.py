"""What a room's texts may be, and the cursor of its list."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from server.text import check_line, check_paragraphs, is_storable
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.permissions import Action

PASSPHRASE_CHARACTERS_MIN: Final = 4
ROOMS_PER_USER_MAX: Final = 50
PLAN_KEPT_MS: Final = 6 * 3_600_000
"""A planned start that is over for so long is shown no more."""
PLAN_AHEAD_MS: Final = 366 * 24 * 3_600_000


@dataclass(frozen=True)
class ListCursor:
    """Where a page of the room list begins: `skipped` live rooms, or after a room at rest."""

    live_skipped: int = 0
    after: tuple[int, str] | None = None
    """Creation time and id of the last room at rest that was shown."""


RESTING: Final = ListCursor(after=(10**15, "0"))
"""Before the first room at rest."""

NEEDS_OPEN_ROOM: Final = frozenset(
    {
        Action.CHAT,
        Action.LIKE,
        Action.GIVE,
        Action.VOTE,
        Action.RUN_POLLS,
        Action.RUN_DRAWS,
        Action.ENTER_DRAWS,
        Action.PUBLISH,
    }
)
"""What nobody does in a room that is closed."""


def check_open(closed_reason: str | None) -> None:
    """Raises WireError(ROOM_CLOSED)."""
    if closed_reason is None:
        return
    words = "this room is closed"
    raise WireError(ErrorCode.ROOM_CLOSED, f"{words}: {closed_reason}" if closed_reason else words)


def check_room_name(name: str) -> str:
    kept = check_line(name, characters_max=limits.ROOM_NAME_CHARACTERS_MAX, field="name")
    if not any(unicodedata.category(character)[0] in "LNS" for character in kept):
        raise _invalid("name", "a room's name has at least one letter, digit or symbol")
    return kept


def check_plan(starts_at_unix_ms: int, now_unix_ms: int) -> None:
    """Raises WireError(INVALID_VALUE)."""
    if not now_unix_ms - PLAN_KEPT_MS < starts_at_unix_ms < now_unix_ms + PLAN_AHEAD_MS:
        raise _invalid("starts_at_unix_ms", "a broadcast is planned within the year to come")


def check_title(title: str) -> str:
    return check_line(title, characters_max=limits.ROOM_TITLE_CHARACTERS_MAX, field="title")


def check_category(category: str) -> str:
    return check_line(
        category, characters_max=limits.ROOM_CATEGORY_CHARACTERS_MAX, field="category"
    )


def check_description(description: str) -> str:
    return check_paragraphs(
        description, characters_max=limits.ROOM_DESCRIPTION_CHARACTERS_MAX, field="description"
    )


def check_away(away_s: int) -> int:
    """0 is as the house says. The upper bound is the wire's."""
    if 0 < away_s < limits.AWAY_S_MIN:
        raise _invalid("away_s", f"a host is waited for at least {limits.AWAY_S_MIN} s")
    return away_s


def check_label(label: str) -> str:
    return check_line(label, characters_max=limits.LABEL_CHARACTERS_MAX, field="label")


def check_passphrase(passphrase: str) -> None:
    if not PASSPHRASE_CHARACTERS_MIN <= len(passphrase) <= limits.PASSWORD_CHARACTERS_MAX:
        raise _invalid(
            "passphrase",
            f"a passphrase has {PASSPHRASE_CHARACTERS_MIN} to "
            f"{limits.PASSWORD_CHARACTERS_MAX} characters",
        )
    if not is_storable(passphrase):
        raise _invalid("passphrase", "this passphrase holds characters that cannot be kept")


def pack_cursor(cursor: ListCursor) -> str:
    if cursor.after is not None:
        created_at, room_id = cursor.after
        return f"rest.{created_at}.{room_id}"
    return f"live.{cursor.live_skipped}"


def parse_cursor(text: str) -> ListCursor:
    """Raises WireError(INVALID_VALUE)."""
    if not text:
        return ListCursor()
    match text.split("."):
        case ["live", skipped] if _is_number(skipped):
            return ListCursor(live_skipped=int(skipped))
        case ["rest", created_at, room_id] if _is_number(created_at) and room_id.isalnum():
            return ListCursor(after=(int(created_at), room_id))
    raise _invalid("cursor", "this is not a cursor of the room list")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 16


def _invalid(field: str, words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field=field)
