"""Sockets below the library: peers that read slowly, or not at all, or talk nonsense."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from typing import TYPE_CHECKING, Self

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from wire import SUBPROTOCOL, SUBSCRIBE_PATH, commands, events, media_commands
from wire.media_packet import MediaPacket, parse

if TYPE_CHECKING:
    from types import TracebackType

    from wire.events import SubscriberEvent

RECEIVE_BUFFER_BYTES = 4096
"""The kernel doubles it: a viewer with this little is stuck at once when it does not read."""
_KEY = base64.b64encode(bytes(16)).decode()


def handshake(port: int, path: str, **headers: str | None) -> bytes:
    """The request of a WebSocket; a header of None is left out, an underscore stands for "-"."""
    lines: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": _KEY,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": SUBPROTOCOL,
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    kept = [f"{name}: {value}\r\n" for name, value in lines.items() if value is not None]
    return f"GET {path} HTTP/1.1\r\n{''.join(kept)}\r\n".encode()


def masked(opcode: Opcode, payload: bytes) -> bytes:
    """One whole frame as a client sends it."""
    return Frame(opcode, payload).serialize(mask=True)


class StillViewer:
    """A subscriber on a plain socket with a small buffer, that reads only when told to."""

    def __init__(self, port: int, room_id: str, *, ticket: str = "") -> None:
        self.received: list[MediaPacket | SubscriberEvent] = []
        self.close_code: int | None = None
        self._socket = socket.socket()
        self._protocol = Protocol(Side.CLIENT, state=OPEN, max_size=None)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            self._socket.settimeout(20)
            self._socket.connect(("127.0.0.1", port))
            self._socket.sendall(handshake(port, SUBSCRIBE_PATH))
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += self._socket.recv(1)
            assert head.startswith(b"HTTP/1.1 101 "), head
            hello = commands.pack(media_commands.Subscribe(room_id=room_id, ticket=ticket))  # type: ignore[arg-type]  # plain text here
            self._socket.sendall(masked(Opcode.TEXT, hello.encode()))
            self._socket.setblocking(False)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    async def read_some(self, *, timeout_s: float = 5.0) -> bool:
        """Take in what is there. False once the relay has closed."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                data = await loop.sock_recv(self._socket, 256 * 1024)
        except ConnectionError:
            return False
        if not data:
            return False
        self._protocol.receive_data(data)
        assert self._protocol.parser_exc is None, self._protocol.parser_exc
        for frame in self._protocol.events_received():
            assert isinstance(frame, Frame)
            self._take(frame)
        return True

    async def read_to_end(self, *, timeout_s: float = 5.0) -> None:
        with contextlib.suppress(TimeoutError):
            while await self.read_some(timeout_s=timeout_s):
                pass

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY:
            self.received.append(parse(bytes(frame.data)))
        elif frame.opcode is Opcode.TEXT:
            self.received.append(events.parse_subscriber(bytes(frame.data)))
        elif frame.opcode is Opcode.CLOSE:
            self.close_code = int.from_bytes(frame.data[:2], "big")
        else:
            assert frame.opcode is Opcode.PING, frame


class RawPeer:
    """Bytes to the relay's port, and whatever it answers until it closes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int, *, source: str = "") -> Self:
        """`source`: the address it comes from."""
        where = (source, 0) if source else None
        return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=where))

    async def send(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self._writer.write(data)
            await self._writer.drain()

    async def read_head(self) -> bytes:
        """The answer to a handshake, up to its empty line."""
        async with asyncio.timeout(20):
            return await self._reader.readuntil(b"\r\n\r\n")

    async def read_to_end(self, *, timeout_s: float) -> bytes:
        """All that came until the relay closed. Raises TimeoutError when it does not close."""
        said = b""
        async with asyncio.timeout(timeout_s):
            with contextlib.suppress(ConnectionError):
                while data := await self._reader.read(65_536):
                    said += data
        return said

    @property
    def port(self) -> int:
        """This end's own."""
        return int(self._writer.get_extra_info("sockname")[1])

    async def read_some(self) -> bytes:
        async with asyncio.timeout(20):
            return await self._reader.read(65_536)

    async def abort(self) -> None:
        """Without sending what is still to be sent."""
        self._writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
