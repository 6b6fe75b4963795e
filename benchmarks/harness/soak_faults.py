"""What goes wrong in a soak, in rounds of a random order: each kind comes once in a round."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.tcp_proxy import Direction

if TYPE_CHECKING:
    import random

    from benchmarks.harness.soak_publisher import SoakPublisher
    from tests.faults.tcp_proxy import FaultProxy
    from tests.support.relay_process import RelayProcess

Fault = Callable[[], Awaitable[None]]


@dataclass
class Faults:
    """Each method returns once the fault is over."""

    relay: RelayProcess
    publisher: SoakPublisher
    up: FaultProxy
    """The publisher's way to the relay."""
    far: FaultProxy
    """That of the viewers and people who live behind a bad link."""
    chance: random.Random

    def rounds(self) -> Iterator[tuple[str, Fault]]:
        """Without end."""
        kinds = {
            "publisher's link cut for 3 s": lambda: self._cut(self.up, 3),
            "viewers' links cut for 3 s": lambda: self._cut(self.far, 3),
            "publisher's link silent for 3 s": lambda: self._silence(self.up, 3),
            "publisher's link silent for 8 s": lambda: self._silence(self.up, 8),
            "viewers' links silent for 8 s": lambda: self._silence(self.far, 8),
            "viewers' links late": lambda: self._be(self.far, Direction(0.3, 0.3)),
            "viewers' links narrow": lambda: self._be(
                self.far, Direction(bandwidth_bps=200_000, slice_bytes=1_000)
            ),
            "publisher's link ends in mid-packet": self._truncate,
            "publisher killed": self._kill_publisher,
            "publisher replaced": self._replace_publisher,
            "every link reset": self._reset_all,
            "relay stands still for 2 s": self._freeze,
        }
        while True:
            order = list(kinds.items())
            self.chance.shuffle(order)
            yield from order

    async def _cut(self, link: FaultProxy, seconds: float) -> None:
        link.refuse()
        await link.reset()
        await asyncio.sleep(seconds)
        link.heal()

    async def _silence(self, link: FaultProxy, seconds: float) -> None:
        link.half_open()
        await asyncio.sleep(seconds)
        link.heal()

    async def _be(self, link: FaultProxy, wrong: Direction) -> None:
        """Connections that are there keep their Direction: its fields are changed and put back."""
        right = Direction()
        _copy(wrong, link.down)
        await asyncio.sleep(8)
        _copy(right, link.down)

    async def _truncate(self) -> None:
        self.up.up.limit_bytes = self.chance.randrange(1, 100_000)
        await self.up.reset()
        await asyncio.sleep(3)
        self.up.up.limit_bytes = None
        await self.up.reset()

    async def _kill_publisher(self) -> None:
        await self.publisher.kill()
        await asyncio.sleep(self.chance.uniform(0, 3))
        self.publisher.start()

    async def _replace_publisher(self) -> None:
        self.publisher.start()

    async def _reset_all(self) -> None:
        await asyncio.gather(self.up.reset(), self.far.reset())

    async def _freeze(self) -> None:
        with self.relay.frozen():
            await asyncio.sleep(2)


def _copy(source: Direction, target: Direction) -> None:
    for name, value in vars(source).items():
        setattr(target, name, value)
