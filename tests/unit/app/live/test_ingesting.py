"""A stream from OBS that breaks off and comes back, at the worst moment."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.live import ingest_rtmp
from app.live.ingest_rtmp import RtmpIngest
from app.live.ingesting import Ingesting
from app.media.ingest.arrivals import StreamShape
from app.net.rtmp.server_session import PublishBegan, PublishEnded
from app.settings import PublishSettings, Secret

if TYPE_CHECKING:
    import pytest

SETTINGS = PublishSettings(
    relay="ws://127.0.0.1:1", room="r1", publish_key=Secret(""), source="testcard"
)
SHAPE = StreamShape("h264", 1280, 720, Fraction(30), has_sound=True, is_reordered=False)


class FakeBroadcast:
    """Goes on until it is stopped, and needs a while to end."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self) -> None:
        await self.stopping.wait()
        await self.may_end.wait()

    def stop(self) -> None:
        self.stopping.set()

    def release(self) -> None:
        pass

    def statistics(self) -> dict[str, object]:
        return {}


async def test_stream_when_it_is_back_while_its_broadcast_ends_then_begins_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ingesting = Ingesting(SETTINGS, random=lambda: 0.5, on_notice=lambda _words: None, hold_s=0.0)
    made: list[FakeBroadcast] = []

    def make_copy(_shape: StreamShape) -> FakeBroadcast:
        made.append(FakeBroadcast())
        ingesting._intake = made[-1]  # type: ignore[assignment] # it stands for both
        return made[-1]

    monkeypatch.setattr(ingesting, "_make_copy", make_copy)
    await ingesting.begin(SHAPE)
    ingesting.hold()
    await made[0].stopping.wait()
    back = asyncio.get_running_loop().create_task(ingesting.begin(SHAPE))
    await asyncio.sleep(0)
    made[0].may_end.set()
    assert await back is made[-1]
    assert len(made) == 2
    assert ingesting.state == "live"
    made[1].may_end.set()
    await ingesting.end()


class FakeWorker:
    made: list[FakeWorker]

    def __init__(self, **_hooks: Any) -> None:
        self.intake = None
        self.is_stopped = False
        self.made.append(self)

    @property
    def is_running(self) -> bool:
        return not self.is_stopped

    def start(self) -> None:
        pass

    def stop_soon(self) -> None:
        pass

    def stop(self) -> None:
        self.is_stopped = True


async def test_port_when_closed_while_connections_wait_to_be_ended_then_no_thread_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FakeWorker.made = []
    monkeypatch.setattr(ingest_rtmp, "IngestWorker", FakeWorker)
    ingest = RtmpIngest(
        SETTINGS,
        host="127.0.0.1",
        port=0,
        stream_key=Secret("key"),
        random=lambda: 0.5,
        on_notice=lambda _words: None,
    )
    never = asyncio.Event()

    async def stand_still() -> None:
        await never.wait()

    ingest._order(stand_still)
    for _ in range(2):
        ingest._on_event(PublishBegan("OBS"))
        ingest._on_event(PublishEnded())
    ingest.stop()
    await ingest.run()
    assert [worker.is_stopped for worker in FakeWorker.made] == [True, True]
