"""Messages go to disk in batches, one transaction each: while one is written the next gathers."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.background import BackgroundTasks
from server.chat import queries
from wire.chat_events import DanmakuAccepted
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import DanmakuPosted
    from wire.ids import MessageId
    from wire.words_events import HeldReason

GATHER_S: Final = 0.02
"""A batch begins this long after its first message; with one commit that is well under 50 ms."""
UNSTORED_MAX: Final = 5_000
"""Messages that wait for the disk in all rooms; beyond it senders are told "busy"."""
BATCH_MAX: Final = 500


@dataclass(frozen=True)
class Posted:
    """A message that was taken; `stored` ends when it is on disk, or raises WireError."""

    event: DanmakuPosted
    stored: Awaitable[DanmakuAccepted]


@dataclass
class _Unstored:
    event: DanmakuPosted
    reason: HeldReason | None
    stored: asyncio.Future[DanmakuAccepted]

    def settle(self, failure: WireError | None) -> None:
        """Tell the sender, unless nobody waits any more."""
        if self.stored.done():
            return
        if failure is not None:
            # One exception for each: raising adds to its traceback.
            self.stored.set_exception(
                WireError(failure.code, failure.message, retry_after_ms=failure.retry_after_ms)
            )
            return
        self.stored.set_result(
            DanmakuAccepted(
                message_id=self.event.message_id,
                sent_at_unix_ms=self.event.sent_at_unix_ms,
                is_held=self.reason is not None,
                reason=self.reason,
            )
        )


class MessageWriter:
    """Event loop's thread only. `close` stores what is left."""

    def __init__(self, store: Store, *, gather_s: float = GATHER_S) -> None:
        self._store = store
        self._gather_s = gather_s
        self._tasks = BackgroundTasks()
        self._unstored: deque[_Unstored] = deque()
        self._in_flight = 0
        """Messages of the batch that is being written."""
        self._writer: asyncio.Task[None] | None = None
        self.storing: dict[MessageId, asyncio.Future[DanmakuAccepted]] = {}
        """What is on its way to the disk."""

    @property
    def waiting(self) -> int:
        """Messages that are not on disk yet."""
        return len(self._unstored) + self._in_flight

    def add(self, event: DanmakuPosted, reason: HeldReason | None = None) -> Posted:
        """With a reason it is stored among those that are held."""
        stored: asyncio.Future[DanmakuAccepted] = asyncio.get_running_loop().create_future()
        self.storing[event.message_id] = stored
        self._unstored.append(_Unstored(event, reason, stored))
        if self._writer is None:
            self._writer = self._tasks.start(self._write_batches(), name="store messages")
        return Posted(event, stored)

    async def wait_stored(self) -> None:
        """Until all that was taken is on disk, or has failed."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def close(self) -> None:
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._tasks.close()

    async def _write_batches(self) -> None:
        """Until nothing is left: gather, write, acknowledge."""
        try:
            while self._unstored:
                await asyncio.sleep(self._gather_s)
                batch = [
                    self._unstored.popleft() for _ in range(min(BATCH_MAX, len(self._unstored)))
                ]
                self._in_flight = len(batch)
                await self._write(batch)
                self._in_flight = 0
        finally:
            self._in_flight = 0
            self._writer = None

    async def _write(self, batch: list[_Unstored]) -> None:
        def work(session: Session) -> None:
            session.add_all(
                queries.make_row(one.event)
                if one.reason is None
                else queries.make_held_row(one.event, one.reason)
                for one in batch
            )

        failure: WireError | None = WireError(ErrorCode.INTERNAL, "the relay made a mistake")
        try:
            await self._store.write(work)
            failure = None
        except WireError as error:
            failure = error
        finally:
            for unstored in batch:
                unstored.settle(failure)
                self.storing.pop(unstored.event.message_id, None)
