"""Erasing a user: out of every table, out of memory, and out of the bytes of the files.

    1  silence   nothing of the user's is written any more; what is live ends
    2  erase     one transaction over all features: all of it or nothing
    3  note      the id goes on a list, so that a restored backup is erased again
    4  forget    out of what the features have in memory
    5  wipe      the database's files hold nothing of what was deleted

A relay that is killed on the way has erased or has not; what is left to wipe is wiped at its next
start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from server.background import BackgroundTasks
from server.privacy import queries
from server.privacy.parts import Erasing
from server.privacy.rules import PSEUDONYM_PREFIX
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.ids import RandomBytes
    from server.privacy.journal import Journal
    from server.privacy.parts import Part
    from server.store.store import Store
    from wire.ids import RoomId, UserId

_PSEUDONYM_BYTES: Final = 6
REWRITE_AT_ONCE_BYTES_MAX: Final = 128 * 1024 * 1024
"""About a second of a common disk."""
REWRITE_INTERVAL_S: Final = 600.0
_WIPE_TRIES: Final = 20
_WIPE_PAUSE_S: Final = 0.5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Leaving:
    """Who goes, and what goes with it."""

    user_id: UserId
    room_ids: tuple[RoomId, ...]
    pseudonym: str


async def _nothing(_leaving: Leaving) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A feature that has people in memory."""

    silence: Callable[[Leaving], Awaitable[None]] = _nothing
    """Take nothing more of the user's, and store what was taken."""
    speak: Callable[[Leaving], None] = lambda _leaving: None
    """The erasing failed: all is as before."""
    forget: Callable[[Leaving], Awaitable[None]] = _nothing
    """It is out of the database."""


class Eraser:
    """Event loop's thread only. `close` ends the wiping."""

    def __init__(
        self,
        store: Store,
        *,
        parts: Sequence[Part],
        holders: Sequence[Holder],
        rooms_of: Callable[[UserId], Awaitable[tuple[RoomId, ...]]],
        journal: Journal,
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._parts = parts
        self._holders = holders
        self._rooms_of = rooms_of
        self._journal = journal
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._going: set[UserId] = set()
        self._wiping = asyncio.Lock()
        self._rewritten_mono_s: float | None = None
        self._tasks = BackgroundTasks()

    def hold(self, holder: Holder) -> None:
        """One more that has people in memory; for what is built after this."""
        self._holders = (*self._holders, holder)

    async def erase(self, user_id: UserId) -> None:
        """All of it or nothing. The caller has cut the user's sockets. Raises WireError.

        Returns once nothing is left in tables and memory; the files are wiped in the background
        (`wait_wiped`).
        """
        if user_id in self._going:
            raise WireError(ErrorCode.BUSY, "this account is being erased", retry_after_ms=1_000)
        # Carried to its end although the socket that asked is gone.
        failure = await asyncio.shield(self._tasks.start(self._carry_out(user_id), name="erase"))
        if failure is not None:
            raise failure

    async def wait_wiped(self, *, is_daily: bool = False) -> None:
        """Wipe what is left to wipe, if anything. Never raises WireError.

        The whole database is rewritten at once where it is small and that was not done lately; else
        with the day's sweep, so that nobody can hold up a house by erasing accounts. Until then
        what was deleted is overwritten, but for what old splits of pages may have left.
        """
        async with self._wiping:
            if not self._journal.is_wipe_due():
                return
            bytes_max = None if is_daily else self._rewrite_bytes_max()
            for _ in range(_WIPE_TRIES):
                try:
                    wiped = await self._store.wipe(rewrite_bytes_max=bytes_max)
                except WireError as error:
                    _log.warning("erased data is not wiped yet", code=error.code)
                    return  # tried again with the next sweep
                if wiped.is_rewritten:
                    self._rewritten_mono_s = self._clocks.mono_s()
                if wiped.is_done:
                    await asyncio.to_thread(self._journal.note_wiped)
                if wiped.is_log_empty:
                    return
                await asyncio.sleep(_WIPE_PAUSE_S)

    def _rewrite_bytes_max(self) -> int:
        last = self._rewritten_mono_s
        is_due = last is None or self._clocks.mono_s() - last >= REWRITE_INTERVAL_S
        return REWRITE_AT_ONCE_BYTES_MAX if is_due else 0

    async def close(self) -> None:
        """Finish what was begun."""
        while len(self._tasks):
            await self._tasks.wait_any()

    async def _carry_out(self, user_id: UserId) -> WireError | None:
        self._going.add(user_id)
        try:
            await self._erase(user_id)
        except WireError as error:
            return error
        finally:
            self._going.discard(user_id)
        self._tasks.start(self.wait_wiped(), name="wipe")
        return None

    async def _erase(self, user_id: UserId) -> None:
        pseudonym = PSEUDONYM_PREFIX + self._random_bytes(_PSEUDONYM_BYTES).hex()
        leaving = Leaving(user_id, await self._rooms_of(user_id), pseudonym)
        erasing = Erasing(user_id, pseudonym, self._clocks.unix_ms(), leaving.room_ids)
        is_erased = False
        try:
            for holder in self._holders:
                await holder.silence(leaving)
            # Before the rows go: a relay that dies in between wipes once too often.
            await asyncio.to_thread(self._journal.note_wipe_due)
            await self._store.write(lambda session: queries.erase(session, self._parts, erasing))
            is_erased = True
        finally:
            if not is_erased:
                for holder in self._holders:
                    holder.speak(leaving)
        await asyncio.to_thread(self._journal.note_erased, user_id)
        for holder in self._holders:
            await holder.forget(leaving)
