"""Behaviour on its way to the disk: a bounded buffer, written in batches off the hot path."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from server.discovery import queries
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from typing import Any

    from server.discovery.behaviour import Behaviour
    from server.store.store import Store
    from wire.ids import UserId

BUFFER_ROWS_MAX: Final = 20_000
"""A disk that fails for minutes costs the newest rows, not the relay's memory."""
BATCH_ROWS_MAX: Final = 2_000
INTERVAL_S: Final = 2.0
_ADDED_UP: Final = frozenset({"liked", "said"})
"""Told so often that one row stands for all of a batch."""

_log = structlog.get_logger(__name__)


class Collector:
    """Event loop's thread only. `close` writes what is left."""

    def __init__(
        self,
        store: Store,
        *,
        find_users: Callable[[Collection[UserId]], Awaitable[dict[UserId, Any]]],
        interval_s: float = INTERVAL_S,
        buffer_rows_max: int = BUFFER_ROWS_MAX,
    ) -> None:
        self._store = store
        self._find_users = find_users
        self._interval_s = interval_s
        self._buffer_rows_max = buffer_rows_max
        self._rows: list[Behaviour] = []
        self._places: dict[tuple[str, str, str, str], int] = {}
        self._forgotten: set[str] = set()
        """Users whose rows of a batch that is being written must not come back."""
        self._writing = asyncio.Lock()
        self.stored = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Behaviour) -> bool:
        """False where there was no room for it."""
        if row.kind in _ADDED_UP:
            key = (row.user_id, row.streamer_id, row.broadcast_id, row.kind)
            place = self._places.get(key)
            if place is not None:
                before = self._rows[place]
                self._rows[place] = before._replace(amount=before.amount + row.amount)
                return True
            self._places[key] = len(self._rows)
        if len(self._rows) >= self._buffer_rows_max:
            self.dropped += 1
            return False
        self._rows.append(row)
        return True

    def forget(self, user_id: str) -> None:
        """Nothing of the user that waits is written."""
        self._forgotten.add(user_id)
        self._rows = [row for row in self._rows if user_id not in (row.user_id, row.streamer_id)]
        self._places.clear()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            await self.write()

    async def write(self) -> None:
        """What is in the buffer. What cannot be stored now is tried again with the next."""
        async with self._writing:
            while self._rows:
                batch, self._rows = self._rows[:BATCH_ROWS_MAX], self._rows[BATCH_ROWS_MAX:]
                self._places.clear()
                self._forgotten.clear()
                if not await self._write_batch(batch):
                    return

    async def _write_batch(self, batch: list[Behaviour]) -> bool:
        try:
            ids = {row.user_id for row in batch} | {row.streamer_id for row in batch}
            there = await self._find_users(ids)  # type: ignore[arg-type] # ids are strings here
            kept = [
                row
                for row in batch
                if row.user_id in there
                and row.streamer_id in there
                and not self._forgotten & {row.user_id, row.streamer_id}
            ]
            await self._store.write(lambda session: queries.add_rows(session, kept))
        except WireError as error:
            if error.code is ErrorCode.SHUTTING_DOWN:
                return False
            _log.warning("behaviour was not stored", code=error.code, rows=len(batch))
            kept = [row for row in batch if not self._forgotten & {row.user_id, row.streamer_id}]
            room = max(0, self._buffer_rows_max - len(self._rows))
            self.dropped += max(0, len(kept) - room)
            self._rows = kept[:room] + self._rows
            self._places.clear()
            return False
        self.stored += len(kept)
        return True
