"""Incoming streams whose connections come and go faster than broadcasts begin and end."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from typing import TYPE_CHECKING

from app.live import ingest_pull
from app.live.ingest_pull import PullIngest
from app.live.ingest_rtmp import ORDERS_MAX, RtmpIngest
from app.media.ingest.arrivals import StreamShape
from app.net.rtmp.listener import PublisherLost
from app.net.rtmp.server_session import PublishBegan, PublishEnded
from app.settings import PublishSettings, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from app.media.ingest.worker import IngestWorker

WAIT_S = 30.0
SETTINGS = PublishSettings(
    relay="ws://127.0.0.1:1", room="room", publish_key=Secret("key"), source="testcard"
)


def make_shape(height: int) -> StreamShape:
    return StreamShape("h264", 64, height, Fraction(25), has_sound=False, is_reordered=False)


class BusyIngesting:
    """Broadcasts that begin as slowly as they are told to."""

    def __init__(self) -> None:
        self.begun: list[StreamShape] = []
        self.held = self.ended = 0
        self.may_go_on = asyncio.Event()
        self.on_reordered: Callable[[StreamShape], None] = lambda _shape: None

    async def begin(self, shape: StreamShape) -> None:
        self.begun.append(shape)
        await self.may_go_on.wait()

    def hold(self) -> None:
        self.held += 1

    async def end(self) -> None:
        self.ended += 1


def make_port(on_notice: Callable[[str], None] = lambda _words: None) -> RtmpIngest:
    return RtmpIngest(
        SETTINGS,
        host="127.0.0.1",
        port=0,
        stream_key=Secret("stream-key-of-the-encoder"),
        random=lambda: 0.5,
        on_notice=on_notice,
    )


def is_over(worker: IngestWorker) -> bool:
    assert worker._thread is not None
    worker._thread.join(WAIT_S)
    return not worker._thread.is_alive()


async def test_workers_when_more_connections_end_than_can_wait_then_each_has_ended() -> None:
    notices: list[str] = []
    ingest = make_port(notices.append)
    busy = BusyIngesting()
    ingest.ingesting = busy  # type: ignore[assignment]  # what is asked of it here
    workers = []
    for number in range(ORDERS_MAX + 5):
        ingest._on_event(PublishBegan("an encoder"))
        assert ingest._worker is not None
        workers.append(ingest._worker)
        ingest._on_event(PublisherLost() if number % 2 else PublishEnded())
    assert "left out" in notices[-1]
    assert all([await asyncio.to_thread(is_over, worker) for worker in workers])
    ingest._on_event(PublishBegan("the last"))
    assert ingest._workers == {ingest._worker}
    await ingest._drop_workers()
    # The broadcast of those that were left out waits as for a lost connection, and then ends.
    assert busy.held == 5


async def test_worker_when_another_connection_takes_over_then_the_first_has_ended() -> None:
    ingest = make_port()
    ingest._on_event(PublishBegan("an encoder"))
    first = ingest._worker
    assert first is not None
    ingest._on_event(PublishBegan("the same again"))
    assert ingest._worker is not first
    assert await asyncio.to_thread(is_over, first)
    ingest._on_event(PublishBegan("and again"))
    assert first not in ingest._workers
    await ingest._drop_workers()


async def test_pull_when_a_connection_is_over_then_what_it_still_says_is_not_the_next_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readers: list[Reader] = []

    class Reader:
        """Says what the test lets it say."""

        def __init__(
            self,
            _address: str,
            *,
            on_shape: Callable[[StreamShape], None],
            on_end: Callable[[str], None],
        ) -> None:
            self.on_shape, self.on_end = on_shape, on_end
            self.intake: object = None
            self.began = asyncio.Event()

        def start(self) -> None:
            readers.append(self)
            began.set()

        def stop(self) -> None:
            pass

    monkeypatch.setattr(ingest_pull, "PullReader", Reader)
    began = asyncio.Event()
    ingest = PullIngest(
        SETTINGS,
        address=Secret("rtsp://camera/"),
        random=lambda: 0.5,
        on_notice=lambda _words: None,
    )
    busy = BusyIngesting()
    busy.may_go_on.set()
    ingest.ingesting = busy  # type: ignore[assignment]  # what is asked of it here
    async with asyncio.timeout(WAIT_S), asyncio.TaskGroup() as group:
        first = group.create_task(ingest._pull_once())
        await began.wait()
        began.clear()
        readers[0].on_shape(make_shape(64))
        readers[0].on_end("gone")
        await first
        # Its thread was late with these.
        readers[0].on_shape(make_shape(32))
        readers[0].on_end("gone again")
        second = group.create_task(ingest._pull_once())
        await began.wait()
        readers[1].on_shape(make_shape(128))
        readers[1].on_end("gone")
        await second
    assert [shape.height for shape in busy.begun] == [64, 128]
