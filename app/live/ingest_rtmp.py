"""A room's port for OBS and other encoders: whoever shows the stream key is on air."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from app.errors import BadInput
from app.live.ingesting import AUTO, Ingesting, IngestState
from app.media.ingest.worker import IngestWorker
from app.net.rtmp.listener import ListenerEvent, PublisherLost, RtmpListener
from app.net.rtmp.server_session import (
    APPLICATION,
    MetadataArrived,
    PublishBegan,
    TagArrived,
)

if TYPE_CHECKING:
    from app.live.publishing import PacketTap
    from app.media.ingest.arrivals import StreamShape
    from app.settings import PublishSettings, Secret

STREAM_PORT: Final = 1935
ORDERS_MAX: Final = 64
"""Beginnings and ends of connections that wait for their turn."""


class RtmpIngest:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        settings: PublishSettings,
        *,
        host: str,
        port: int,
        stream_key: Secret,
        layers: str = AUTO,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        on_state: Callable[[IngestState], None] = lambda _state: None,
        request_ticket: Callable[[], Awaitable[str]] | None = None,
        make_taps: Callable[[], Sequence[PacketTap]] = tuple,
    ) -> None:
        self._settings = settings
        self._host = host
        self._port = port
        self._on_notice = on_notice
        self._loop = asyncio.get_running_loop()
        self._listener = RtmpListener(
            stream_key, on_event=self._on_event, on_refused=self._on_refused
        )
        self.ingesting = Ingesting(
            settings,
            layers=layers,
            random=random,
            on_notice=on_notice,
            on_state=on_state,
            request_ticket=request_ticket,
            make_taps=make_taps,
        )
        self.ingesting.on_reordered = self._begin_again
        self._worker: IngestWorker | None = None
        self._workers: set[IngestWorker] = set()
        """All whose threads run: those too that wait for their turn to be ended."""
        self._told = ""
        self._orders: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(ORDERS_MAX)
        self._stopping = asyncio.Event()
        self.encoder = ""
        """What the publisher calls itself."""

    @property
    def port(self) -> int:
        return self._listener.port

    async def open(self) -> None:
        """Take the port. Raises BadInput."""
        if self._listener.port:
            return
        try:
            await self._listener.start(self._host, self._port)
        except OSError as failure:
            words = failure.strerror or failure
            raise BadInput(f"cannot listen on {self._host}:{self._port}: {words}") from None

    async def run(self) -> None:
        """Until `stop`, or the relay refuses for good. Raises LivehouseError."""
        await self.open()
        self._on_notice(
            f"waiting for an encoder: server rtmp://{self._shown_host()}:{self.port}/{APPLICATION}"
        )
        works = [
            self._loop.create_task(self._stopping.wait()),
            self._loop.create_task(self.ingesting.wait_failure()),
            self._loop.create_task(self._follow()),
        ]
        if self._settings.seconds is not None:
            works.append(self._loop.create_task(self._count_down(self._settings.seconds)))
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await self._listener.stop()
            await self._drop_workers()
            await self.ingesting.end()
        for work in done:
            if not work.cancelled() and (error := work.exception()) is not None:
                raise error

    def stop(self) -> None:
        self._stopping.set()

    def line(self) -> str:
        return self.ingesting.line()

    def statistics(self) -> dict[str, object]:
        return {"refused": self._listener.refused, **self.ingesting.statistics()}

    # --- from the listener, on the loop -----------------------------------------------------------

    def _on_event(self, event: ListenerEvent) -> None:
        worker = self._worker
        if isinstance(event, TagArrived):
            if worker is not None:
                worker.push(event.kind, event.timestamp_ms, event.body)
        elif isinstance(event, MetadataArrived):
            if worker is not None:
                worker.push_metadata(event.fields)
        elif isinstance(event, PublishBegan):
            self.encoder = event.encoder
            self._on_notice("an encoder is connected")
            self._start_worker()
        elif worker is not None:
            self._worker = None
            # Now, not in its turn: the turn may never come.
            worker.stop_soon()
            is_lost = isinstance(event, PublisherLost)
            if not self._order(lambda: self._end_worker(worker, is_lost=is_lost)):
                self.ingesting.hold()

    def _start_worker(self) -> None:
        def on_shape(shape: StreamShape) -> None:
            self._loop.call_soon_threadsafe(self._order, lambda: self._begin(worker, shape))

        def on_failure(words: str) -> None:
            self._loop.call_soon_threadsafe(self._on_notice, f"the stream cannot be used: {words}")

        if self._worker is not None:
            self._worker.stop_soon()
        worker = IngestWorker(on_shape=on_shape, on_failure=on_failure)
        self._worker = worker
        self._workers = {one for one in self._workers if one.is_running} | {worker}
        worker.start()

    def _on_refused(self, words: str) -> None:
        """One line for the same words again and again: a scan must not fill the log."""
        if words != self._told:
            self._told = words
            self._on_notice(f"a connection was refused: {words}")

    # --- one after another ------------------------------------------------------------------------

    def _order(self, work: Callable[[], Awaitable[None]]) -> bool:
        """False where it is left out."""
        try:
            self._orders.put_nowait(work)
        except asyncio.QueueFull:
            self._on_notice("too much happens at once; the newest connection is left out")
            return False
        return True

    async def _follow(self) -> None:
        while True:
            await (await self._orders.get())()

    async def _begin(self, worker: IngestWorker, shape: StreamShape) -> None:
        if self._worker is worker:
            worker.intake = await self.ingesting.begin(shape)

    def _begin_again(self, shape: StreamShape) -> None:
        if (worker := self._worker) is not None:
            self._order(lambda: self._begin(worker, shape))

    async def _end_worker(self, worker: IngestWorker, *, is_lost: bool) -> None:
        await self._stop_worker(worker)
        if is_lost:
            self.ingesting.hold()
            self._on_notice("the encoder's connection was lost")
        else:
            self._on_notice("the encoder has stopped")
            await self.ingesting.end()

    async def _drop_workers(self) -> None:
        self._worker = None
        for worker in tuple(self._workers):
            await self._stop_worker(worker)

    async def _stop_worker(self, worker: IngestWorker) -> None:
        await asyncio.to_thread(worker.stop)
        self._workers.discard(worker)

    async def _count_down(self, seconds: float) -> None:
        """From the first stream on."""
        await self.ingesting.began.wait()
        await asyncio.sleep(seconds)

    def _shown_host(self) -> str:
        return f"[{self._host}]" if ":" in self._host else self._host
