"""The rows of recordings: there when a file begins, sized while it grows, complete at its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from server.recording import disk, queries
from server.recording.tables import Replay
from server.text import fold
from wire.errors import WireError
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path
    from typing import Protocol

    from server.recording.recorder import LiveRecording
    from server.recording.timeline import Timeline
    from server.rooms.cards import RoomCard
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import DanmakuPosted
    from wire.ids import BroadcastId

    class Rooms(Protocol):
        """What this asks of rooms."""

        async def card(self, room_id: RoomId) -> RoomCard: ...

    class Past(Protocol):
        """What this asks of chat, after a kill."""

        async def shown_since(
            self, room_id: RoomId, since_unix_ms: int
        ) -> tuple[DanmakuPosted, ...]: ...


_log = structlog.get_logger(__name__)

RETRY_S: Final = 5.0
LISTED_S: Final = 3.0


class Listing:
    """Event loop's thread only."""

    def __init__(
        self, store: Store, *, folder: Path, rooms: Rooms, past: Past, timeline: Timeline
    ) -> None:
        self._store = store
        self._folder = folder
        self._rooms = rooms
        self._past = past
        self._timeline = timeline
        self._is_closing = False

    def close_soon(self) -> None:
        """What does not get its row at once is left to the next start."""
        self._is_closing = True

    async def begin(self, live: LiveRecording) -> str | None:
        """The title that it has got; None where nobody will find it."""
        try:
            card = await self._rooms.card(live.room_id)
        except WireError:
            return None
        row = _make_row(live, card)

        def work(session: Session) -> int:
            queries.begin(session, row)
            return queries.next_number(session, live.replay_id)

        while True:
            try:
                number = await self._store.write(work)
                break
            except WireError as error:
                # The file grows meanwhile; without its row nobody finds it.
                _log.warning("a recording is not listed yet", code=error.code)
                if self._is_closing:
                    return None
                await asyncio.sleep(RETRY_S)
        self._timeline.open(live.replay_id, number)
        early, live.early = live.early, []
        live.listed.set()
        for event, at_us in early:
            self._timeline.note(live, event, at_us)
        return card.title

    async def find_of(self, broadcast_id: BroadcastId) -> Replay | None:
        """The newest of a broadcast."""
        try:
            return await self._store.read(
                lambda session: queries.find_of_broadcast(session, broadcast_id)
            )
        except WireError:
            return None

    async def wait_listed(self, live: LiveRecording) -> None:
        """Or its end could be written before its beginning."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LISTED_S):
                await live.listed.wait()

    async def grow(self, lives: Iterable[LiveRecording]) -> None:
        """How far these are."""
        sizes = [(live.replay_id, *live.extent()) for live in lives]
        if not sizes:
            return
        try:
            await self._store.write(lambda session: queries.grow(session, sizes))
        except WireError as error:
            _log.warning("how far recordings are was not stored", code=error.code)

    async def finish(self, replay_id: str, size: int, duration_ms: int) -> Replay | None:
        """Its row is as its file, and its timeline has all that was said and is on disk."""
        await self._timeline.flush()
        try:
            row = await self._store.read(lambda session: queries.find(session, replay_id))
            if row is None:
                return None
            room_id, began_unix_ms = RoomId(row.room_id), row.started_at_unix_ms
            messages = await self._past.shown_since(room_id, began_unix_ms)

            def work(session: Session) -> Replay | None:
                queries.add_missing(session, row, messages)
                return queries.finish(session, replay_id, size, duration_ms)

            return await self._store.write(work)
        except WireError as error:
            _log.warning("the end of a recording was not stored", code=error.code)
            return None

    async def delete(self, replay_id: str) -> None:
        """File, cover, row and timeline. Raises WireError."""
        self._timeline.drop(replay_id)
        await asyncio.to_thread(disk.condemn, self._folder, [replay_id])
        try:
            await self._store.write(lambda session: queries.delete_replay(session, replay_id))
        except WireError:
            await asyncio.to_thread(disk.spare, self._folder, [replay_id])
            raise
        await asyncio.to_thread(disk.remove_condemned, self._folder, [replay_id])

    async def silence(self, room_ids: Collection[RoomId]) -> None:
        """Nobody finds these rooms' files any more. Raises WireError."""
        ids = await self._store.read(lambda session: queries.list_ids_of_rooms(session, room_ids))
        await self._timeline.flush()
        await asyncio.to_thread(disk.condemn, self._folder, ids)


def _make_row(live: LiveRecording, card: RoomCard) -> Replay:
    shape = live.shape
    return Replay(
        id=live.replay_id,
        room_id=live.room_id,
        broadcast_id=live.broadcast_id,
        room_name=card.name,
        title=card.title,
        search=fold(f"{card.title}\n{card.name}"),
        started_at_unix_ms=live.started_at_unix_ms,
        base_pts_us=live.base_pts_us or 0,
        video_codec=shape.video_codec,
        width=shape.width,
        height=shape.height,
        sound_channels=shape.sound_channels,
    )
