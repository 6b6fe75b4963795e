"""Pictures of rooms: on disk, and those asked for last in memory."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from server.rooms import queries
from wire.covers import find_fault, is_cover_id
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.store.store import Store

KEPT_BYTES_MAX: Final = 8 * 1024 * 1024


def check_picture(picture: bytes) -> bytes:
    """By its header and the frame of its segments; nothing is decoded. Raises WireError."""
    fault = find_fault(picture)
    if fault is not None:
        raise WireError(ErrorCode.INVALID_VALUE, fault, field="picture")
    return picture


class Covers:
    """Event loop's thread only. A cover goes by its hash: whoever may see the room was told it."""

    def __init__(self, store: Store, *, kept_bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._store = store
        self._kept_bytes_max = kept_bytes_max
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._changes = 0
        """What was read while it changed is not kept."""
        self._reading = asyncio.Lock()
        """Many ask for the same picture at once: the first reads it."""

    async def find(self, cover_id: str) -> bytes | None:
        """None where no room has it now."""
        if not is_cover_id(cover_id):
            return None
        kept = self._find_kept(cover_id)
        if kept is not None:
            return kept
        async with self._reading:
            return self._find_kept(cover_id) or await self._read(cover_id)

    def forget(self, cover_id: str) -> None:
        """It was replaced or taken away; another room that has the same is read again."""
        self._changes += 1
        self._kept_bytes -= len(self._kept.pop(cover_id, b""))

    def clear(self) -> None:
        """Rooms are gone: those that others have are read again."""
        self._changes += 1
        self._kept.clear()
        self._kept_bytes = 0

    def _find_kept(self, cover_id: str) -> bytes | None:
        picture = self._kept.get(cover_id)
        if picture is not None:
            self._kept.move_to_end(cover_id)
        return picture

    async def _read(self, cover_id: str) -> bytes | None:
        changes = self._changes
        picture = await self._store.read(lambda session: queries.find_cover(session, cover_id))
        if picture is not None and changes == self._changes:
            self._keep(cover_id, picture)
        return picture

    def _keep(self, cover_id: str, picture: bytes) -> None:
        self._kept_bytes += len(picture)
        self._kept[cover_id] = picture
        while self._kept_bytes > self._kept_bytes_max and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest)
