"""One socket of the relay: a `ServerConnection` that can be written to without waiting.

The media plane and the hub write whole frames straight to the transport (`write_framed`); the
library's own pings, pongs and close frames interleave rightly with them, because every write is
whole frames and happens between awaits. Two rules keep it so: nothing here uses the library's
fragmented `send(iterable)`, and nothing is written after our close frame (`close_now` unlists
first). Measured traps behind this file: a peer that does not read stops keepalive and hangs the
library's close, so every goodbye here ends in `transport.abort()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import http
import socket
import sys
from typing import TYPE_CHECKING, Any, Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosedOK, WebSocketException
from websockets.frames import CTRL_OPCODES, Frame
from websockets.protocol import State

from server.addresses import count_as
from server.gateway.frame_budget import FrameBudget
from server.gateway.framing import frame_text
from server.gateway.http_stream import HttpStream
from wire.limits import CONTROL_MESSAGE_BYTES_MAX, MEDIA_MESSAGE_BYTES_MAX

if sys.platform == "linux":
    import fcntl
    import termios

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from websockets.http11 import Response
    from websockets.protocol import Event
    from websockets.typing import Data

    from server.gateway.admission import Admission
    from server.gateway.http_stream import MayGoOn

NOTSENT_LOWAT_BYTES: Final = 64 * 1024
"""Without it the kernel hides 4 MB and a slow viewer sees a picture 10 s old, unnoticed."""

NARROW_LOWAT_BYTES: Final = 16 * 1024
"""For a link that lagged: 64 KB are two seconds of 300 kbit/s."""

GOODBYE_S: Final = 0.8
"""How long a peer has to answer our close frame: whoever is put out is gone within a second."""

CLOSE_REASON_BYTES_MAX: Final = 123

PIECE_BYTES: Final = 4 * 1024
"""So much is parsed before its frames are counted: 700 empty ones, some 10 ms."""

_TCP_NOTSENT_LOWAT: Final = getattr(
    socket, "TCP_NOTSENT_LOWAT", 25 if sys.platform == "linux" else None
)
_SEND_BUFFER_BYTES: Final = 256 * 1024
"""Where a system has no NOTSENT_LOWAT, the kernel's whole buffer is bounded instead."""


class RelayConnection(ServerConnection):
    """Also a `Channel`. Event loop's thread only."""

    admission: Admission
    """Set by the listener's factory before the transport is connected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self.on_paused: Callable[[], None] | None = None
        self.on_resumed: Callable[[], None] | None = None
        self._on_unlisted: Callable[[], None] | None = None
        self._buffer_bytes_max: int | None = None
        self._is_unlisted = False
        self._said_goodbye = False
        self._is_cut = False
        self._budget = FrameBudget(self.loop.time())

    # --- asyncio's callbacks ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        self.address = count_as(str(peer[0])) if isinstance(peer, tuple) else ""
        raw = transport.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if _TCP_NOTSENT_LOWAT is not None:
                    raw.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES)
                else:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        super().connection_made(transport)
        self.admission.on_connected(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.unlist()
        self.admission.on_lost(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for first in range(0, len(data), PIECE_BYTES):
            super().data_received(data[first : first + PIECE_BYTES])
            if not self._budget.is_kept(self.loop.time()):
                self.abort()
            if self.transport.is_closing():
                return
        if self.protocol.state is not State.OPEN:
            # The library has just answered a close frame and half-closed the transport.
            self.unlist_once_open()

    def process_event(self, event: Event) -> None:
        if isinstance(event, Frame):
            self._budget.count(is_control=event.opcode in CTRL_OPCODES)
        super().process_event(event)

    def send_data(self) -> None:
        if self.transport.is_closing():
            # The peer is gone and we are told soon; asyncio would log a line for each pong.
            self.protocol.data_to_send()
            return
        super().send_data()

    def eof_received(self) -> None:
        super().eof_received()
        self.unlist_once_open()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.on_paused is not None:
            self.on_paused()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_resumed is not None:
            self.on_resumed()

    async def recv(self, *args: Any) -> Data:  # type: ignore[override]  # the library has overloads
        """Nothing of what came before we ended the socket, or until the peer heard of it."""
        message: Data = await super().recv(*args)
        if self._is_cut:
            raise ConnectionClosedOK(None, None)
        return message

    # --- roles --------------------------------------------------------------------------------

    def accept_control_messages(self) -> None:
        """JSON only, bounded in both directions."""
        self.protocol.max_message_size = CONTROL_MESSAGE_BYTES_MAX

    def accept_media_messages(self) -> None:
        """After the publisher has shown its right: packets up to the protocol's size."""
        self.protocol.max_message_size = MEDIA_MESSAGE_BYTES_MAX

    def bound_buffer(self, buffer_bytes_max: int) -> None:
        """Cut the socket when more than this stays unsent."""
        self._buffer_bytes_max = buffer_bytes_max

    def pause_at_once(self) -> None:
        """Tell `on_paused` as soon as the kernel takes no more: a subscriber has its own queue."""
        # Not 0: asyncio's TLS transport would count an empty buffer as full, and pause for ever.
        self.transport.set_write_buffer_limits(high=1, low=0)

    def hand_over(
        self, head: bytes, body: AsyncGenerator[bytes, None], may_go_on: MayGoOn | None = None
    ) -> Response:
        """Answer a GET with more than the library would send: our own protocol goes on, for as long
        as it may.

        During the handshake only. What is returned is for the library, which sends nothing of it:
        for it the connection is lost.
        """
        transport = self.transport
        stream = HttpStream(transport, self.admission, self.address)
        transport.set_protocol(stream)
        self.transport = _NoTransport()
        self.admission.replace(self, stream)
        self.unlist()
        super().connection_lost(None)
        stream.start(head, body, may_go_on)
        return self.respond(http.HTTPStatus.OK, "")

    # --- the channel --------------------------------------------------------------------------

    def send_text(self, payload: bytes) -> None:
        self.write_framed(frame_text(payload))

    def write_framed(self, frames: bytes) -> None:
        if self._is_unlisted or self.protocol.state is not State.OPEN:
            return
        if self.transport.is_closing():
            # The peer is gone and we are told soon; asyncio would log a line for each write.
            return
        self.transport.write(frames)
        if (
            self._buffer_bytes_max is not None
            and self.transport.get_write_buffer_size() > self._buffer_bytes_max
        ):
            self.abort()

    def abort(self) -> None:
        self._is_cut = True
        self.unlist()
        self.transport.abort()

    def buffered_bytes(self) -> int:
        return self.transport.get_write_buffer_size()

    def hide_little(self, *, on: bool) -> None:
        """A narrow link's queue stands with us, where old pictures can be left out of it."""
        raw = self.transport.get_extra_info("socket")
        if raw is not None and _TCP_NOTSENT_LOWAT is not None:
            size = NARROW_LOWAT_BYTES if on else NOTSENT_LOWAT_BYTES
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, size)

    def unacknowledged_bytes(self) -> int:
        """What the kernel holds for the peer; 0 where a system does not tell."""
        raw = self.transport.get_extra_info("socket")
        if sys.platform != "linux" or raw is None or raw.fileno() < 0:
            return 0
        try:
            answer = fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, bytes(4))
        except OSError:
            return 0
        return int.from_bytes(answer, sys.byteorder)

    def close_now(self, code: int, reason: str) -> None:
        """Say goodbye without waiting; a peer that does not read or answer is aborted."""
        self._is_cut = True
        self.unlist()
        if self._said_goodbye:
            # Its deadline runs. Cutting now could cost the peer the code that says why.
            return
        if self.protocol.state is not State.OPEN or self.paused:
            self.transport.abort()
            return
        try:
            self.protocol.send_close(code, shorten_reason(reason))
            self.send_data()
        except (WebSocketException, OSError):
            self.transport.abort()
            return
        self._said_goodbye = True
        self.loop.call_later(GOODBYE_S, self.transport.abort)

    def unlist_once_open(self) -> None:
        """Unlist unless the handshake is still under way: then nobody lists it yet."""
        if self.protocol.state is not State.CONNECTING:
            self.unlist()

    def call_once_unlisted(self, callback: Callable[[], None]) -> None:
        """Take this socket off every list: once, before the close frame.

        At once where that is over already: a peer may have sent its first message and a close
        frame together, and the message is only read after the close.
        """
        if self._is_unlisted:
            callback()
        else:
            self._on_unlisted = callback

    @property
    def is_unlisted(self) -> bool:
        """It is closing or closed: nothing that is written reaches the peer."""
        return self._is_unlisted

    def unlist(self) -> None:
        """Nobody writes to this socket any more."""
        if self._is_unlisted:
            return
        self._is_unlisted = True
        if self._on_unlisted is not None:
            self._on_unlisted()


class _NoTransport(asyncio.Transport):
    """Stands where the transport was: what the library does at a connection's end reaches none."""

    def is_closing(self) -> bool:
        return True

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


def shorten_reason(reason: str) -> str:
    """What fits into a close frame, cut between characters."""
    return reason.encode()[:CLOSE_REASON_BYTES_MAX].decode(errors="ignore")
