"""The name of whoever opens a house on this computer: one that a relay takes. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from wire import limits

PUNCTUATION: Final = "_-.·' "
"""The only signs in a name besides letters and digits, as the relay has it."""
NOBODYS: Final = frozenset(
    {"root", "admin", "administrator", "user", "guest", "owner", "ubuntu", "debian", "pi", "pc"}
)
"""Logins that name a machine's role and no person."""


def is_name(text: str) -> bool:
    """Whether a relay would take it; letters that cannot be seen are left to its judgement."""
    kept = unicodedata.normalize("NFKC", text)
    least, most = limits.USER_NAME_CHARACTERS_MIN, limits.USER_NAME_CHARACTERS_MAX
    return (
        least <= len(kept) <= most
        and "  " not in kept
        and all(map(_is_allowed, kept))
        and any(map(str.isalnum, kept))
    )


def pick_name(full_name: str, login: str) -> str:
    """What a person of this computer is called; empty where nothing tells."""
    for text in (full_name.split(",", maxsplit=1)[0], login):
        allowed = "".join(filter(_is_allowed, text))
        name = " ".join(allowed.split())[: limits.USER_NAME_CHARACTERS_MAX].strip()
        if is_name(name) and name.casefold() not in NOBODYS:
            return name
    return ""


def _is_allowed(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character)[0] in "LMN"
