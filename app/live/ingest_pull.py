"""A camera's or another server's address into a room, pulled, and passed on as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from app.live.ingesting import AUTO, Ingesting, IngestState
from app.media.capture.url_source import hide_password
from app.media.ingest.pull_reader import PullReader
from app.net.reconnect import ReconnectPolicy

if TYPE_CHECKING:
    from app.live.publishing import PacketTap
    from app.media.ingest.arrivals import StreamShape
    from app.settings import PublishSettings, Secret

SHAPES_MAX: Final = 4
"""Of one connection: at first, in another order of pictures, and the end."""


class PullIngest:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        settings: PublishSettings,
        *,
        address: Secret,
        layers: str = AUTO,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        on_state: Callable[[IngestState], None] = lambda _state: None,
        request_ticket: Callable[[], Awaitable[str]] | None = None,
        make_taps: Callable[[], Sequence[PacketTap]] = tuple,
    ) -> None:
        self._settings = settings
        self._address = address
        self._name = hide_password(address)
        self._on_notice = on_notice
        self._loop = asyncio.get_running_loop()
        self._policy = ReconnectPolicy(random=random)
        self.ingesting = Ingesting(
            settings,
            layers=layers,
            random=random,
            on_notice=on_notice,
            on_state=on_state,
            request_ticket=request_ticket,
            make_taps=make_taps,
        )
        self._stopping = asyncio.Event()
        self._told = ""
        self.connections = 0

    async def run(self) -> None:
        """Until `stop`, --seconds, or the relay refuses for good. Raises LivehouseError."""
        works = [
            self._loop.create_task(self._stopping.wait()),
            self._loop.create_task(self.ingesting.wait_failure()),
            self._loop.create_task(self._pull()),
        ]
        if self._settings.seconds is not None:
            works.append(self._loop.create_task(self._count_down(self._settings.seconds)))
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await self.ingesting.end()
        for work in done:
            if not work.cancelled() and (error := work.exception()) is not None:
                raise error

    def stop(self) -> None:
        self._stopping.set()

    def line(self) -> str:
        return self.ingesting.line()

    def statistics(self) -> dict[str, object]:
        return {"connections": self.connections, **self.ingesting.statistics()}

    async def _pull(self) -> None:
        while True:
            await self._pull_once()
            self.ingesting.hold()
            await asyncio.sleep(self._policy.next_delay_s())

    async def _pull_once(self) -> None:
        """One connection, to its end."""
        # What its reader found, None at the end: of no other connection.
        shapes: asyncio.Queue[StreamShape | None] = asyncio.Queue(maxsize=SHAPES_MAX)
        self.ingesting.on_reordered = shapes.put_nowait

        def on_shape(shape: StreamShape) -> None:
            self._loop.call_soon_threadsafe(shapes.put_nowait, shape)

        def on_end(words: str) -> None:
            self._loop.call_soon_threadsafe(self._tell, words)
            self._loop.call_soon_threadsafe(shapes.put_nowait, None)

        reader = PullReader(self._address, on_shape=on_shape, on_end=on_end)
        reader.start()
        try:
            while (shape := await shapes.get()) is not None:
                self.connections += 1
                self._policy.succeeded()
                self._told = ""
                reader.intake = await self.ingesting.begin(shape)
        finally:
            reader.intake = None
            await asyncio.to_thread(reader.stop)

    def _tell(self, words: str) -> None:
        if words != self._told:
            self._told = words
            self._on_notice(f"{self._name}: {words}; trying again")

    async def _count_down(self, seconds: float) -> None:
        """From the first stream on."""
        await self.ingesting.began.wait()
        await asyncio.sleep(seconds)
