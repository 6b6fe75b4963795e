"""Keeps the newest thumbnail of each live public room; the painting is another process's."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING, Final

import structlog

from server.programs import relay_command
from server.thumbnails.rules import (
    CODEC_NUMBERS,
    JPEG_BYTES_MAX,
    KEPT_MAX,
    Candidate,
    Painted,
    choose_due,
)
from wire.ids import BroadcastId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from wire.ids import RoomId

_log = structlog.get_logger(__name__)

LOOK_INTERVAL_S: Final = 1.0
PAINT_TIMEOUT_S: Final = 3.0
RESTART_S: Final = 10.0
"""A painter that died is started again after this, not at once: its keyframe may come again."""
STOP_TIMEOUT_S: Final = 1.0


class ThumbnailService:
    """Event loop's thread only. The painter is started when the first picture is wanted."""

    def __init__(
        self,
        *,
        candidates: Callable[[], Iterable[Candidate]],
        is_public: Callable[[RoomId], Awaitable[bool]],
        mono_s: Callable[[], float],
    ) -> None:
        self._candidates = candidates
        self._is_public = is_public
        self._mono_s = mono_s
        self._painted: dict[BroadcastId, Painted] = {}
        self._painter: asyncio.subprocess.Process | None = None
        self._may_start_at_s = 0.0
        self._painting = asyncio.Lock()
        """The painter answers one after the other."""

    def find(self, broadcast_id: str) -> bytes | None:
        """The newest JPEG of a live public broadcast; None where there is none."""
        painted = self._painted.get(BroadcastId(broadcast_id))
        return painted.jpeg if painted is not None else None

    async def run(self) -> None:
        """For as long as the relay serves; cancelled at its end."""
        try:
            while True:
                await asyncio.sleep(LOOK_INTERVAL_S)
                await self.look()
        finally:
            await self._end_painter()

    async def look(self) -> None:
        """Paint what is due, one after the other, and forget what is over."""
        candidates = tuple(self._candidates())
        live = {candidate.broadcast_id for candidate in candidates}
        self._painted = {key: value for key, value in self._painted.items() if key in live}
        for candidate in choose_due(candidates, self._painted, self._mono_s()):
            if len(self._painted) >= KEPT_MAX and candidate.broadcast_id not in self._painted:
                continue
            jpeg = None
            if await self._is_public(candidate.room_id):
                jpeg = await self.paint(candidate)
            self._painted[candidate.broadcast_id] = Painted(
                self._mono_s(), candidate.sequence, jpeg
            )

    async def paint(self, candidate: Candidate) -> bytes | None:
        """A picture for somebody who knows who may see it; None where there is none to be had."""
        async with self._painting:
            return await self._paint_one(candidate)

    async def _paint_one(self, candidate: Candidate) -> bytes | None:
        number = CODEC_NUMBERS.get(candidate.codec)
        painter = await self._access_painter() if number is not None else None
        if number is None or painter is None or painter.stdin is None or painter.stdout is None:
            return None
        keyframe = candidate.read_keyframe()
        length = len(keyframe).to_bytes(4, "big")
        try:
            async with asyncio.timeout(PAINT_TIMEOUT_S):
                painter.stdin.write(bytes((number,)) + length + keyframe)
                await painter.stdin.drain()
                size = int.from_bytes(await painter.stdout.readexactly(4), "big")
                if size <= JPEG_BYTES_MAX:
                    return await painter.stdout.readexactly(size) or None
                cause = "too large a picture"
        except (OSError, TimeoutError, EOFError) as error:
            cause = type(error).__name__
        _log.warning("the thumbnail painter failed", cause=cause)
        await self._end_painter()
        return None

    async def _access_painter(self) -> asyncio.subprocess.Process | None:
        if self._painter is not None:
            return self._painter
        if self._mono_s() < self._may_start_at_s:
            return None
        self._may_start_at_s = self._mono_s() + RESTART_S
        try:
            self._painter = await asyncio.create_subprocess_exec(
                *relay_command(),
                "paint-thumbnails",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            _log.warning("no thumbnails", cause=error.strerror)
        return self._painter

    async def _end_painter(self) -> None:
        painter, self._painter = self._painter, None
        if painter is None:
            return
        with contextlib.suppress(ProcessLookupError):
            painter.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await painter.wait()
