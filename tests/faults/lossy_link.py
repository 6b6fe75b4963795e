"""A link of the kernel's that loses packets, is narrow, or is cut: two namespaces and a veth.

What a TCP proxy can only pretend (a packet that is lost and sent again) happens here. `tbf` bounds
the rate, nft drops by chance, and the interface goes down for a cut. It needs root on Linux; where
the machine has not what it takes, `why_not` says so. Sockets live in the namespaces, the loop that
serves them does not: a thread goes there, makes a socket, and comes to its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import itertools
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

NEAR, FAR = "10.213.0.1", "10.213.0.2"
"""Nobody else sees them: the namespaces have no other interface."""
PORT: Final = 7788
PIECE_BYTES: Final = 16 * 1024
_CLONE_NEWNET: Final = 0x40000000
_PROGRAMS: Final = ("ip", "tc", "nft")
_numbers = itertools.count()
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def why_not() -> str:
    """Empty where a link can be made; otherwise why not, as the reason of a skip."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    missing = [name for name in _PROGRAMS if _find(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if os.geteuid() != 0:
        return "network namespaces need root"
    link = LossyLink(0)
    try:
        link.make()
        link.lose(1.0)
        link.narrow(1_000_000)
    except subprocess.CalledProcessError as error:
        words = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        return f"this machine refuses {' '.join(error.cmd[:4])} ...: {words}"
    finally:
        link.remove()
    return ""


@dataclass(eq=False)
class LossyLink:
    """`port` on this machine's loopback is `upstream_port`, beyond the link."""

    upstream_port: int
    port: int = 0
    _names: tuple[str, str] = ("", "")
    _servers: list[asyncio.Server] = field(default_factory=list)
    _handlers: set[asyncio.Task[None]] = field(default_factory=set)
    _carriers: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def make(self) -> None:
        """Raises CalledProcessError."""
        number = f"{os.getpid()}-{next(_numbers)}"
        near, far = self._names = (f"livehouse-near-{number}", f"livehouse-far-{number}")
        for name in self._names:
            _run("ip", "netns", "add", name)
        _run(*f"ip link add name lh0 netns {near} type veth peer name lh0 netns {far}".split())
        for name, address in ((near, NEAR), (far, FAR)):
            _run(*f"ip -n {name} address add {address}/30 dev lh0".split())
            _run(*f"ip -n {name} link set lh0 up".split())

    def remove(self) -> None:
        for name in self._names:
            subprocess.run(
                [_find("ip") or "ip", "netns", "delete", name], check=False, capture_output=True
            )

    def lose(self, percent: float) -> None:
        """By chance, both ways, as they arrive; 0 loses nothing more."""
        for name in self._names:
            rules = "table ip faults {}\ndelete table ip faults\n"
            if percent > 0:
                rules += (
                    "table ip faults {\n chain arriving {\n"
                    "  type filter hook prerouting priority 0;\n"
                    f"  iifname lh0 numgen random mod 1000 < {round(percent * 10)} drop\n }}\n}}\n"
                )
            _run("ip", "netns", "exec", name, "nft", "-f", "-", said=rules)

    def narrow(self, rate_bps: float | None) -> None:
        """Each way; None: as fast as it goes. Before it stands a queue of 400 ms."""
        for name in self._names:
            device = ["ip", "netns", "exec", name, "tc", "qdisc"]
            if rate_bps is None:
                _run(*device, "delete", "dev", "lh0", "root")
                continue
            rate = f"{round(rate_bps)}bit"
            _run(*device, *f"replace dev lh0 root tbf rate {rate} burst 16kb latency 400ms".split())

    def cut(self) -> None:
        """Neither end is told."""
        _run(*f"ip -n {self._names[0]} link set lh0 down".split())

    def heal(self) -> None:
        _run(*f"ip -n {self._names[0]} link set lh0 up".split())

    async def serve(self) -> None:
        listening = _within(self._names[1], lambda: socket.create_server((FAR, PORT)))
        self._servers.append(await asyncio.start_server(self._to_upstream, sock=listening))
        entrance = await asyncio.start_server(self._through, "127.0.0.1", 0)
        self._servers.append(entrance)
        self.port = entrance.sockets[0].getsockname()[1]

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for carrier in self._carriers:
            carrier.cancel()
        if self._handlers:
            await asyncio.wait(self._handlers)
        for server in self._servers:
            await server.wait_closed()

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._handle((reader, writer), self._reach_far)

    async def _to_upstream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self._handle((reader, writer), self._reach_upstream)

    async def _reach_far(self) -> _Streams:
        there = _within(self._names[0], socket.socket)
        there.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(there, (FAR, PORT))
            return await asyncio.open_connection(sock=there)
        except BaseException:
            there.close()
            raise

    async def _reach_upstream(self) -> _Streams:
        return await asyncio.open_connection("127.0.0.1", self.upstream_port)

    async def _handle(self, here: _Streams, reach: Callable[[], Awaitable[_Streams]]) -> None:
        # Carried by a task of its own: a stream's handler itself must not be cancelled.
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        handler.add_done_callback(self._handlers.discard)
        carrier = asyncio.get_running_loop().create_task(_carry(here, reach))
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)
        await asyncio.wait([carrier])


async def _carry(here: _Streams, reach: Callable[[], Awaitable[_Streams]]) -> None:
    ends = [here]
    try:
        ends.append(await reach())
        await _pour_both(*ends)
    except OSError:
        pass
    finally:
        for _, writer in ends:
            writer.transport.abort()
        for _, writer in ends:
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _pour_both(one: _Streams, other: _Streams) -> None:
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_pour(one[0], other[1]))
            tasks.create_task(_pour(other[0], one[1]))
    except* OSError:
        pass


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(PIECE_BYTES):
        writer.write(data)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()


@contextlib.asynccontextmanager
async def lossy_link(upstream_port: int) -> AsyncIterator[LossyLink]:
    link = LossyLink(upstream_port)
    try:
        link.make()
        await link.serve()
        yield link
    finally:
        await link.close()
        link.remove()


def _within(namespace: str, make: Callable[[], T]) -> T:
    """What a thread that is in the namespace makes. This thread stays where it is."""
    made: list[T] = []
    failures: list[OSError] = []

    def go() -> None:
        try:
            with Path("/run/netns", namespace).open("rb") as place:
                _enter(place.fileno())
            made.append(make())
        except OSError as error:
            failures.append(error)

    thread = threading.Thread(target=go, name=f"in {namespace}")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return made[0]


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _run(program: str, *arguments: str, said: str = "") -> None:
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    subprocess.run(
        [_find(program) or program, *arguments],
        check=True,
        capture_output=True,
        input=said.encode(),
        env=environment,
        timeout=30,
    )
