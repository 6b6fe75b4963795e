"""Much of what is cheap to send: pings, empty frames, connections, pages, whole bombs."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sys
import zlib
from typing import TYPE_CHECKING

import pytest
from websockets.frames import Frame, Opcode

from server.gateway.subscribe_socket import TOO_SOON_PAUSE_S
from tests.support.alive import staying_alive
from tests.support.raw_sockets import RawPeer, handshake, masked
from tests.support.relay_clients import control, subscriber
from tests.support.relay_process import ROOT
from wire import CONTROL_PATH, SUBSCRIBE_PATH, commands, media_commands, media_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_process import RelayProcess

FLOOD_S = 1.5
CUT_IN_S = 20.0
"""Within a second where the flooder has a processor for itself."""
BORNE = {"requests", "reports", "keyframes"}
"""These are read slowly, and that is all."""
PING = '{"id":1,"type":"Ping"}'
REPORT = '{"type":"Report"}'
REQUEST = '{"type":"RequestKeyframe"}'
SUBSCRIBE = '{"type":"Subscribe","room_id":"ROOM"}'


def _fragment(opcode: Opcode, payload: bytes) -> bytes:
    return Frame(opcode, payload, fin=False).serialize(mask=True)


FLOODS = {
    "pings": (CONTROL_PATH, PING, masked(Opcode.PING, b"")),
    "large pings": (CONTROL_PATH, PING, masked(Opcode.PING, b"x" * 125)),
    "pings before a word": (SUBSCRIBE_PATH, "", masked(Opcode.PING, b"x" * 125)),
    "pings of a viewer": (SUBSCRIBE_PATH, SUBSCRIBE, masked(Opcode.PING, b"x" * 125)),
    "pongs": (CONTROL_PATH, PING, masked(Opcode.PONG, b"")),
    "empty fragments": (CONTROL_PATH, PING, _fragment(Opcode.CONT, b"")),
    "fragments of a byte": (CONTROL_PATH, PING, _fragment(Opcode.CONT, b"x")),
    "empty texts": (CONTROL_PATH, PING, masked(Opcode.TEXT, b"")),
    "requests": (CONTROL_PATH, PING, masked(Opcode.TEXT, PING.encode())),
    "reports": (SUBSCRIBE_PATH, SUBSCRIBE, masked(Opcode.TEXT, REPORT.encode())),
    "keyframes": (SUBSCRIBE_PATH, SUBSCRIBE, masked(Opcode.TEXT, REQUEST.encode())),
}
"""Path, first message, and the frame that is repeated as fast as it goes."""


@pytest.mark.parametrize("does_read", [True, False], ids=["reading", "not reading"])
async def test_relay_when_sockets_flood_it_with_frames_then_stays_alive_and_small(
    does_read: bool, relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with staying_alive(relay, unique("alive")) as watch:
        watch.peers = len(FLOODS)
        before_mb, most_mb = relay.rss_mb(), 0.0
        flooding = asyncio.get_running_loop().create_task(_flood(relay, does_read=does_read))
        while not flooding.done():
            most_mb = max(most_mb, relay.rss_mb() - before_mb)
            await asyncio.sleep(0.1)
    is_cut = dict(zip(FLOODS, await flooding, strict=True))
    assert all(is_cut[name] for name in FLOODS if name not in BORNE), is_cut
    # Unread pongs of one socket once took 40 MB a second.
    assert most_mb < 40


async def _flood(relay: RelayProcess, *, does_read: bool) -> list[bool]:
    """All floods at once; for each, whether the relay has cut it."""

    def coded(data: bytes) -> str:
        return base64.b64encode(data).decode()

    floods = []
    for name, (path, hello, frame) in FLOODS.items():
        text = hello.replace("ROOM", relay.room_id).encode()
        first = [masked(Opcode.TEXT, text)] if text else []
        if frame[0] == Opcode.CONT:
            first.append(_fragment(Opcode.TEXT, b""))
        flood = {"path": path, "first": [coded(f) for f in first], "frame": coded(frame)}
        floods.append(flood if name in BORNE else {**flood, "cut_in_s": CUT_IN_S})
    wishes = {"port": relay.port, "seconds": FLOOD_S, "does_read": does_read, "floods": floods}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.flooder",
        json.dumps(wishes),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        said, _ = await child.communicate()
    assert child.returncode == 0
    return [bool(is_cut) for is_cut in json.loads(said)]


async def test_socket_when_it_pings_without_end_then_is_cut(relay: RelayProcess) -> None:
    peer = await RawPeer.connect(relay.port)
    try:
        await peer.send(handshake(relay.port, CONTROL_PATH))
        await peer.read_head()
        for _ in range(20):
            await peer.send(masked(Opcode.PING, b"") * 10)
        await peer.read_to_end(timeout_s=20)
    finally:
        await peer.abort()


async def test_socket_when_it_pings_now_and_then_then_stays(relay: RelayProcess) -> None:
    async with control(relay.url) as client:
        for number in range(60):
            await (await client.socket.ping(f"{number}"))
        await client.ask(commands.Ping(id=0))


# --- connections and pages ----------------------------------------------------------------------


async def test_relay_when_pages_and_connections_flood_it_then_stays_alive(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    requests = [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /v1/thumbnails/%s.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"x" * 4_000),
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500,
        handshake(relay.port, CONTROL_PATH) + b"GET /healthz HTTP/1.1\r\n\r\n" * 500,
    ]
    async with staying_alive(relay, unique("alive")) as watch:
        ended = asyncio.get_running_loop().time() + FLOOD_S
        counts = await asyncio.gather(
            *(_knock_until(relay, request, ended) for request in requests for _ in range(4))
        )
        watch.peers = sum(counts)
    assert min(counts) > 5


async def _knock_until(relay: RelayProcess, request: bytes, ended: float) -> int:
    knocks = 0
    while asyncio.get_running_loop().time() < ended:
        peer = await RawPeer.connect(relay.port)
        await peer.send(request)
        if request:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await peer.read_head()
        await peer.abort()
        knocks += 1
    return knocks


async def test_connections_when_the_relay_is_busy_then_a_whole_audience_waits_its_turn(
    relay: RelayProcess,
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        with relay.frozen():
            async with asyncio.timeout(20):
                peers = await asyncio.gather(*(RawPeer.connect(relay.port) for _ in range(300)))
        for peer in peers:
            stack.push_async_callback(peer.abort)
            await peer.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for peer in peers:
            assert (await peer.read_head()).startswith(b"HTTP/1.1 200 ")


# --- bombs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame",
        "permessage-deflate; client_max_window_bits=99",
        "x" * 4_000,
    ],
)
async def test_compression_when_offered_then_is_not_taken_and_a_bomb_ends_the_socket(
    offer: str, relay: RelayProcess
) -> None:
    squeeze = zlib.compressobj(wbits=-15)
    bomb = squeeze.compress(b" " * 50_000_000) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    assert len(bomb) < 60_000
    before_mb = relay.rss_mb()
    peer = await RawPeer.connect(relay.port)
    try:
        await peer.send(handshake(relay.port, CONTROL_PATH, Sec_WebSocket_Extensions=offer))
        head = await peer.read_head()
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"extensions" not in head.lower()
        compressed = bytearray(masked(Opcode.TEXT, bomb))
        compressed[0] |= 0x40
        await peer.send(bytes(compressed))
        said = await peer.read_to_end(timeout_s=20)
    finally:
        await peer.abort()
    assert said[:1] == b"\x88"
    assert int.from_bytes(said[2:4], "big") == 1002
    assert relay.rss_mb() - before_mb < 20


async def test_viewer_when_it_chooses_without_end_then_is_read_slowly(relay: RelayProcess) -> None:
    loop = asyncio.get_running_loop()
    async with subscriber(relay.url, relay.room_id) as viewer:
        began_s = loop.time()
        for number in range(200):
            await viewer.say(media_commands.SelectLayer(audio_only=number % 2 == 0))
        await viewer.wait_for(media_events.LayerSelected, count=5, timeout_s=30.0)
        answers = len(viewer.of(media_events.LayerSelected))
        assert answers <= 3 + (loop.time() - began_s) / TOO_SOON_PAUSE_S
