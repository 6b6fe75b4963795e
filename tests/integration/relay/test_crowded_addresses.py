"""Many sockets from few addresses: each address has its places, and nobody else pays for it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.support.alive import staying_alive
from tests.support.raw_sockets import RawPeer, handshake
from tests.support.relay_clients import ControlClient, control, opened
from tests.support.relay_process import running_relay
from wire import CONTROL_PATH, commands

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.support.relay_process import RelayProcess

SOCKETS = 600
PENDING_PER_ADDRESS = 50
PENDING = 100
PER_ADDRESS = 500
FIRST_MESSAGE_S = 4.0


@pytest.fixture
def strict_relay(tmp_path: Path) -> Iterator[RelayProcess]:
    """As shipped, but quicker with those who say nothing; 127.0.0.2 and so on are elsewhere."""
    limits = {"handshake_timeout_s": FIRST_MESSAGE_S, "first_message_timeout_s": FIRST_MESSAGE_S}
    with running_relay(tmp_path / "data", limits=limits, strangers=True) as relay:
        yield relay


async def test_address_when_it_opens_600_silent_sockets_then_50_stay_and_others_do_not_notice(
    strict_relay: RelayProcess,
) -> None:
    relay = strict_relay
    async with staying_alive(relay, "alive") as watch, contextlib.AsyncExitStack() as stack:
        watch.peers = SOCKETS
        first = await _open_many(stack, relay, "127.0.0.2", SOCKETS)
        assert await _count_open(first) == PENDING_PER_ADDRESS
        second = await _open_many(stack, relay, "127.0.0.3", SOCKETS // 10)
        assert await _count_open(second) == PENDING_PER_ADDRESS
        # Both together have taken all places of those who have not said a word.
        third = await _open_many(stack, relay, "127.0.0.4", 10)
        assert await _count_open(third) == 0
        async with control(relay.url) as here:
            await here.ask(commands.Ping(id=0))
        # Each is told in time to go, and then there is room again.
        for peer in first + second:
            await peer.read_to_end(timeout_s=FIRST_MESSAGE_S + 3)
        async with _from(relay, "127.0.0.4") as late:
            await late.ask(commands.Ping(id=0))


async def test_address_when_it_has_500_admitted_sockets_then_no_more_and_another_gets_in(
    strict_relay: RelayProcess,
) -> None:
    relay = strict_relay
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(PER_ADDRESS // PENDING_PER_ADDRESS):
            clients = await asyncio.gather(
                *(
                    stack.enter_async_context(_from(relay, "127.0.0.5"))
                    for _ in range(PENDING_PER_ADDRESS)
                )
            )
            await asyncio.gather(*(client.ask(commands.Ping(id=0)) for client in clients))
        beyond = await _open_many(stack, relay, "127.0.0.5", 20)
        assert await _count_open(beyond) == 0
        async with _from(relay, "127.0.0.6") as other:
            await other.ask(commands.Ping(id=0))


async def _open_many(
    stack: contextlib.AsyncExitStack, relay: RelayProcess, source: str, count: int
) -> list[RawPeer]:
    """Handshakes only: nobody says who it is."""
    peers = []
    for _ in range(count):
        peer = await RawPeer.connect(relay.port, source=source)
        stack.push_async_callback(peer.abort)
        await peer.send(handshake(relay.port, CONTROL_PATH))
        peers.append(peer)
    return peers


async def _count_open(peers: list[RawPeer]) -> int:
    async def is_open(peer: RawPeer) -> bool:
        try:
            return (await peer.read_head()).startswith(b"HTTP/1.1 101 ")
        except (ConnectionError, asyncio.IncompleteReadError):
            return False

    return sum(await asyncio.gather(*(is_open(peer) for peer in peers)))


@contextlib.asynccontextmanager
async def _from(relay: RelayProcess, source: str) -> AsyncIterator[ControlClient]:
    async with opened(relay.url, CONTROL_PATH, source=source) as socket:
        client = ControlClient(socket)
        try:
            yield client
        finally:
            await client.close()
