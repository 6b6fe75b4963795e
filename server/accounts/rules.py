"""What an account's name and password may be."""

from __future__ import annotations

import unicodedata
from typing import Final

from server.text import check_line, clean_line, fold, skeleton
from wire import limits
from wire.errors import ErrorCode, WireError

SYSTEM_USER_NAME: Final = "livehouse"
"""Owns the rooms that the relay itself makes; nobody can log in to it or look like it."""

_PUNCTUATION: Final = frozenset("_-.·' ")


def check_user_name(name: str) -> str:
    """The name as it is kept. Raises WireError(INVALID_VALUE)."""
    kept = unicodedata.normalize(
        "NFKC", check_line(name, characters_max=limits.USER_NAME_CHARACTERS_MAX, field="name")
    )
    if not limits.USER_NAME_CHARACTERS_MIN <= len(kept) <= limits.USER_NAME_CHARACTERS_MAX:
        raise _invalid_name(
            f"a name has {limits.USER_NAME_CHARACTERS_MIN} to "
            f"{limits.USER_NAME_CHARACTERS_MAX} characters"
        )
    if "  " in kept or not all(_is_allowed(character) for character in kept):
        raise _invalid_name("a name is made of letters, digits, single spaces and _ - . · '")
    if not any(character.isalnum() for character in kept):
        raise _invalid_name("a name has at least one letter or digit")
    if skeleton(kept) == skeleton(SYSTEM_USER_NAME):
        raise name_taken()
    return kept


def check_password(
    password: str, *, user_name: str, common: frozenset[str], field: str = "password"
) -> None:
    """Raises WireError(WEAK_PASSWORD)."""
    if not limits.PASSWORD_CHARACTERS_MIN <= len(password) <= limits.PASSWORD_CHARACTERS_MAX:
        raise WireError(
            ErrorCode.WEAK_PASSWORD,
            f"a password has {limits.PASSWORD_CHARACTERS_MIN} to "
            f"{limits.PASSWORD_CHARACTERS_MAX} characters",
            field=field,
        )
    folded = fold(password)
    if folded in common or len(set(folded)) < 3:
        raise WireError(
            ErrorCode.WEAK_PASSWORD, "this password is among the commonest", field=field
        )
    if folded == fold(user_name):
        raise WireError(ErrorCode.WEAK_PASSWORD, "the password must not be the name", field=field)


def prepare_password(password: str) -> bytes:
    """What is hashed: the same password typed on another keyboard gives the same bytes.

    Longer input than any password has is cut first, for it matches none and normalising is slow.
    """
    cut = password[: limits.PASSWORD_CHARACTERS_MAX + 1]
    return unicodedata.normalize("NFKC", cut).encode("utf-8", "surrogatepass")


def check_device_label(label: str) -> str:
    """What the user will see in the list of sessions."""
    return clean_line(label, characters_max=limits.LABEL_CHARACTERS_MAX, field="device")


def check_about(about: str) -> str:
    """What a user says of itself, in one line. Raises WireError(INVALID_VALUE)."""
    return check_line(about, characters_max=limits.USER_ABOUT_CHARACTERS_MAX, field="about")


def name_taken() -> WireError:
    return WireError(ErrorCode.NAME_TAKEN, "this name is taken", field="name")


def bad_credentials(
    words: str = "the name or the password is wrong", *, field: str | None = None
) -> WireError:
    return WireError(ErrorCode.BAD_CREDENTIALS, words, field=field)


def session_ended() -> WireError:
    return WireError(ErrorCode.SESSION_ENDED, "this session has ended; log in again")


def no_such_session() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "you have no such session", field="session_id")


def not_the_secret() -> WireError:
    return WireError(ErrorCode.FORBIDDEN, "this is not the relay's secret, or it has ended")


def _is_allowed(character: str) -> bool:
    return character in _PUNCTUATION or unicodedata.category(character)[0] in "LMN"


def _invalid_name(words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field="name")
