"""Twenty viewers of a soak that misbehave, each in its own way and again and again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from websockets.frames import Opcode

from benchmarks.harness.soak_viewers import LINK_ERRORS, Seen, abort, lean
from tests.faults.tcp_proxy import Direction, fault_proxy
from tests.support.raw_sockets import RawPeer, StillViewer, handshake, masked
from tests.support.relay_clients import subscriber
from wire import CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH

OUT_S_MAX: Final = 20.0
"""The promise: so soon a viewer that takes nothing is put out."""
SLOW_BPS: Final = 100_000.0
PAUSE_S: Final = (0.2, 2.0)
_PATHS: Final = (CONTROL_PATH, PUBLISH_PATH, SUBSCRIBE_PATH)


@dataclass
class Misfits:
    """`each` of every kind."""

    port: int
    url: str
    room_id: str
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    """How often each kind did it."""
    errors: list[str] = field(default_factory=list)

    def start(self, tasks: asyncio.TaskGroup, each: int) -> list[asyncio.Task[None]]:
        kinds: tuple[Callable[[random.Random], Awaitable[None]], ...] = (
            self.read_nothing,
            self.half_open,
            self.reset,
            self.read_slowly,
            self.talk_nonsense,
        )
        return [
            tasks.create_task(self._again(kind, _chance(self.seed, index, turn)))
            for index, kind in enumerate(kinds)
            for turn in range(each)
        ]

    async def _again(
        self, kind: Callable[[random.Random], Awaitable[None]], chance: random.Random
    ) -> None:
        while True:
            await asyncio.sleep(chance.uniform(*PAUSE_S))
            with contextlib.suppress(*LINK_ERRORS):
                await kind(chance)
                self.counts[kind.__name__.replace("_", " ")] += 1

    async def read_nothing(self, _chance: random.Random) -> None:
        # Connecting blocks: the relay may stand still just now.
        viewer = await asyncio.to_thread(StillViewer, self.port, self.room_id)
        with viewer:
            await asyncio.sleep(OUT_S_MAX + 5)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    while await viewer.read_some():
                        viewer.received.clear()
                    return
            self.errors.append("a viewer that read nothing for 25 s was not put out")

    async def half_open(self, chance: random.Random) -> None:
        async with fault_proxy(self.port, seed=chance.randrange(1 << 30)) as proxy:
            proxy.receive_buffer_bytes = 16 * 1024
            async with subscriber(proxy.url, self.room_id) as client:
                lean(client, Seen())
                await asyncio.wait([client.ended], timeout=chance.uniform(0.5, 5))
                proxy.half_open()
                await asyncio.sleep(chance.uniform(5, OUT_S_MAX + 5))
                proxy.heal()
                await asyncio.wait([client.ended], timeout=chance.uniform(0.1, 2))
                abort(client.socket)

    async def reset(self, chance: random.Random) -> None:
        async with fault_proxy(self.port, seed=chance.randrange(1 << 30)) as proxy:
            if chance.random() < 0.3:
                # In the middle of whatever comes then, the handshake perhaps.
                proxy.down.limit_bytes = chance.randrange(1, 60_000)
            async with subscriber(proxy.url, self.room_id) as client:
                lean(client, Seen())
                await asyncio.wait([client.ended], timeout=chance.uniform(0.0, 3))
                await proxy.reset()

    async def read_slowly(self, chance: random.Random) -> None:
        slow = Direction(bandwidth_bps=SLOW_BPS, slice_bytes=chance.choice((None, 500)))
        async with (
            fault_proxy(self.port, down=slow, receive_buffer_bytes=16 * 1024, seed=0) as proxy,
            subscriber(proxy.url, self.room_id) as client,
        ):
            lean(client, Seen())
            await asyncio.wait([client.ended], timeout=chance.uniform(10, 40))
            abort(client.socket)

    async def talk_nonsense(self, chance: random.Random) -> None:
        peer = await RawPeer.connect(self.port)
        try:
            for piece in _nonsense(chance, self.port, self.room_id):
                await peer.send(piece)
                await asyncio.sleep(chance.uniform(0, 0.3))
            with contextlib.suppress(TimeoutError):
                await peer.read_to_end(timeout_s=chance.choice((0.5, 2, 15)))
        finally:
            await peer.abort()


def _chance(*parts: int) -> random.Random:
    return random.Random(" ".join(map(str, parts)))  # noqa: S311 # the same misfits each time


def _nonsense(chance: random.Random, port: int, room_id: str) -> list[bytes]:
    """What one peer sends, in pieces."""
    hello = handshake(port, chance.choice(_PATHS))
    right = masked(Opcode.TEXT, json.dumps({"type": "Subscribe", "room_id": room_id}).encode())
    flipped = bytearray(right)
    flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    kinds = (
        [chance.randbytes(chance.randrange(1, 5_000))],
        [hello[: chance.randrange(1, len(hello))]],
        [hello, chance.randbytes(chance.randrange(1, 5_000))],
        [hello, masked(Opcode.BINARY, chance.randbytes(chance.randrange(1, 70_000)))],
        [hello, masked(Opcode.TEXT, _wrong_message(chance, room_id))],
        # A frame that says it is huge, and never comes.
        [hello, b"\x82\xff" + (1 << 40).to_bytes(8, "big") + bytes(20)],
        [hello, masked(Opcode.CLOSE, chance.randbytes(chance.randrange(126)))],
        [handshake(port, SUBSCRIBE_PATH), bytes(flipped), right],
    )
    return chance.choice(kinds)


def _wrong_message(chance: random.Random, room_id: str) -> bytes:
    values: tuple[object, ...] = (None, -1, 1e308, [], {}, "\x00", "x" * 5_000, room_id, True)
    names = ("type", "id", "room_id", "ticket", "tracks", "publish_key", "layer")
    message = {name: chance.choice(values) for name in chance.sample(names, 4)}
    message["type"] = chance.choice(("Subscribe", "Publish", "JoinRoom", "Resume", "Nothing", 1))
    text = json.dumps(message).encode()
    return text[: chance.randrange(1, len(text) + 1)] if chance.random() < 0.3 else text
