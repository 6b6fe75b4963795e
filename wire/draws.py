"""How a lucky draw chooses, so that everybody can check it: docs/protocol.md, "Lucky draws".

Pure. The relay draws with these functions and clients check with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.ids import UserId

SEED_BYTES: Final = 32


def commit(seed: bytes) -> str:
    """What is published when the draw opens: it binds the relay to a seed that nobody knows yet."""
    return sha256(seed).hexdigest()


def hash_entries(entries: Sequence[UserId]) -> str:
    """Of the whole list in the order of entering: nobody can be added or left out afterwards."""
    return sha256("".join(f"{user_id}\n" for user_id in entries).encode()).hexdigest()


def choose_winners(seed: bytes, entries: Sequence[UserId], winners_max: int) -> tuple[UserId, ...]:
    """Those whose tickets are the lowest, the lowest first; all where there are fewer.

    Depends on who entered and in which order, and for a seed that is not known on nothing else.
    """
    salt = seed + bytes.fromhex(hash_entries(entries))

    def ticket(user_id: UserId) -> bytes:
        return sha256(salt + user_id.encode()).digest()

    return tuple(sorted(entries, key=ticket)[:winners_max])


def verify(
    *,
    commitment: str,
    seed: str,
    entries: Sequence[UserId],
    entries_sha256: str,
    winners_max: int,
    winners: Sequence[UserId],
) -> bool:
    """Whether what was revealed fits what was promised. `commitment` is the one of the opening."""
    try:
        raw = bytes.fromhex(seed)
    except ValueError:
        return False
    return (
        len(raw) == SEED_BYTES
        and commit(raw) == commitment
        and len(set(entries)) == len(entries)
        and hash_entries(entries) == entries_sha256
        and choose_winners(raw, entries, winners_max) == tuple(winners)
    )
