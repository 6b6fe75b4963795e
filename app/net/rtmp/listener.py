"""A port that takes one publisher at a time, by its stream key.

Scans, garbage and wrong keys cost a bounded connection each and never touch who publishes. A
second publisher with the right key takes over: it is the same encoder, whose first connection died
without a word.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.handshake import BLOCK_BYTES
from app.net.rtmp.server_session import (
    Event,
    MetadataArrived,
    PublishBegan,
    PublishEnded,
    ServerSession,
    TagArrived,
)

STRANGERS_MAX: Final = 16
"""Connections that have not shown the key; more are closed at once."""

KEY_TIMEOUT_S: Final = 10.0
"""From the connection to the right key."""

SILENCE_TIMEOUT_S: Final = 10.0
"""A publisher that sends nothing for so long is gone."""

REFUSAL_DELAY_S: Final = 0.5
"""What a guess costs, and with STRANGERS_MAX the rate of guesses."""

READ_BYTES: Final = 64 * 1024
WRITE_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class PublisherLost:
    """The connection ended without a goodbye: the encoder will try again."""


ListenerEvent = PublishBegan | TagArrived | MetadataArrived | PublishEnded | PublisherLost


class RtmpListener:
    """On one asyncio loop, which also calls `on_event` and `on_refused`."""

    def __init__(
        self,
        key: str,
        *,
        on_event: Callable[[ListenerEvent], None],
        on_refused: Callable[[str], None],
        key_timeout_s: float = KEY_TIMEOUT_S,
        silence_timeout_s: float = SILENCE_TIMEOUT_S,
    ) -> None:
        self._key = key
        self._on_event = on_event
        self._on_refused = on_refused
        self._key_timeout_s = key_timeout_s
        self._silence_timeout_s = silence_timeout_s
        self._server: asyncio.Server | None = None
        self._publisher: asyncio.StreamWriter | None = None
        self._strangers = 0
        self._connections: set[asyncio.Task[None]] = set()
        self.refused = 0
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Raises OSError. Port 0 takes a free one."""
        self._server = await asyncio.start_server(
            self._on_connection, host, port, limit=READ_BYTES, backlog=STRANGERS_MAX
        )
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._publisher = None
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def has_publisher(self) -> bool:
        return self._publisher is not None

    async def _on_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        if task is None or self._strangers >= STRANGERS_MAX:
            self._refuse("too many connections")
            writer.transport.abort()
            return
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # by `stop`: the stream's own callback would log it
        finally:
            self._connections.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = ServerSession(self._key, noise=os.urandom(BLOCK_BYTES - 8))
        try:
            began = await self._admit(session, reader, writer)
        except (RtmpError, OSError, TimeoutError, EOFError) as error:
            self._refuse(error.message if isinstance(error, RtmpError) else "it did not go on")
            return
        self._take_over(writer)
        words: ListenerEvent = PublisherLost()
        try:
            for event in began:
                self._on_event(event)
            await self._feed(session, reader, writer)
            words = PublishEnded()
        except (RtmpError, OSError, TimeoutError, EOFError) as error:
            if isinstance(error, RtmpError):
                self._on_refused(error.message)
        finally:
            if self._publisher is writer:
                self._publisher = None
                self._on_event(words)

    async def _admit(
        self,
        session: ServerSession,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> list[Event]:
        """Until the right key came; what came behind it in the same breath is in the answer."""
        self._strangers += 1
        try:
            async with asyncio.timeout(self._key_timeout_s):
                while True:
                    events = await self._exchange(session, reader, writer)
                    if events:
                        return events
        finally:
            self._strangers -= 1

    async def _feed(
        self,
        session: ServerSession,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Returns after a goodbye."""
        while session.state == "publishing":
            async with asyncio.timeout(self._silence_timeout_s):
                events = await self._exchange(session, reader, writer)
            if self._publisher is not writer:
                return
            for event in events:
                if not isinstance(event, PublishEnded):
                    self._on_event(event)

    async def _exchange(
        self,
        session: ServerSession,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> list[Event]:
        data = await reader.read(READ_BYTES)
        if not data:
            raise EOFError
        try:
            events = session.receive(data)
        except RtmpRefused:
            writer.write(session.take_output())
            await asyncio.sleep(REFUSAL_DELAY_S)
            raise
        if output := session.take_output():
            writer.write(output)
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await writer.drain()
        return events

    def _take_over(self, writer: asyncio.StreamWriter) -> None:
        before, self._publisher = self._publisher, writer
        if before is not None:
            before.transport.abort()
            self._on_event(PublisherLost())

    def _refuse(self, words: str) -> None:
        self.refused += 1
        with contextlib.suppress(RuntimeError):
            self._on_refused(words)
