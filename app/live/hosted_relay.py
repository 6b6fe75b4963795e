"""The relay hosted on this computer, opened again by itself when it dies.

Same data, same port, same certificate: links that were given out, everybody's sessions and the
broadcast go on. A relay that dies again and again is given up, and that is said once.

    up --dies--> down --delay, start--> up
                  |  ^--start fails--|
                  +--no delay is left--> given up
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from app.errors import LivehouseError, RelayUnreachable

if TYPE_CHECKING:
    from app.net.relay_process import ReadyLine

RESTART_DELAYS_S: Final = (0.2, 1.0, 3.0, 8.0, 15.0)
"""Before each try. A crash that chance brought is over at once; a full disk may be mended within
the half minute that all of them take."""
STEADY_S: Final = 120.0
"""A relay that ran so long has all its tries anew."""


class Relay(Protocol):
    """A relay process that runs."""

    @property
    def ready(self) -> ReadyLine: ...

    async def wait(self) -> int: ...

    async def stop(self) -> None: ...


StartRelay = Callable[[int], Awaitable[Relay]]
"""Starts it on a port, 0 for a free one. Raises LivehouseError."""


class HostedRelay:
    """Lives on the loop, where the callbacks are called too; `stop` ends it for good."""

    def __init__(
        self,
        start: StartRelay,
        *,
        on_died: Callable[[int], None],
        on_restarted: Callable[[], None],
        on_given_up: Callable[[str], Awaitable[None]],
        delays_s: Sequence[float] | None = None,
    ) -> None:
        """`on_died` hears the exit code, `on_given_up` why; it is called once, at the end."""
        self._start = start
        self._on_died = on_died
        self._on_restarted = on_restarted
        self._on_given_up = on_given_up
        self._delays_s = RESTART_DELAYS_S if delays_s is None else delays_s
        self._relay: Relay | None = None
        self._guard: asyncio.Task[None] | None = None
        self._is_over = False

    async def open(self, ports: Sequence[int]) -> ReadyLine:
        """Start it on the first of these ports that works, at last on a free one. Raises
        LivehouseError, also where `stop` came before it stood."""
        relay = await self._start_somewhere(ports)
        if self._is_over:
            await relay.stop()
            raise RelayUnreachable("the house was left while its relay was being started")
        self._relay = relay
        ready = self._relay.ready
        self._guard = asyncio.get_running_loop().create_task(self._keep(self._relay))
        return ready

    async def stop(self) -> None:
        """A relay that is still being started ends as soon as it stands."""
        self._is_over = True
        if self._guard is not None:
            self._guard.cancel()
            await asyncio.gather(self._guard, return_exceptions=True)
            self._guard = None
        relay, self._relay = self._relay, None
        if relay is not None:
            await relay.stop()

    async def _start_somewhere(self, ports: Sequence[int]) -> Relay:
        for port in dict.fromkeys(port for port in ports if port):
            with contextlib.suppress(RelayUnreachable):
                return await self._start(port)
        # All are taken: links given out before will not work, but the house opens.
        return await self._start(0)

    async def _keep(self, relay: Relay) -> None:
        loop = asyncio.get_running_loop()
        port = relay.ready.port
        tries = 0
        while True:
            began_s = loop.time()
            code = await relay.wait()
            self._relay = None
            await relay.stop()  # it has ended: this closes its log
            self._on_died(code)
            if loop.time() - began_s >= STEADY_S:
                tries = 0
            words = f"the relay on this computer ended with exit code {code}"
            while True:
                if tries >= len(self._delays_s):
                    await self._on_given_up(words)
                    return
                await asyncio.sleep(self._delays_s[tries])
                tries += 1
                try:
                    relay = self._relay = await self._start(port)
                except LivehouseError as error:
                    words = error.message
                else:
                    break
            self._on_restarted()
