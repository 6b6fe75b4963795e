"""Peers that never become a socket of the protocol."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from websockets.frames import Opcode

from tests.support.alive import staying_alive
from tests.support.raw_sockets import RawPeer, handshake, masked
from tests.support.relay_process import running_relay
from wire import CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.support.alive import Watch
    from tests.support.relay_process import RelayProcess

GOODBYE_S = 1.0
"""A peer that is told why has this long to answer the close frame."""
SLACK_S = 4.0
"""What another test may take of the processors meanwhile."""
LEAKS = (b"Traceback", b"SELECT", b"sqlite", b".py", b"site-packages")
TLS_HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(range(256)) * 2


def _request(**headers: str | None) -> Callable[[int], bytes]:
    return lambda port: handshake(port, CONTROL_PATH, **headers)


HANDSHAKES: dict[str, tuple[Callable[[int], bytes], bytes]] = {
    "no subprotocol": (_request(Sec_WebSocket_Protocol=None), b"400"),
    "another subprotocol": (_request(Sec_WebSocket_Protocol="mqtt, livehouse.v11"), b"400"),
    "no key": (_request(Sec_WebSocket_Key=None), b"400"),
    "bad key": (_request(Sec_WebSocket_Key="%%%"), b"400"),
    "old version": (_request(Sec_WebSocket_Version="8"), b"400"),
    "no upgrade": (_request(Upgrade=None), b"426"),
    "wrong host": (_request(Host="evil.example"), b"421"),
    "host that holds ours": (_request(Host="localhost.evil.example"), b"421"),
    "no host": (_request(Host=None), b"421"),
    "foreign origin": (_request(Origin="https://evil.example"), b"403"),
    "origin null": (_request(Origin="null"), b"403"),
    "origin that holds ours": (_request(Origin="http://127.0.0.1.evil.example"), b"403"),
    "unknown path": (lambda port: handshake(port, "/v1/secret"), b"404"),
    "path upwards": (lambda port: handshake(port, "/v1/../../etc/passwd"), b"404"),
    "one huge header": (_request(X_Fill="a" * 200_000), b""),
    "many headers": (_request(**{f"X_{n}": "a" for n in range(500)}), b""),
    "post": (lambda port: b"POST /v1/control HTTP/1.1\r\nHost: localhost\r\n\r\n", b""),
    "body": (
        lambda port: (
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nbody body"
        ),
        b"",
    ),
    "http/1.0": (lambda port: b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n", b""),
    "http/2": (lambda port: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64), b""),
    "garbage": (lambda port: bytes(range(256)) * 64 + b"\r\n\r\n", b""),
    "a line without end": (lambda port: b"G" * 100_000, b""),
    "tls on the plain port": (lambda port: TLS_HELLO + b"\r\n\r\n", b""),
}


@pytest.mark.parametrize(("request_of", "status"), HANDSHAKES.values(), ids=HANDSHAKES.keys())
async def test_handshake_when_it_is_wrong_then_is_refused_and_closed(
    request_of: Callable[[int], bytes], status: bytes, relay: RelayProcess
) -> None:
    lines_before = relay.log().count("\n")
    said = await _knock(relay.port, request_of(relay.port))
    if status:
        assert said.startswith(b"HTTP/1.1 " + status), said
        assert said.endswith(b"\n")
    assert not said or said.startswith(b"HTTP/1.1 "), said
    assert b"HTTP/1.1 101" not in said
    assert not any(leak in said for leak in LEAKS), said
    assert relay.log().count("\n") - lines_before <= 10


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (masked(Opcode.TEXT, b"{}")[:1] + b"\x02{}", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (b"\xc1\x80\x00\x00\x00\x00", 1002),
        (b"\x80\x80\x00\x00\x00\x00", 1002),
        (b"\x89\xfe\x01\x00" + bytes(4 + 256), 1002),
        (masked(Opcode.TEXT, b"\xff\xfe\xfd"), 1007),
        (b"\x81\xff" + (2**63).to_bytes(8, "big") + bytes(4), None),
        (b"\x81\xff" + (2**40).to_bytes(8, "big") + bytes(4), 1009),
    ],
    ids=[
        "not masked",
        "reserved opcode",
        "reserved bit",
        "continuation of nothing",
        "long ping",
        "not utf-8",
        "length with the top bit",
        "length of a terabyte",
    ],
)
@pytest.mark.parametrize("path", [CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH])
async def test_socket_when_a_frame_breaks_the_protocol_then_is_closed_with_the_standard_code(
    frame: bytes, code: int | None, path: str, relay: RelayProcess
) -> None:
    peer = await RawPeer.connect(relay.port)
    try:
        await peer.send(handshake(relay.port, path))
        assert (await peer.read_head()).startswith(b"HTTP/1.1 101 ")
        await peer.send(frame)
        frames = await peer.read_to_end(timeout_s=20)
    finally:
        await peer.close()
    assert frames[0] == 0x88, frames
    told = int.from_bytes(frames[2:4], "big")
    assert told == code if code else told in {1002, 1009}
    assert not any(leak in frames for leak in LEAKS), frames


async def _knock(port: int, data: bytes, *, timeout_s: float = 20.0) -> bytes:
    peer = await RawPeer.connect(port)
    try:
        await peer.send(data)
        return await peer.read_to_end(timeout_s=timeout_s)
    finally:
        await peer.close()


# --- many at once, and the slow ones ----------------------------------------------------------


async def _drip(port: int, until_s: float) -> float:
    """One byte of a request now and then. Returns how long the relay bore it."""
    began_s = time.monotonic()
    peer = await RawPeer.connect(port)
    closed = asyncio.get_running_loop().create_task(peer.read_to_end(timeout_s=until_s))
    try:
        for byte in handshake(port, CONTROL_PATH, X_Fill="a" * 10_000):
            await peer.send(bytes([byte]))
            done, _ = await asyncio.wait([closed], timeout=0.1)
            if done:
                break
        await closed
    finally:
        closed.cancel()
        await peer.close()
    return time.monotonic() - began_s


async def _stay_silent(port: int, data: bytes, until_s: float) -> float:
    began_s = time.monotonic()
    await _knock(port, data, timeout_s=until_s)
    return time.monotonic() - began_s


async def _attack_slowly(relay: RelayProcess, watch: Watch, limit_s: float) -> None:
    peers: list[Awaitable[float]] = []
    for _ in range(20):
        peers += [
            _drip(relay.port, limit_s + 2 * SLACK_S),
            _stay_silent(relay.port, b"", limit_s + 2 * SLACK_S),
            _stay_silent(relay.port, b"GET /v1/control HTTP/1.1\r\n", limit_s + 2 * SLACK_S),
            *(
                _stay_silent(relay.port, handshake(relay.port, path), limit_s + 2 * SLACK_S)
                for path in (CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH)
            ),
        ]
    watch.peers = len(peers)
    longest_s = max(await asyncio.gather(*peers))
    sys.stdout.write(f"{len(peers)} silent peers were borne {longest_s:.1f} s at the most\n")
    assert longest_s <= limit_s + GOODBYE_S + SLACK_S


@pytest.mark.parametrize(
    ("limits", "limit_s"),
    [
        ({"handshake_timeout_s": 2.0, "first_message_timeout_s": 2.0}, 2.0),
        pytest.param({}, 10.0, marks=pytest.mark.slow),
    ],
    ids=["shortened", "as shipped"],
)
async def test_peers_when_they_drip_or_stay_silent_then_are_closed_in_time_and_nobody_notices(
    limits: dict[str, Any], limit_s: float, tmp_path: Path
) -> None:
    with running_relay(tmp_path / "data", limits=limits) as relay:
        async with staying_alive(relay, "alive") as watch:
            await _attack_slowly(relay, watch, limit_s)
        _, _, text = await asyncio.to_thread(relay.get, "/healthz")
        assert text == "ok\n"
        found = await asyncio.to_thread(relay.metrics)
        assert found["livehouse_sockets"] <= 1


async def test_relay_when_all_wrong_handshakes_come_at_once_then_stays_alive(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with staying_alive(relay, unique("alive")) as watch:
        for _ in range(4):
            attacks = [
                _knock(relay.port, make(relay.port))
                for make, _ in HANDSHAKES.values()
                for _ in range(3)
            ]
            watch.peers += len(attacks)
            await asyncio.gather(*attacks)
