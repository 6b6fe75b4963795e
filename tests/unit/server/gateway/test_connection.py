"""A socket written to without waiting: its goodbye, its budget, its reasons."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.protocol import OPEN, Protocol, Side
from websockets.server import ServerProtocol

from server.gateway.connection import (
    CLOSE_REASON_BYTES_MAX,
    NARROW_LOWAT_BYTES,
    NOTSENT_LOWAT_BYTES,
    RelayConnection,
    shorten_reason,
)
from wire.errors import CloseCode

if TYPE_CHECKING:
    import asyncio


class FakeTransport:
    def __init__(self) -> None:
        self.written = b""
        self.unsent_bytes = 0
        self.is_aborted = False
        self.raw: socket.socket | None = None

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("192.0.2.1", 50_000), "socket": self.raw}.get(name)

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_aborted

    def get_write_buffer_size(self) -> int:
        return self.unsent_bytes

    def abort(self) -> None:
        self.is_aborted = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


class FakeServer:
    """What the library's connection asks of its server."""

    def __init__(self) -> None:
        self.handler_tasks: set[asyncio.Task[None]] = set()

    async def handler(self, connection: RelayConnection) -> None: ...


class FakeAdmission:
    def on_connected(self, connection: RelayConnection) -> None: ...


class Line:
    """An open connection without a network."""

    def __init__(self) -> None:
        protocol = ServerProtocol()
        protocol.state = OPEN
        self.connection = RelayConnection(protocol, FakeServer())
        self.connection.admission = FakeAdmission()
        self.transport = FakeTransport()
        self.connection.connection_made(self.transport)
        self.unlisted = 0
        self.connection.call_once_unlisted(self._on_unlisted)

    def _on_unlisted(self) -> None:
        self.unlisted += 1

    def peer_reads(self) -> tuple[int, int | None]:
        """How many frames a client finds, and the close code among them."""
        client = Protocol(Side.CLIENT, state=OPEN, max_size=None)
        client.receive_data(self.transport.written)
        frames = [event for event in client.events_received() if isinstance(event, Frame)]
        return len(frames), client.close_rcvd.code if client.close_rcvd else None


async def test_goodbye_when_said_then_the_peer_has_time_to_read_it() -> None:
    line = Line()
    line.connection.send_text(b"{}")
    line.connection.close_now(CloseCode.REPLACED, "gone")
    line.connection.close_now(1000, "")  # as the handler's end does
    assert line.peer_reads() == (2, CloseCode.REPLACED)
    assert not line.transport.is_aborted


async def test_goodbye_when_said_then_nothing_is_written_after_it() -> None:
    line = Line()
    line.connection.close_now(CloseCode.ENDED, "over")
    written = line.transport.written
    line.connection.send_text(b"{}")
    line.connection.write_framed(b"frames")
    assert line.transport.written == written
    assert line.unlisted == 1


async def test_clean_up_when_named_after_the_end_then_runs_at_once() -> None:
    line = Line()
    line.connection.close_now(CloseCode.ENDED, "over")
    later: list[str] = []
    line.connection.call_once_unlisted(lambda: later.append("left"))
    line.connection.unlist()
    assert later == ["left"]


async def test_goodbye_when_the_peer_does_not_read_then_is_a_cut() -> None:
    line = Line()
    line.connection.pause_writing()
    line.connection.close_now(CloseCode.VIEWER_TOO_SLOW, "slow")
    assert line.transport.is_aborted
    assert line.transport.written == b""


async def test_buffer_when_beyond_its_bound_then_the_socket_is_cut() -> None:
    line = Line()
    line.connection.bound_buffer(1_000)
    line.transport.unsent_bytes = 1_000
    line.connection.send_text(b"{}")
    assert not line.transport.is_aborted
    line.transport.unsent_bytes = 1_001
    line.connection.send_text(b"{}")
    assert (line.transport.is_aborted, line.unlisted) == (True, 1)


async def test_socket_when_full_or_drained_then_says_so() -> None:
    line = Line()
    said: list[str] = []
    line.connection.on_paused = lambda: said.append("paused")
    line.connection.on_resumed = lambda: said.append("resumed")
    line.connection.pause_writing()
    line.connection.resume_writing()
    assert said == ["paused", "resumed"]
    assert line.connection.address == "192.0.2.1"


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        ("", ""),
        ("short", "short"),
        ("x" * 200, "x" * CLOSE_REASON_BYTES_MAX),
        ("弹" * 41, "弹" * 41),
        ("x" + "弹" * 41, "x" + "弹" * 40),
        ("\U0001f600" * 31, "\U0001f600" * 30),
    ],
)
def test_reason_when_too_long_then_is_cut_between_characters(reason: str, short: str) -> None:
    assert shorten_reason(reason) == short


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_reason_when_shortened_then_fits_and_begins_as_before(reason: str) -> None:
    short = shorten_reason(reason)
    assert len(short.encode()) <= CLOSE_REASON_BYTES_MAX
    assert reason.startswith(short)


# --- what the kernel holds ----------------------------------------------------------------------


@contextlib.contextmanager
def tcp_pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    with near, far:
        yield near, far


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it")
async def test_kernel_when_the_peer_reads_nothing_then_tells_what_it_still_holds() -> None:
    line = Line()
    assert line.connection.unacknowledged_bytes() == 0, "there is no socket to ask"
    with tcp_pair() as (near, far):
        line.transport.raw = near
        near.setblocking(False)  # the library's own
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += near.send(bytes(65_536))
        held = line.connection.unacknowledged_bytes()
        assert 0 < held <= sent
        taken = 0
        while taken < sent:
            taken += len(far.recv(1_000_000))
    assert line.connection.unacknowledged_bytes() == 0, "nor of one that is closed"


@pytest.mark.skipif(not hasattr(socket, "TCP_NOTSENT_LOWAT"), reason="only where there is such")
async def test_kernel_when_a_link_is_narrow_then_its_queue_is_short_until_it_is_not() -> None:
    line = Line()
    line.connection.hide_little(on=True)  # without a socket it is nothing
    with tcp_pair() as (near, _far):
        line.transport.raw = near
        found = []
        for on in (True, False):
            line.connection.hide_little(on=on)
            found.append(near.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT))
    assert found == [NARROW_LOWAT_BYTES, NOTSENT_LOWAT_BYTES]
