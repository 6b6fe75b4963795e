"""The steps from an empty database to the newest schema, oldest first.

Each is a plain module with `REVISION` and `upgrade(op)` where `op` is Alembic's Operations, so
that a packaged program needs no folder of scripts beside it. The revision reached is kept in
Alembic's own table. To change a table: change its `tables.py`, add a module here and to
`REVISIONS`; `tests/integration/store/test_migrations.py` compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from server.store.migrations import (
    r0001_first,
    r0002_about,
    r0003_ledger,
    r0004_likes,
    r0005_chat,
    r0006_order,
    r0007_words,
    r0010_inbox,
    r0011_privacy,
    r0012_admin,
    r0013_abuse,
    r0014_discovery,
    r0015_size,
    r0016_emotes,
    r0017_recordings,
    r0018_away_time,
    r0019_covers,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


class Revision(Protocol):
    """One step. It runs in a transaction with the note that it ran, on both databases."""

    REVISION: str

    def upgrade(self, op: Operations) -> None: ...


REVISIONS: Final[tuple[Revision, ...]] = (
    r0001_first,
    r0002_about,
    r0003_ledger,
    r0004_likes,
    r0005_chat,
    r0006_order,
    r0007_words,
    r0010_inbox,
    r0011_privacy,
    r0012_admin,
    r0013_abuse,
    r0014_discovery,
    r0015_size,
    r0016_emotes,
    r0017_recordings,
    r0018_away_time,
    r0019_covers,
)
HEAD: Final = REVISIONS[-1].REVISION
