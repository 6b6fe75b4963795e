"""Opening a socket to the relay, and knowing within 5 s that it is dead.

websockets' own keepalive does not see a link that died while we were sending: its ping waits behind
the full write buffer, so its timeout never starts. Here any received byte counts as life (the relay
sends feedback each 250 ms, pongs at least every 2 s), and a watchdog aborts the transport after
4 s of silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    InvalidStatus,
    NegotiationError,
)
from websockets.typing import Subprotocol

from app.errors import CertificateMismatch, LivehouseError, RelayRefused, RelayUnreachable
from app.net.reconnect import find_error_code
from app.net.tls import check_pin, create_context
from wire import SUBPROTOCOL, limits
from wire.errors import ErrorCode

if sys.platform == "linux":
    import fcntl
    import termios

if TYPE_CHECKING:
    from websockets.datastructures import HeadersLike

    from app.net.address import RelayAddress

OPEN_TIMEOUT_S: Final = 4.0
CLOSE_TIMEOUT_S: Final = 1.0
PING_INTERVAL_S: Final = 1.5
SILENCE_S_MAX: Final = 4.0
WATCH_INTERVAL_S: Final = 0.25
RECEIVE_QUEUE_MESSAGES: Final = 64
SEND_BUFFER_BYTES: Final = 16 * 1024
NOTSENT_LOWAT_BYTES: Final = 16 * 1024
"""Unsent bytes that the kernel may hide from us. Without it, it takes 4 MB (13 s of video) before
the send queue, which knows what to drop, sees that the link is slow. Both together hide 0.4 s of a
link of 600 kbit/s; a link of 50 Mbit/s empties them in 5 ms: no faster one is held up by them."""

_SO_NWRITE: Final = 0x1024
"""Darwin's; Python has no name for it."""
_TCP_NOTSENT_LOWAT: Final = {"linux": 25, "darwin": 0x201}.get(sys.platform)


class RelaySocket(ClientConnection):
    """A client connection that knows when it last heard from the relay and checks the pin."""

    pin: bytes | None = None
    last_heard_mono_s = 0.0

    def data_received(self, data: bytes) -> None:
        self.last_heard_mono_s = time.monotonic()
        super().data_received(data)

    async def handshake(
        self,
        additional_headers: HeadersLike | None = None,
        user_agent_header: str | None = None,
    ) -> None:
        """TLS stands here and nothing of ours was sent yet: the moment to look at the pin."""
        if self.pin is not None:
            tls = self.transport.get_extra_info("ssl_object")
            check_pin(tls.getpeercert(binary_form=True) if tls is not None else None, self.pin)
        self.last_heard_mono_s = time.monotonic()
        await super().handshake(additional_headers, user_agent_header)

    @property
    def round_trip_ms(self) -> float:
        return self.latency * 1000

    def refused_bytes(self) -> int:
        """What was sent and the kernel did not take. On the loop."""
        return self.transport.get_write_buffer_size()

    def unacknowledged_bytes(self) -> int | None:
        """What the kernel holds for the relay's: not sent yet, or on its way. None where the system
        does not say. It knows nothing of whether either program has a core."""
        raw = self.transport.get_extra_info("socket")
        if raw is None or raw.fileno() < 0:
            return None
        try:
            if sys.platform == "linux":
                answer = fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, bytes(4))
                return int.from_bytes(answer, sys.byteorder)
            if sys.platform == "darwin":
                return int(raw.getsockopt(socket.SOL_SOCKET, _SO_NWRITE))
        except OSError:
            return None
        return None


@contextlib.asynccontextmanager
async def open_socket(
    address: RelayAddress, path: str, *, message_bytes_max: int, local_address: str = ""
) -> AsyncIterator[RelaySocket]:
    """An open socket on one of the relay's endpoints, watched for silence; from `local_address`
    where one is given.

    Raises RelayUnreachable (worth another try) or CertificateMismatch; a connection that closes
    inside the block surfaces as ConnectionClosed, which `explain_close` translates.
    """
    connection = await _connect(address, path, message_bytes_max, local_address)
    watchdog = asyncio.get_running_loop().create_task(_watch_silence(connection))
    try:
        yield connection
    finally:
        watchdog.cancel()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S + 0.5):
                await connection.close()
        except TimeoutError:
            connection.transport.abort()
        with contextlib.suppress(asyncio.CancelledError):
            await watchdog


async def _connect(
    address: RelayAddress, path: str, message_bytes_max: int, local_address: str
) -> RelaySocket:
    where = address.url

    def create(*args: object, **kwargs: object) -> RelaySocket:
        connection = RelaySocket(*args, **kwargs)  # type: ignore[arg-type] # passed through
        connection.pin = address.pin
        return connection

    tls = create_context(is_pinned=address.pin is not None) if address.is_secure else None
    try:
        connection = await connect(
            where + path,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            proxy=None,  # a relay is a neighbour; a proxy for web pages must not get between
            open_timeout=OPEN_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=None,  # _watch_silence does it better
            max_size=message_bytes_max,
            max_queue=RECEIVE_QUEUE_MESSAGES,
            write_limit=SEND_BUFFER_BYTES,
            create_connection=create,  # type: ignore[arg-type] # a factory does where a class is named
            ssl=tls,
            host=address.host,
            port=address.port,
            local_addr=(local_address, 0) if local_address else None,
        )
    except CertificateMismatch:
        raise
    except InvalidStatus as error:
        raise _explain_status(where, error) from None
    except (InvalidHandshake, InvalidMessage, NegotiationError, EOFError) as error:
        if isinstance(error, EOFError) or isinstance(error.__cause__, EOFError | ConnectionError):
            raise RelayUnreachable(f"cannot reach {where}: {_cut_words(address)}") from None
        raise RelayUnreachable(f"{where} answers, but not as a Livehouse relay") from None
    except TimeoutError:
        raise RelayUnreachable(f"no answer from {where} within {OPEN_TIMEOUT_S:.0f} s") from None
    except OSError as error:
        raise RelayUnreachable(f"cannot reach {where}: {_words(error, address)}") from None
    if connection.subprotocol != SUBPROTOCOL:
        connection.transport.abort()
        raise RelayUnreachable(f"{where} does not speak {SUBPROTOCOL}")
    raw = connection.transport.get_extra_info("socket")
    if raw is not None and _TCP_NOTSENT_LOWAT is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, _TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES)
    assert isinstance(connection, RelaySocket)  # noqa: S101 # what `create` returned; for mypy
    return connection


def _cut_words(address: RelayAddress) -> str:
    words = "the connection was cut while it was being made"
    return words if address.is_secure else f"{words}; a relay that speaks TLS is reached by wss://"


def _words(error: OSError, address: RelayAddress) -> str:
    if isinstance(error, socket.gaierror):
        return "the host name is not known"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, ConnectionError):
        return _cut_words(address)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); --pin trusts one"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS as we do"
    return (error.strerror or str(error) or type(error).__name__).lower()


def _explain_status(where: str, error: InvalidStatus) -> LivehouseError:
    status = error.response.status_code
    if status in {429, 503}:
        return RelayRefused(ErrorCode.BUSY, f"{where} is busy (HTTP {status})")
    if status in {401, 403}:
        return RelayRefused(ErrorCode.FORBIDDEN, f"{where} refuses this client (HTTP {status})")
    return RelayUnreachable(f"{where} answers HTTP {status}, not as a Livehouse relay")


async def _watch_silence(connection: RelaySocket) -> None:
    while True:
        asleep_at = time.monotonic()
        await asyncio.sleep(WATCH_INTERVAL_S)
        now = time.monotonic()
        if now - asleep_at > 2 * WATCH_INTERVAL_S:
            continue  # our own loop stood still (a suspended machine): hear first, judge then
        if now - connection.last_heard_mono_s > SILENCE_S_MAX:
            connection.transport.abort()
            return


def explain_close(closed: ConnectionClosed, where: str) -> LivehouseError:
    """The error of ours for a connection that ended: refused with a code, or a lost link."""
    received = closed.rcvd
    code = find_error_code(received.code if received is not None else None)
    if received is not None and code is not None:
        reason = received.reason or code.value.replace("_", " ")
        return RelayRefused(code, f"the relay closed the connection: {reason}")
    if received is not None:
        return RelayUnreachable(f"{where} went away (close code {received.code})")
    return RelayUnreachable(f"the link to {where} was lost")


MEDIA_MESSAGE_BYTES_MAX: Final = limits.MEDIA_MESSAGE_BYTES_MAX
