"""The rows of recordings: there when a file begins, sized while it grows, complete at its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from server.recording import disk, queries
from server.recording.recorder import shape_of
from server.recording.tables import Replay
from server.text import fold
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable
    from pathlib import Path
    from typing import Protocol

    from server.recording.recorder import LiveRecording, Recorder
    from server.recording.timeline import Timeline
    from server.rooms.cards import RoomCard
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import BroadcastInfo, DanmakuPosted
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
TRIES_MAX: Final = 120
"""After the end of a recording, ten minutes; then its row is left as it is."""
COVER_AFTER_S: Final = 5.0
"""When the first picture is no longer black."""

T = TypeVar("T")


class Listing:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        folder: Path,
        recorder: Recorder,
        timeline: Timeline,
        rooms: Rooms,
        past: Past,
        find_cover: Callable[[RoomId], Awaitable[bytes | None]],
    ) -> None:
        self._store = store
        self._folder = folder
        self._recorder = recorder
        self._timeline = timeline
        self._rooms = rooms
        self._past = past
        self._find_cover = find_cover
        self._closing = asyncio.Event()

    def close_soon(self) -> None:
        """What does not get its row at once is left to the next start."""
        self._closing.set()

    async def begin(self, live: LiveRecording) -> bool:
        """Give it its row. False where nobody will find it. It is settled then.

        Raises WireError(NOT_FOUND) where its room is gone.
        """
        try:
            title = await self._persist(lambda: self._begin(live), live.replay_id)
        finally:
            live.settled.set()
        if title is None:
            return False
        live.title = title
        early, live.early = live.early, []
        live.is_listed = True
        for event, at_us in early:
            self._timeline.note(live, event, at_us)
        return True

    async def _begin(self, live: LiveRecording) -> str:
        card = await self._rooms.card(live.room_id)
        row = _make_row(live, card)

        def work(session: Session) -> int:
            queries.begin(session, row)
            return queries.next_number(session, live.replay_id)

        number = await self._store.write(work)
        self._timeline.open(live.replay_id, number)
        return card.title

    async def _persist(self, work: Callable[[], Awaitable[T]], replay_id: str) -> T | None:
        """Again and again while the database takes nothing. None: given up, or it is gone.

        Raises WireError(NOT_FOUND) as `work` does.
        """
        tries = 0
        while True:
            try:
                return await work()
            except WireError as error:
                if error.code is ErrorCode.NOT_FOUND:
                    raise
                _log.warning("a recording's row waits", code=error.code, replay_id=replay_id)
            # While it grows there is always another try.
            tries = 0 if self._recorder.find_growing(replay_id) is not None else tries + 1
            if tries >= TRIES_MAX or self._closing.is_set():
                _log.error("a recording's row was not written", replay_id=replay_id)
                return None
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S):
                    await self._closing.wait()

    def rename(self, live: LiveRecording, title: str, now_us: int) -> None:
        """The room is called otherwise from now on."""
        if live.title in {None, title}:
            return
        live.title = title
        if title:
            self._timeline.add(live, queries.TITLE, now_us, title)

    async def find_of(self, broadcast_id: BroadcastId) -> Replay | None:
        """The newest of a broadcast."""
        try:
            return await self._store.read(
                lambda session: queries.find_of_broadcast(session, broadcast_id)
            )
        except WireError:
            return None

    async def grow(self, lives: Iterable[LiveRecording]) -> None:
        """How far these are."""
        sizes = [(live.replay_id, *live.extent()) for live in lives]
        if not sizes:
            return
        try:
            await self._store.write(lambda session: queries.grow(session, sizes))
        except WireError as error:
            _log.warning("how far recordings are was not stored", code=error.code)

    async def end(self, live: LiveRecording, size: int, duration_ms: int) -> Replay | None:
        """`finish`, but not before its beginning is written, and until it is."""
        await live.settled.wait()
        return await self._persist(
            lambda: self.finish(live.replay_id, size, duration_ms), live.replay_id
        )

    async def finish(self, replay_id: str, size: int, duration_ms: int) -> Replay | None:
        """Its row is as its file, and its timeline has all that was said and is on disk.

        None where it is gone. Raises WireError.
        """
        await self._timeline.flush()
        row = await self._store.read(lambda session: queries.find(session, replay_id))
        if row is None:
            return None
        messages = await self._past.shown_since(RoomId(row.room_id), row.started_at_unix_ms)

        def work(session: Session) -> Replay | None:
            queries.add_missing(session, row, messages)
            return queries.finish(session, replay_id, size, duration_ms)

        return await self._store.write(work)

    async def keep_cover(self, live: LiveRecording) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(COVER_AFTER_S):
                await self._closing.wait()
        if self._closing.is_set() or self._recorder.find(live.room_id) is not live:
            return
        jpeg = await self._find_cover(live.room_id)
        if jpeg is not None:
            path = disk.cover_path(self._folder, live.replay_id)
            await asyncio.to_thread(disk.write_cover, path, jpeg)

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


def can_hold(row: Replay, broadcast: BroadcastInfo) -> bool:
    """Whether its file goes on with what is live now."""
    shape = shape_of(broadcast.tracks)
    same = (row.video_codec, row.sound_channels) == (shape.video_codec, shape.sound_channels)
    return same and row.size_bytes > 0
