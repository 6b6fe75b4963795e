"""The recordings' share of the disk, and what stays free of it for everything else."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from server.recording import disk, queries
from server.recording.rules import choose_deleted
from wire.errors import WireError
from wire.ids import RoomId
from wire.replay_events import RecordingShare, RoomShare

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from server.recording.listing import Rooms
    from server.recording.recorder import Recorder
    from server.recording.rules import Known, RoomTotal
    from server.settings import RecordingSettings
    from server.store.store import Store

_log = structlog.get_logger(__name__)

ROOMS_MAX: Final = 10
FREE_AGAIN: Final = 1.1
"""So much more than what stopped it must be free before it goes on."""


class Share:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        settings: RecordingSettings,
        folder: Path,
        recorder: Recorder,
        rooms: Rooms,
        delete: Callable[[str], Awaitable[None]],
    ) -> None:
        self._store = store
        self._settings = settings
        self._folder = folder
        self._recorder = recorder
        self._rooms = rooms
        self._delete = delete

    async def is_full(self, *, was_full: bool) -> bool:
        """Whether recording must wait; the oldest make room first. Raises OSError, WireError."""
        free = await asyncio.to_thread(disk.free_bytes, self._folder)
        has_share = await self._keep()
        is_full = free < self._settings.free_bytes_min * (FREE_AGAIN if was_full else 1)
        if is_full and not was_full:
            _log.warning("too little of the disk is free for recordings", free_bytes=free)
        return is_full or not has_share

    async def look(self, *, is_full: bool) -> RecordingShare:
        """How much there is, and of whom. Raises WireError."""
        try:
            free = await asyncio.to_thread(disk.free_bytes, self._folder)
        except OSError:
            free = 0  # no folder: nothing was ever recorded, or its disk is gone
        known = await self._known()
        largest = await self._store.read(lambda session: queries.list_largest(session, ROOMS_MAX))
        return RecordingShare(
            is_on=self._settings.is_on,
            is_full=is_full,
            recordings=len(known),
            bytes=sum(one.size_bytes for one in known),
            kept_bytes=sum(one.size_bytes for one in known if one.is_kept),
            bytes_max=self._settings.disk_bytes_max,
            free_bytes=free,
            free_bytes_min=self._settings.free_bytes_min,
            rooms=tuple([await self._describe(one) for one in largest]),
        )

    async def _describe(self, total: RoomTotal) -> RoomShare:
        room_id, name = RoomId(total.room_id), total.name
        with suppress(WireError):
            name = (await self._rooms.card(room_id)).name
        return RoomShare(
            room_id=room_id, name=name, recordings=total.recordings, bytes=total.size_bytes
        )

    async def _keep(self) -> bool:
        """Delete the oldest while all are too much. False where that is not enough."""
        gone, is_enough = choose_deleted(await self._known(), self._settings.disk_bytes_max)
        for replay_id in gone:
            _log.info("the oldest recording goes", replay_id=replay_id)
            await self._delete(replay_id)
        return is_enough

    async def _known(self) -> list[Known]:
        """All recordings, oldest first, those that grow with their size of now."""
        known = await self._store.read(queries.list_known)
        growing = {one: self._recorder.find_growing(one.replay_id) for one in known}
        return [
            one._replace(size_bytes=live.index.size, is_growing=True) if live is not None else one
            for one, live in growing.items()
        ]
