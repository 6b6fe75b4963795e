"""What each feature says about the personal data in its own tables.

A feature lists its part in its `personal.py`; `server/personal_parts.py` lists the parts. A test
compares them with all tables, so that a new table with a user in it must be spoken of here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.settings import Keep
    from server.store.session import GenerativeSelect, Session

SWEEP_ROWS_MAX: Final = 2_000
"""Rows that one transaction of the sweep deletes: chat waits no longer than for those."""


@dataclass(frozen=True)
class Section:
    """One list in what a user is shown: `query` gives its rows, named as they are exported."""

    name: str
    query: GenerativeSelect


@dataclass(frozen=True)
class Erasing:
    """Who is erased, and what stands in the name's place."""

    user_id: str
    pseudonym: str
    at_unix_ms: int
    room_ids: tuple[str, ...] = ()
    """The user's own rooms, which go too."""


@dataclass(frozen=True)
class Sweep:
    """Deletes at most `SWEEP_ROWS_MAX` rows older than a moment (Unix ms); returns how many."""

    keep: Keep
    work: Callable[[Session, int], int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One feature's personal data. The functions run within a transaction of the caller."""

    erased: frozenset[str] = frozenset()
    """`table.column`: columns with a user's id whose rows go, or lose it, with the user."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """`table.column` of those that stay, and why."""
    sections: Callable[[str], tuple[Section, ...]] = lambda _user_id: ()
    """What there is of a user, given the id."""
    erase: Callable[[Session, Erasing], None] = lambda _session, _erasing: None
    sweeps: tuple[Sweep, ...] = ()
