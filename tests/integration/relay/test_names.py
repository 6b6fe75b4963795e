"""Whom the relay lets in by the Host and Origin that a peer names: from a list, never by parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.raw_sockets import RawPeer, handshake
from tests.support.relay_process import running_relay
from wire import CONTROL_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.relay_process import RelayProcess

ALLOWED_ORIGIN = "https://live.example"
ALLOWED_HOST = "relay.example"
PASSES, MISDIRECTED, FORBIDDEN = b"101", b"421", b"403"


@pytest.fixture(scope="module")
def named_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """Knows one origin and one further name."""
    arguments = ("--allow-origin", ALLOWED_ORIGIN, "--allow-host", ALLOWED_HOST)
    folder = tmp_path_factory.mktemp("named")
    with running_relay(folder / "data", arguments=arguments) as relay:
        yield relay


HOSTS = {
    "relay.example": PASSES,
    "RELAY.Example": PASSES,
    "relay.example.": PASSES,
    "relay.example:443": PASSES,
    "localhost": PASSES,
    "localhost:1": PASSES,
    "127.0.0.1:7788": PASSES,
    "192.0.2.7": PASSES,
    "[::1]:7788": PASSES,
    "[2001:db8::1]": PASSES,
    "relay.example.evil.example": MISDIRECTED,
    "evil-relay.example": MISDIRECTED,
    "evil.example/relay.example": MISDIRECTED,
    "relay.example@evil.example": MISDIRECTED,
    "user:secret@relay.example": MISDIRECTED,
    "relay.example:80@evil.example:80": MISDIRECTED,
    "evil.example?localhost": MISDIRECTED,
    "evil.example#localhost": MISDIRECTED,
    "evil.example\tlocalhost": MISDIRECTED,
    "localhost localhost": MISDIRECTED,
    "localhost, evil.example": MISDIRECTED,
    "localhost:80:80": MISDIRECTED,
    "localhost:http": MISDIRECTED,
    "127.0.0.1.evil.example": MISDIRECTED,
    "127.1": MISDIRECTED,
    "2130706433": MISDIRECTED,
    "0x7f000001": MISDIRECTED,
    "0177.0.0.1": MISDIRECTED,
    "[::1].evil.example": MISDIRECTED,
    "[::1": MISDIRECTED,
    "::1]": MISDIRECTED,
    "[localhost]": MISDIRECTED,
    "[[::1]]": MISDIRECTED,
    "[::1%evil.example]": MISDIRECTED,
    "relay.example..": MISDIRECTED,
    ".relay.example": MISDIRECTED,
    "*": MISDIRECTED,
    "null": MISDIRECTED,
    "": MISDIRECTED,
}
ORIGINS = {
    ALLOWED_ORIGIN: PASSES,
    "null": FORBIDDEN,
    "": FORBIDDEN,
    "*": FORBIDDEN,
    "http://live.example": FORBIDDEN,
    "https://live.example:443": FORBIDDEN,
    "https://live.example:8443": FORBIDDEN,
    "https://live.example/": FORBIDDEN,
    "https://LIVE.example": FORBIDDEN,
    "HTTPS://live.example": FORBIDDEN,
    "https://live.example.": FORBIDDEN,
    "https://live.example.evil.example": FORBIDDEN,
    "https://evil-live.example": FORBIDDEN,
    "https://evil.example/https://live.example": FORBIDDEN,
    "https://live.example@evil.example": FORBIDDEN,
    "https://user@live.example": FORBIDDEN,
    "https://evil.example#https://live.example": FORBIDDEN,
    "https://live.example https://evil.example": FORBIDDEN,
    "https://live.example, https://evil.example": FORBIDDEN,
    "https://localhost": FORBIDDEN,
    "http://127.0.0.1": FORBIDDEN,
    "http://[::1]": FORBIDDEN,
    "https://xn--lve-6ma.example": FORBIDDEN,
    "file://": FORBIDDEN,
    "chrome-extension://abc": FORBIDDEN,
}


@pytest.mark.parametrize(("host", "status"), HOSTS.items(), ids=HOSTS.keys())
async def test_host_when_named_in_any_way_then_only_those_of_the_list_pass(
    host: str, status: bytes, named_relay: RelayProcess
) -> None:
    request = handshake(named_relay.port, CONTROL_PATH, Host=host)
    assert await _status(named_relay, request) == status


@pytest.mark.parametrize(("origin", "status"), ORIGINS.items(), ids=ORIGINS.keys())
async def test_origin_when_named_in_any_way_then_only_those_of_the_list_pass(
    origin: str, status: bytes, named_relay: RelayProcess
) -> None:
    request = handshake(named_relay.port, CONTROL_PATH, Origin=origin)
    assert await _status(named_relay, request) == status


@pytest.mark.parametrize("header", ["Host", "Origin"])
@pytest.mark.parametrize("is_first", [True, False])
async def test_header_when_it_comes_twice_then_refused(
    header: str, is_first: bool, named_relay: RelayProcess
) -> None:
    good, bad = (ALLOWED_HOST, "evil.example") if header == "Host" else (ALLOWED_ORIGIN, "null")
    first, second = (good, bad) if is_first else (bad, good)
    request = handshake(named_relay.port, CONTROL_PATH, **{header: first})
    line = f"{header}: {second}\r\n".encode()
    request = request.removesuffix(b"\r\n") + line + b"\r\n"
    assert await _status(named_relay, request) in {MISDIRECTED, FORBIDDEN}


async def _status(relay: RelayProcess, request: bytes) -> bytes:
    peer = await RawPeer.connect(relay.port)
    try:
        await peer.send(request)
        return (await peer.read_head()).split(b" ")[1]
    finally:
        await peer.abort()
