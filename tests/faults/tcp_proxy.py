"""A TCP proxy that is a bad network: late, narrow, sliced, cut, reset or silent. Seeded.

Faults are fields that may be changed while it runs; they hold for bytes that come from then on.
Bytes stay in order and none is lost, as TCP promises: what a lossy link shows a program is delay.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from tests.faults.seeds import fault_seed

PIECE_BYTES: Final = 16 * 1024
IN_FLIGHT_MAX: Final = 16
"""Pieces on their way in one direction; beyond it nothing is read, as of a full link."""
_LINGER_NOT: Final = struct.pack("ii", 1, 0)


@dataclass
class Direction:
    """One way through the proxy. Times in seconds; None for a rate without a bound."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    """Up to this much more, at random, for each piece."""
    bandwidth_bps: float | None = None
    """Bits a second of each connection."""
    slice_bytes: int | None = None
    """Nothing larger is passed on at once: frames and headers arrive in bits."""
    slice_pause_s: float = 0.0
    """Between two slices."""
    limit_bytes: int | None = None
    """So much passes on each connection, which then ends, wherever in a message that is."""


_Way = tuple[asyncio.StreamReader, asyncio.StreamWriter, Direction]


@dataclass(eq=False)
class FaultProxy:
    """Listens on its own port, forwards to one on this machine. Event loop's thread only."""

    upstream_port: int
    seed: int | None = None
    """None: the run's own, which is printed."""
    up: Direction = field(default_factory=Direction)
    """From the client to the server."""
    down: Direction = field(default_factory=Direction)
    receive_buffer_bytes: int | None = None
    """Of the proxy's sockets: small ones let back-pressure through at once."""
    piece_bytes: int = PIECE_BYTES
    """What is taken at once; it and `read_ahead_bytes` are the length of the link's queue."""
    read_ahead_bytes: int = 64 * 1024
    port: int = 0
    accepted: int = 0
    carried_bytes: int = 0
    """To clients, since the start."""

    def __post_init__(self) -> None:
        self.seed = fault_seed() if self.seed is None else self.seed
        self._random = random.Random(self.seed)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._refuses = False
        self._links: dict[_Link, None] = {}
        self._handlers: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        return len(self._links)

    async def start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, limit=self.read_ahead_bytes
        )
        if self.receive_buffer_bytes is not None:
            for listener in self._server.sockets:  # an accepted socket inherits it in time
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer_bytes)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self.heal()
            await self.reset()
            await self._server.wait_closed()
            if self._handlers:
                await asyncio.wait(self._handlers)

    # --- faults -------------------------------------------------------------------------------

    async def cut(self) -> None:
        """Close every connection in order (FIN both ways)."""
        await asyncio.gather(*(link.close() for link in list(self._links)))

    async def reset(self) -> None:
        """Break every connection (RST both ways)."""
        for link in list(self._links):
            link.forbid_linger()
        await self.cut()

    async def reset_one(self) -> None:
        """Break any one of them."""
        if self._links:
            link = self._random.choice(list(self._links))
            link.forbid_linger()
            await link.close()

    def half_open(self) -> None:
        """Forward nothing more, and keep every connection: neither end is told."""
        self._flowing.clear()

    def refuse(self) -> None:
        """New connections are reset at once; those that are there stay."""
        self._refuses = True

    def heal(self) -> None:
        """Forward again, what was held back first; take new connections."""
        self._flowing.set()
        self._refuses = False

    # --- within -------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)
        self.accepted += 1
        if self._refuses:
            _forbid_linger(writer)
            writer.close()
            return
        try:
            upstream = await asyncio.open_connection(
                "127.0.0.1", self.upstream_port, limit=self.read_ahead_bytes
            )
        except OSError:
            _forbid_linger(writer)
            writer.close()
            return
        link = _Link((reader, writer), upstream)
        for end in (writer, upstream[1]):
            if self.receive_buffer_bytes is not None:
                raw = end.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer_bytes)
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.receive_buffer_bytes)
        self._links[link] = None
        carrier = asyncio.get_running_loop().create_task(
            self._carry(((reader, upstream[1], self.up), (upstream[0], writer, self.down)))
        )
        link.call_once_closed(carrier.cancel)
        try:
            await asyncio.wait([carrier])
        finally:
            self._links.pop(link, None)
            await link.close()

    async def _carry(self, ways: Iterable[_Way]) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for source, target, direction in ways:
                    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(IN_FLIGHT_MAX)
                    tasks.create_task(self._take(source, pieces, direction))
                    tasks.create_task(self._give(pieces, target, direction))
        except* OSError:
            pass

    async def _take(
        self,
        source: asyncio.StreamReader,
        pieces: asyncio.Queue[tuple[float, bytes]],
        direction: Direction,
    ) -> None:
        clock = asyncio.get_running_loop().time
        while data := await source.read(self.piece_bytes):
            late_s = direction.latency_s + self._random.uniform(0, direction.jitter_s)
            await pieces.put((clock() + late_s, data))
        await pieces.put((clock() + direction.latency_s, b""))

    async def _give(
        self,
        pieces: asyncio.Queue[tuple[float, bytes]],
        target: asyncio.StreamWriter,
        direction: Direction,
    ) -> None:
        clock = asyncio.get_running_loop().time
        free_at_s = 0.0
        passed = 0
        while True:
            due_s, data = await pieces.get()
            await asyncio.sleep(max(0.0, due_s - clock()))
            await self._flowing.wait()
            if not data:
                with contextlib.suppress(OSError):
                    target.write_eof()
                return
            if direction.bandwidth_bps is not None:
                free_at_s = max(free_at_s, clock()) + len(data) * 8 / direction.bandwidth_bps
                await asyncio.sleep(max(0.0, free_at_s - clock()))
            left = len(data)
            if direction.limit_bytes is not None:
                left = min(left, max(0, direction.limit_bytes - passed))
            await _write_sliced(target, data[:left], direction)
            passed += left
            if direction is self.down:
                self.carried_bytes += left
            if left < len(data):
                raise _LimitReached


async def _write_sliced(target: asyncio.StreamWriter, data: bytes, direction: Direction) -> None:
    step = direction.slice_bytes or len(data) or 1
    for start in range(0, len(data), step):
        target.write(data[start : start + step])
        await target.drain()
        if direction.slice_bytes is not None:
            await asyncio.sleep(direction.slice_pause_s)


class _LimitReached(OSError):
    """As if the link had broken here."""


class _Link:
    """One connection through the proxy: the client's side and the server's."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._writers = (client[1], server[1])
        self._on_closed: Callable[[], object] | None = None

    def call_once_closed(self, callback: Callable[[], object]) -> None:
        """What is still on its way then goes nowhere."""
        self._on_closed = callback

    def forbid_linger(self) -> None:
        for writer in self._writers:
            _forbid_linger(writer)

    async def close(self) -> None:
        if self._on_closed is not None:
            self._on_closed()
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _forbid_linger(writer: asyncio.StreamWriter) -> None:
    """Closing sends RST instead of FIN, and drops what is unsent."""
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)


@contextlib.asynccontextmanager
async def fault_proxy(upstream_port: int, **faults: object) -> AsyncIterator[FaultProxy]:
    proxy = FaultProxy(upstream_port, **faults)  # type: ignore[arg-type]  # its own fields
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
