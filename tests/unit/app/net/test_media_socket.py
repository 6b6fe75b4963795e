"""What a socket knows of itself, with a real kernel behind it."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from app.net.media_socket import RelaySocket

MANY_BYTES = 16 * 1024 * 1024
"""More than kernels take for one that reads nothing."""


async def open_to_nobody(listener: socket.socket) -> RelaySocket:
    """No handshake is said: the other end never reads."""
    host, port = listener.getsockname()
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: RelaySocket(ClientProtocol(parse_uri("ws://relay.invalid"))), host, port
    )
    return connection


async def test_socket_when_the_other_end_reads_nothing_then_it_is_known_what_was_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = await open_to_nobody(listener)
        assert connection.refused_bytes() == 0
        connection.transport.write(bytes(MANY_BYTES))
        assert 0 < connection.refused_bytes() < MANY_BYTES
        connection.transport.abort()


@pytest.mark.skipif(
    sys.platform not in {"linux", "darwin"}, reason="the system does not say what its kernel holds"
)
async def test_socket_when_the_other_end_reads_nothing_then_it_is_known_what_the_kernel_holds() -> (
    None
):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = await open_to_nobody(listener)
        assert connection.unacknowledged_bytes() == 0
        connection.transport.write(bytes(MANY_BYTES))
        held = connection.unacknowledged_bytes()
        assert held is not None
        assert 0 < held < MANY_BYTES
        connection.transport.abort()
        await connection.wait_closed()
        assert connection.unacknowledged_bytes() is None
