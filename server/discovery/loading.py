"""Reading all that was done, for serving and for training."""

from __future__ import annotations

import asyncio
import json
from array import array
from typing import TYPE_CHECKING, Final

import numpy as np
import structlog

from server.discovery import artefact, queries
from server.discovery.behaviour import CODES, Columns, to_log
from server.discovery.log import Numbers
from server.discovery.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from server.discovery.artefact import Serving
    from server.store.session import Session
    from server.store.store import Store

PAUSE_S: Final = 0.005
"""Between two slices of work: the relay's loop has its turn."""

_log = structlog.get_logger(__name__)


class Gathered:
    """Rows of taste, as columns that grow."""

    def __init__(self) -> None:
        self.users: Numbers[str] = Numbers()
        self.streamers: Numbers[str] = Numbers()
        self._broadcasts: Numbers[str] = Numbers()
        self._user = array("q")
        self._streamer = array("q")
        self._at_s = array("d")
        self._kind = array("b")
        self._amount = array("d")
        self._broadcast = array("q")

    def __len__(self) -> int:
        return len(self._user)

    def add(self, rows: Iterable[tuple[str, str, int, str, float, str]]) -> None:
        """User, streamer, Unix ms, kind, amount, broadcast; in the order of time."""
        user_number, streamer_number = self.users.number, self.streamers.number
        for user, streamer, at_unix_ms, kind, amount, broadcast in rows:
            self._user.append(user_number(user))
            self._streamer.append(streamer_number(streamer))
            self._at_s.append(at_unix_ms / 1000)
            self._kind.append(CODES[kind])
            self._amount.append(amount)
            self._broadcast.append(self._broadcasts.number(broadcast) if broadcast else -1)

    def columns(self) -> Columns:
        return Columns(
            np.array(self._user, dtype=np.int64),
            np.array(self._streamer, dtype=np.int64),
            np.array(self._at_s),
            np.array(self._kind, dtype=np.int8),
            np.array(self._amount),
            np.array(self._broadcast, dtype=np.int64),
            len(self.users),
            len(self.streamers),
        )


async def load_memory(store: Store, thread: Executor, *, until_unix_ms: int) -> Memory:
    """What is needed to serve, from all rows before a moment. Raises WireError."""
    serving = await _read_serving(store)
    gathered = Gathered()
    after: tuple[int, str] | None = None
    while True:
        page = await store.read(
            lambda session, after=after: queries.read_page(session, after=after)  # type: ignore[misc] # a default binds it now
        )
        fresh = [row for row in page if row[1] < until_unix_ms]
        await asyncio.to_thread(
            gathered.add, [(row[2], row[3], row[1], row[5], row[6], row[7]) for row in fresh]
        )
        if len(fresh) < queries.READ_ROWS:
            break
        after = (page[-1][1], page[-1][0])
    categories = await store.read(queries.categories_of)
    log, _ = await asyncio.to_thread(lambda: to_log(gathered.columns()))
    memory = Memory(serving)
    users = [gathered.users.name(one) for one in range(len(gathered.users))]
    streamers = [gathered.streamers.name(one) for one in range(len(gathered.streamers))]
    slices = memory.build(log, users, streamers, categories)
    loop = asyncio.get_running_loop()
    is_done = False
    while not is_done:
        is_done = await loop.run_in_executor(thread, lambda: next(slices, slices)) is slices
        await asyncio.sleep(PAUSE_S)
    return memory


async def _read_serving(store: Store) -> Serving:
    found = await store.read(_find_serving)
    if found is None:
        return artefact.starting()
    try:
        return await asyncio.to_thread(artefact.read, *found)
    except artefact.BrokenArtefact as error:
        _log.warning("the model cannot be used: fixed weights serve", detail=str(error)[:200])
        return artefact.starting()


def _find_serving(session: Session) -> tuple[str, str, list[str], bytes] | None:
    row = queries.find_serving(session)
    if row is None:
        return None
    return row.id, row.artefact, json.loads(row.streamer_ids), row.neighbours
