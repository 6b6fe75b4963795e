"""A long answer to a GET: written as fast as the reader takes it, with a bounded buffer.

`websockets` sends an answer whole. So a connection that is to get more leaves its transport to this
protocol (`RelayConnection.hand_over`), and the library takes it for lost.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

import structlog

from server.background import BackgroundTasks

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from server.gateway.admission import Admission

    MayGoOn = Callable[[], Awaitable[bool]]

_log = structlog.get_logger(__name__)

BUFFER_BYTES: Final = 256 * 1024
STUCK_S: Final = 60.0
"""A player that is paused may take nothing for a while; one that takes nothing for so long is
cut."""
CHECK_S: Final = 1.0
"""How often it is asked whether the answer may still go on."""


class HttpStream(asyncio.Protocol):
    """Also a `Channel`, to which nobody sends. Event loop's thread only."""

    def __init__(self, transport: asyncio.Transport, admission: Admission, address: str) -> None:
        self.address = address
        self.paused = False
        self._transport = transport
        self._admission = admission
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._tasks = BackgroundTasks()
        transport.set_write_buffer_limits(high=BUFFER_BYTES)

    def start(
        self, head: bytes, body: AsyncGenerator[bytes, None], may_go_on: MayGoOn | None = None
    ) -> None:
        self._tasks.start(self._send(head, body), name="http answer")
        if may_go_on is not None:
            self._tasks.start(self._watch(may_go_on), name="http answer's right")

    # --- asyncio's callbacks ------------------------------------------------------------------

    def connection_lost(self, _exc: Exception | None) -> None:
        self._tasks.cancel()
        self._admission.on_lost(self)

    def pause_writing(self) -> None:
        self.paused = True
        self._can_write.clear()

    def resume_writing(self) -> None:
        self.paused = False
        self._can_write.set()

    # --- the channel --------------------------------------------------------------------------

    def send_text(self, _payload: bytes) -> None:
        """It has joined nothing: nobody has words for it."""

    def write_framed(self, _frames: bytes) -> None:
        """The same."""

    def close_now(self, _code: int, _reason: str) -> None:
        self.abort()

    def abort(self) -> None:
        self._transport.abort()

    # --- within -------------------------------------------------------------------------------

    async def _send(self, head: bytes, body: AsyncGenerator[bytes, None]) -> None:
        async with aclosing(body):
            self._transport.write(head)
            try:
                async for piece in body:
                    self._transport.write(piece)
                    if not await self._drained():
                        self._transport.abort()
                        return
            except OSError as error:
                _log.warning("an answer was cut short", cause=error.strerror)
                self._transport.abort()
                return
        self._transport.close()

    async def _watch(self, may_go_on: MayGoOn) -> None:
        """Cut it where it may not; with what waits for a reader that takes nothing."""
        while True:
            await asyncio.sleep(CHECK_S)
            if not await may_go_on():
                _log.info("an answer was cut: it is no longer for whoever asked")
                self._transport.abort()
                return

    async def _drained(self) -> bool:
        """False where the reader is deaf."""
        while self.paused and not self._transport.is_closing():
            before = self._transport.get_write_buffer_size()
            try:
                async with asyncio.timeout(STUCK_S):
                    await self._can_write.wait()
            except TimeoutError:
                if self._transport.get_write_buffer_size() >= before:
                    return False
        return not self._transport.is_closing()
