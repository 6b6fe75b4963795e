"""The recordings' share of the disk, and what stays free of it for everything else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from server.recording import disk, queries
from server.recording.rules import choose_deleted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from server.recording.recorder import Recorder
    from server.recording.rules import Known
    from server.settings import RecordingSettings
    from server.store.store import Store

_log = structlog.get_logger(__name__)

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
        delete: Callable[[str], Awaitable[None]],
    ) -> None:
        self._store = store
        self._settings = settings
        self._folder = folder
        self._recorder = recorder
        self._delete = delete

    async def is_full(self, *, was_full: bool) -> bool:
        """Whether recording must wait; the oldest make room first. Raises OSError, WireError."""
        free = await asyncio.to_thread(disk.free_bytes, self._folder)
        has_share = await self._keep()
        is_full = free < self._settings.free_bytes_min * (FREE_AGAIN if was_full else 1)
        if is_full and not was_full:
            _log.warning("too little of the disk is free for recordings", free_bytes=free)
        return is_full or not has_share

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
