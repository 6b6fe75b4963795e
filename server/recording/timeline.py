"""What the members of a room were sent while it was recorded, on its way to the disk.

Gathered for a moment and written in one transaction. What is deleted or given back waits in the
same queue, so that the order stays.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

import msgspec
import structlog

from server.background import BackgroundTasks
from server.recording import queries
from server.recording.entries import Marked, NewEntry
from server.recording.rules import LATE_US
from wire import chat_events, coin_events, event_base, events
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from server.recording.recorder import LiveRecording
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import UserId

_log = structlog.get_logger(__name__)

GATHER_S: Final = 0.2
RETRY_S: Final = 2.0
WAITING_MAX: Final = 20_000
"""Beyond it, while the disk takes nothing, the oldest are lost."""
AT_ONCE_MAX: Final = 2_000
EARLY_MAX: Final = 2_000
"""Events of a room that wait for its recording's row."""


class Timeline:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, gather_s: float = GATHER_S) -> None:
        self._store = store
        self._gather_s = gather_s
        self._waiting: deque[NewEntry | Marked] = deque()
        self._numbers: dict[str, int] = {}
        """The next number of each timeline that grows."""
        self._early: WeakSet[LiveRecording] = WeakSet()
        """Recordings that have no row yet, with what happened in them."""
        self._tasks = BackgroundTasks()
        self._writing = asyncio.Lock()

    def open(self, replay_id: str, first_number: int) -> None:
        self._numbers[replay_id] = max(first_number, self._numbers.get(replay_id, 0))

    def note(self, live: LiveRecording, event: event_base.Event, now_us: int) -> None:
        """Never waits. What comes before the recording's row is kept for it."""
        if not live.is_listed:
            if len(live.early) < EARLY_MAX:
                live.early.append((event, now_us))
                self._early.add(live)
            return
        at_us = now_us
        said_us = event.media_time_us if isinstance(event, event_base.DanmakuPosted) else None
        if said_us is not None and 0 <= now_us - said_us < LATE_US:
            at_us = said_us
        if isinstance(event, chat_events.Announced) and event.announcement is not None:
            # Who announced it is told by name alone: erased with nothing to find it by.
            nameless = msgspec.structs.replace(event.announcement, name="")
            event = msgspec.structs.replace(event, announcement=nameless)
        self.add(live, type(event).__name__, at_us, events.pack(event).decode(), *_whose(event))

    def add(  # the columns of a line
        self,
        live: LiveRecording,
        kind: str,
        at_us: int,
        body: str,
        user_id: str | None = None,
        message_id: str | None = None,
    ) -> None:
        number = self._numbers.get(live.replay_id, 0)
        self._numbers[live.replay_id] = number + 1
        self._put(
            NewEntry(live.replay_id, number, live.at_ms(at_us), kind, user_id, message_id, body)
        )

    def mark(self, message_ids: Collection[str], *, is_deleted: bool) -> None:
        if is_deleted:
            # It has no line that could be marked. Given back, it gets one when the recording ends.
            self._drop_early(lambda event: _whose(event)[1] in message_ids)
        self._put(Marked(tuple(message_ids), is_deleted))

    def drop(self, replay_id: str) -> None:
        """It is deleted, with what waits."""
        self._numbers.pop(replay_id, None)
        self._waiting = deque(
            one
            for one in self._waiting
            if not (isinstance(one, NewEntry) and one.replay_id == replay_id)
        )

    def forget(self, user_id: UserId) -> None:
        """The user is erased; the lines are the eraser's."""
        self._drop_early(lambda event: _whose(event)[0] == user_id)

    async def flush(self) -> bool:
        """Write what waits now. False where the disk does not take it."""
        async with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(AT_ONCE_MAX, self._count()))]

                def work(session: Session, batch: list[NewEntry | Marked] = batch) -> None:
                    queries.write_timeline(session, batch)

                try:
                    await self._store.write(work)
                except WireError as error:
                    _log.warning("a timeline waits for the disk", code=error.code)
                    self._waiting.extendleft(reversed(batch))
                    return False
        return True

    async def close(self) -> None:
        await self._tasks.close()
        await self.flush()

    def _drop_early(self, is_gone: Callable[[event_base.Event], bool]) -> None:
        for live in self._early:
            live.early = [one for one in live.early if not is_gone(one[0])]

    def _count(self) -> int:
        return len(self._waiting)

    def _put(self, one: NewEntry | Marked) -> None:
        if len(self._waiting) >= WAITING_MAX:
            self._waiting.popleft()
        self._waiting.append(one)
        if not len(self._tasks):
            self._tasks.start(self._write_soon(), name="timelines")

    async def _write_soon(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._gather_s)
            if not await self.flush():
                await asyncio.sleep(RETRY_S)


def _whose(event: event_base.Event) -> tuple[str | None, str | None]:
    """The user and the message that a line goes with, where they go."""
    match event:
        case event_base.DanmakuPosted():
            return event.user_id, event.message_id
        case chat_events.MessagePinned():
            message = event.message
            return (message.user_id, message.message_id) if message is not None else (None, None)
        case (
            coin_events.GiftSent() | coin_events.RedPacketOpened() | coin_events.RedPacketGrabbed()
        ):
            return event.user_id, None
        case _:
            return None, None
