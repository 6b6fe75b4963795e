"""Studio's ways out and in, without a service and without OBS: who has begun when."""

from __future__ import annotations

import asyncio

import pytest

from app.live import studio_streams
from app.live.push_file import parse_target
from app.live.pushing import Pushing, _Worker
from app.live.studio_streams import StudioStreams
from app.settings import PublishSettings, Secret
from tests.unit.app.media.playback.media_samples import AUDIO_TRACK, VIDEO_TRACK

SETTINGS = PublishSettings(
    relay="ws://127.0.0.1:1", room="r1", publish_key=Secret(""), source="testcard"
)
TRACKS = (VIDEO_TRACK, AUDIO_TRACK)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets that were connected to."""
    names: list[str] = []
    monkeypatch.setattr(_Worker, "start", lambda self, _tracks: names.append(self.target.name))
    return names


@pytest.fixture
async def streams() -> StudioStreams:
    return StudioStreams(
        None, random=lambda: 0.5, on_changed=lambda: None, on_failure=lambda _error: None
    )


async def save(streams: StudioStreams, name: str) -> None:
    await streams.save_target("", name, "rtmp://127.0.0.1:1/app", "key")


async def test_target_when_saved_after_the_broadcast_from_obs_then_is_not_connected_to(
    streams: StudioStreams, started: list[str]
) -> None:
    await save(streams, "Videos")
    tap = streams.make_tap()
    tap.begin(TRACKS, lambda _layer: None)
    assert started == ["Videos"]
    await tap.end()
    await save(streams, "Games")
    assert started == ["Videos"]
    assert [(status.name, status.state) for status in streams.statuses()] == [
        ("Videos", "off"),
        ("Games", "off"),
    ]


async def test_tap_when_another_broadcast_has_begun_then_is_not_forgotten_for_it(
    streams: StudioStreams, started: list[str]
) -> None:
    first, second = streams.make_tap(), streams.make_tap()
    second.begin(TRACKS, lambda _layer: None)
    streams.forget_tap(first)
    await save(streams, "Videos")
    assert started == ["Videos"]
    await second.end()


async def test_rate_when_nobody_asks_for_it_then_what_is_old_goes_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = parse_target("1", "Videos", "rtmp://127.0.0.1:1/app", "key")
    tap = Pushing([target], random=lambda: 0.5)
    (worker,) = tap._workers.values()
    worker._sent.extend((float(second), 1000) for second in range(-1000, -500))
    worker._forget_sent()
    assert len(worker._sent) == 0


class FakeIngest:
    """Opens slowly, and stays open until it is stopped."""

    def __init__(self) -> None:
        self.may_open = asyncio.Event()
        self.stopping = asyncio.Event()
        self.is_open = False

    async def open(self) -> None:
        await self.may_open.wait()
        self.is_open = True

    async def run(self) -> None:
        await self.stopping.wait()
        self.is_open = False

    def stop(self) -> None:
        self.stopping.set()


@pytest.fixture
def ingests(monkeypatch: pytest.MonkeyPatch) -> list[FakeIngest]:
    made: list[FakeIngest] = []

    def make(*_settings: object, **_hooks: object) -> FakeIngest:
        made.append(FakeIngest())
        return made[-1]

    monkeypatch.setattr(studio_streams, "RtmpIngest", make)
    return made


async def ask_ticket() -> str:
    return ""


async def until_one_opens(ingests: list[FakeIngest]) -> None:
    async with asyncio.timeout(30):
        while not ingests:  # noqa: ASYNC110 # the next turn of the loop brings it
            await asyncio.sleep(0)


async def test_port_when_its_button_is_pressed_twice_then_one_is_open(
    streams: StudioStreams, ingests: list[FakeIngest]
) -> None:
    asked = asyncio.gather(*(streams.open_port(SETTINGS, ask_ticket) for _ in range(2)))
    await until_one_opens(ingests)
    ingests[0].may_open.set()
    for _ in range(3):
        await asyncio.sleep(0)
        for ingest in ingests:
            ingest.may_open.set()
    await asked
    assert len(ingests) == 1
    await streams.close_port()
    assert not ingests[0].is_open


async def test_port_when_closed_while_it_opens_then_is_closed(
    streams: StudioStreams, ingests: list[FakeIngest]
) -> None:
    opening = asyncio.get_running_loop().create_task(streams.open_port(SETTINGS, ask_ticket))
    await until_one_opens(ingests)
    closing = asyncio.get_running_loop().create_task(streams.close_port())
    await asyncio.sleep(0)
    ingests[0].may_open.set()
    await asyncio.gather(opening, closing)
    assert not ingests[0].is_open
    assert not streams.is_port_open
