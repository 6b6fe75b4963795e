"""One connection to an RTMP or RTMPS server that takes our stream. Everything in it is bounded in
time: a server that hangs costs its own target a while and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Final, Literal

from app.net.rtmp.client_session import ClientSession
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.handshake import BLOCK_BYTES

if TYPE_CHECKING:
    from app.net.rtmp.address import RtmpAddress

OPEN_TIMEOUT_S: Final = 10.0
"""Name, connection, TLS, handshake and commands, each in turn."""

WRITE_TIMEOUT_S: Final = 10.0
"""A server that takes nothing for so long is dead."""

BUFFERED_BYTES_MAX: Final = 256 * 1024
"""In the transport; the rest waits in the target's own queue, which has the drop rule."""

GOODBYE_TIMEOUT_S: Final = 1.0
READ_BYTES: Final = 16 * 1024
_SOCKET_BUFFER_BYTES: Final = 512 * 1024


class TargetSocket:
    """Open it, send, close it; on one asyncio loop. All raise RtmpError."""

    def __init__(self, address: RtmpAddress, key: str) -> None:
        self._address = address
        noise = os.urandom(BLOCK_BYTES - 8)
        self._session = ClientSession(address.application, address.url, key, noise=noise)
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self.bytes_sent = 0

    async def open(self, tls: ssl.SSLContext | None = None) -> None:
        """Until the server waits for pictures. `tls` replaces the system's trust for RTMPS."""
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                await self._connect(tls)
                await self._greet()
        except TimeoutError:
            self._abort()
            raise RtmpError("the server does not answer", "silent") from None
        except (OSError, ssl.SSLError, UnicodeError) as error:
            self._abort()
            words = f"the server cannot be reached: {_words(error)}"
            raise RtmpError(words, "unreachable") from None
        except BaseException:
            self._abort()
            raise
        self._listening = asyncio.get_running_loop().create_task(self._listen())

    async def send(
        self, kind: Literal["video", "audio", "data"], time_ms: int, body: bytes
    ) -> None:
        """Waits while the server is slow."""
        if self._writer is None or self._listening is None:
            raise RtmpError("the connection is closed", "lost")
        if self._listening.done():
            self._raise_end(self._listening)
        data = self._session.pack_tag(kind, time_ms, body)
        try:
            self._writer.write(data)
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await self._writer.drain()
        except TimeoutError:
            words = f"the server took nothing for {WRITE_TIMEOUT_S:.0f} s"
            raise RtmpError(words, "slow") from None
        except OSError:
            raise RtmpError("the connection was lost", "lost") from None
        self.bytes_sent += len(data)

    async def wait_end(self) -> None:
        """Until the server ends the connection: raises then."""
        if self._listening is not None:
            await asyncio.wait({self._listening})
            self._raise_end(self._listening)

    async def close(self) -> None:
        """With a goodbye where the server still listens."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        if self._writer is not None:
            with contextlib.suppress(OSError, TimeoutError):
                self._session.say_goodbye()
                self._writer.write(self._session.take_output())
                async with asyncio.timeout(GOODBYE_TIMEOUT_S):
                    await self._writer.drain()
                    self._writer.close()
                    await self._writer.wait_closed()
        self._abort()

    async def _connect(self, tls: ssl.SSLContext | None) -> None:
        address = self._address
        places = await _resolve(address.host, address.port)
        failure: OSError = OSError("no address")
        for family, place in places:
            plug = socket.socket(family, socket.SOCK_STREAM)
            plug.setblocking(False)
            try:
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER_BYTES)
                await asyncio.get_running_loop().sock_connect(plug, place)
                plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                context = (tls or ssl.create_default_context()) if address.is_encrypted else None
                name = address.host if address.is_encrypted else None
                self._reader, self._writer = await asyncio.open_connection(
                    sock=plug, ssl=context, server_hostname=name
                )
            except OSError as error:
                plug.close()
                failure = error
            except BaseException:
                plug.close()
                raise
            else:
                self._writer.transport.set_write_buffer_limits(high=BUFFERED_BYTES_MAX)
                return
        raise failure

    async def _greet(self) -> None:
        while True:
            if self._writer is not None and (output := self._session.take_output()):
                self._writer.write(output)
                await self._writer.drain()
            if self._session.state == "ready":
                return
            data = await self._reader.read(READ_BYTES)
            if not data:
                if self._session.state == "publishing":
                    # Servers that know no better word for a wrong key just hang up.
                    raise RtmpRefused("the server hung up at the stream key: check it")
                raise RtmpError("the server hung up", "lost")
            self._session.receive(data)

    async def _listen(self) -> None:
        while data := await self._reader.read(READ_BYTES):
            self._session.receive(data)
            if self._writer is not None and (output := self._session.take_output()):
                self._writer.write(output)

    def _raise_end(self, listening: asyncio.Task[None]) -> None:
        error = None if listening.cancelled() else listening.exception()
        if isinstance(error, RtmpError):
            raise error
        raise RtmpError("the server ended the connection", "lost")

    def _abort(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None


async def _resolve(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """On a thread of its own: the loop's few threads belong to all, and a dead name server holds
    one for half a minute."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[tuple[int, tuple[str, int]]]] = loop.create_future()

    def deliver(places: list[tuple[int, tuple[str, int]]], error: OSError | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(places)

    def resolve() -> None:
        places: list[tuple[int, tuple[str, int]]] = []
        failure: OSError | None = None
        try:
            for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                places.append((int(family), (str(place[0]), int(place[1]))))
        except (OSError, UnicodeError) as error:
            failure = error if isinstance(error, OSError) else OSError(str(error))
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(deliver, places, failure)

    threading.Thread(target=resolve, name="resolve-target", daemon=True).start()
    return await found


def _words(error: OSError | UnicodeError) -> str:
    """Without the address that asyncio puts in."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "it speaks no TLS that can be used"
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return getattr(error, "strerror", None) or type(error).__name__
