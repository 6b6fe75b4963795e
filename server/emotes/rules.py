"""What a room's emote may be called, and what its picture may be. Pure."""

from __future__ import annotations

from typing import Final

from wire import emotes, limits
from wire.errors import ErrorCode, WireError

PICTURES_KEPT_BYTES_MAX: Final = 8 * 1024 * 1024
"""In memory, so that a room full of viewers asks the database once."""


def check_name(name: str) -> str:
    """Raises WireError(INVALID_VALUE)."""
    if name in emotes.BUILT_IN:
        raise _invalid("name", "every room has an emote of this name")
    if not emotes.is_name(name):
        raise _invalid("name", "a name is 2 to 24 of the characters a-z, 0-9 and _")
    return name


def check_picture(picture: bytes) -> bytes:
    """By its header and the frame of its chunks; nothing is decoded. Raises WireError."""
    fault = emotes.find_fault(picture)
    if fault is not None:
        raise _invalid("picture", fault)
    return picture


def check_room_for(name: str, names: frozenset[str]) -> None:
    """Raises WireError(LIMIT_REACHED); another picture for a name that is there always fits."""
    if name not in names and len(names) >= limits.EMOTES_ROOM_MAX:
        words = f"a room has at most {limits.EMOTES_ROOM_MAX} emotes of its own"
        raise WireError(ErrorCode.LIMIT_REACHED, words, field="name")


def _invalid(field: str, words: str) -> WireError:
    return WireError(ErrorCode.INVALID_VALUE, words, field=field)
