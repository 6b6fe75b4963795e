"""The bad network does what it says."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults import seeds
from tests.faults.echo import echo_server
from tests.faults.tcp_proxy import Direction, FaultProxy, fault_proxy

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def echo_port() -> AsyncIterator[int]:
    async with echo_server() as port:
        yield port


@contextlib.asynccontextmanager
async def connected(proxy: FaultProxy) -> AsyncIterator[Streams]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _echo(streams: Streams, data: bytes) -> tuple[bytes, float]:
    began_s = time.monotonic()
    streams[1].write(data)
    async with asyncio.timeout(10):
        answer = await streams[0].readexactly(len(data))
    return answer, time.monotonic() - began_s


async def test_proxy_when_nothing_is_wrong_then_passes_everything(echo_port: int) -> None:
    data = random.Random(1).randbytes(2_000_000)
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        answer, _ = await _echo(streams, data)
        assert answer == data
        assert (proxy.accepted, proxy.connections) == (1, 1)


async def test_proxy_when_the_client_is_done_then_passes_the_end_on(echo_port: int) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as (reader, writer):
        writer.write(b"last words")
        writer.write_eof()
        assert await reader.read() == b"last words"


async def test_proxy_when_it_is_late_then_delays_and_keeps_the_order(echo_port: int) -> None:
    late = Direction(latency_s=0.1, jitter_s=0.05)
    data = bytes(range(256)) * 500
    async with fault_proxy(echo_port, up=late, seed=3) as proxy, connected(proxy) as streams:
        answer, took_s = await _echo(streams, data)
        assert answer == data
        assert 0.1 <= took_s < 1


async def test_proxy_when_it_is_narrow_then_keeps_to_its_rate(echo_port: int) -> None:
    narrow = Direction(bandwidth_bps=2_000_000)
    async with fault_proxy(echo_port, down=narrow) as proxy, connected(proxy) as streams:
        _, took_s = await _echo(streams, bytes(125_000))
        assert 0.4 <= took_s < 2


async def test_proxy_when_it_slices_then_all_arrives_in_small_pieces(echo_port: int) -> None:
    sliced = Direction(slice_bytes=7, slice_pause_s=0.001)
    data = random.Random(2).randbytes(700)
    async with fault_proxy(echo_port, down=sliced) as proxy, connected(proxy) as streams:
        streams[1].write(data)
        came = b""
        async with asyncio.timeout(30):
            first = await streams[0].read(65_536)
            came = first + await streams[0].readexactly(len(data) - len(first))
        assert came == data
        assert len(first) < len(data)


async def test_proxy_when_its_limit_is_reached_then_ends_in_mid_message(echo_port: int) -> None:
    short = Direction(limit_bytes=1_000)
    async with fault_proxy(echo_port, up=short) as proxy, connected(proxy) as streams:
        streams[1].write(bytes(999))
        async with asyncio.timeout(30):
            assert await streams[0].readexactly(999) == bytes(999)
            streams[1].write(b"no more than one of these")
            with contextlib.suppress(ConnectionResetError):
                assert len(await streams[0].read()) <= 1
        async with connected(proxy) as again:
            assert (await _echo(again, b"y"))[0] == b"y"


async def test_proxy_when_reset_while_half_open_then_the_client_gets_an_error(
    echo_port: int,
) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        await _echo(streams, b"x")
        proxy.half_open()
        streams[1].write(b"held")
        await proxy.reset()
        async with asyncio.timeout(30):
            with pytest.raises(ConnectionResetError):
                await streams[0].read()


async def test_proxy_when_the_seed_is_set_then_is_late_in_the_same_way_and_says_so(
    echo_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(seeds.VARIABLE, "77")
    proxy = FaultProxy(echo_port)
    assert proxy.seed == 77
    assert "LIVEHOUSE_FAULT_SEED=77" in capsys.readouterr().err


async def test_proxy_when_cut_then_the_client_reads_the_end(echo_port: int) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        await _echo(streams, b"x")
        await proxy.cut()
        assert await streams[0].read() == b""
        async with connected(proxy) as again:
            assert (await _echo(again, b"y"))[0] == b"y"


async def test_proxy_when_reset_then_the_client_gets_an_error(echo_port: int) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        await _echo(streams, b"x")
        await proxy.reset()
        with pytest.raises(ConnectionResetError):
            await streams[0].read()


async def test_proxy_when_half_open_then_is_silent_until_healed(echo_port: int) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        await _echo(streams, b"x")
        proxy.half_open()
        streams[1].write(b"held")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await streams[0].read(1)
        proxy.heal()
        async with asyncio.timeout(20):
            assert await streams[0].readexactly(4) == b"held"


async def test_proxy_when_it_refuses_then_new_connections_fail(echo_port: int) -> None:
    async with fault_proxy(echo_port) as proxy, connected(proxy) as streams:
        await _echo(streams, b"x")
        proxy.refuse()
        async with connected(proxy) as (reader, _):
            with pytest.raises(ConnectionResetError):
                await reader.read()
        assert (await _echo(streams, b"still there"))[0] == b"still there"
