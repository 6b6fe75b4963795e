"""`--layers auto`: the machine is measured before anything is opened."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.errors import BadInput, MediaFailed
from app.live import publishing
from app.live.publishing import Publishing
from app.live.pushing import Pushing
from app.media.encode.cpu_budget import Verdict
from app.media.encode.layers import LADDER
from app.media.errors import MediaError
from app.settings import PublishSettings, Secret


def make(layers: str, notices: list[str], *, taps: tuple[Pushing, ...] = ()) -> Publishing:
    settings = PublishSettings(
        relay="ws://127.0.0.1:1",
        room="hall",
        publish_key=Secret("key"),
        source="testcard:320x180",
        audio="none",
        layers=layers,
    )
    return Publishing(settings, random=lambda: 0.5, on_notice=notices.append, taps=taps)


async def sizes_of(publisher: Publishing) -> list[int]:
    """Heights of what would be sent, lowest first."""
    await publisher._choose_layers()
    await publisher._open_pipeline()
    try:
        return [track.height for track in publisher._pipeline.tracks if track.kind == "video"]
    finally:
        publisher._pipeline.stop()


@pytest.mark.parametrize(
    ("layers", "heights", "words"),
    [
        (LADDER, [360, 540, 720], "qualities 720p, 540p, 360p: 12 ms a picture"),
        (
            "720p,360p",
            [360, 720],
            "this machine is too weak for 720p, 540p, 360p; 720p, 360p: 12 ms a picture",
        ),
        ("540p", [540], "this machine is too weak for 720p, 540p, 360p; 540p: 12 ms a picture"),
    ],
)
async def test_publishing_when_layers_are_auto_then_sends_what_the_machine_can(
    layers: str, heights: list[int], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Verdict(layers, 12.0, 33.3)
    monkeypatch.setattr(publishing, "try_machine", lambda _codec, _encoder: verdict)
    notices: list[str] = []
    publisher = make("auto", notices)
    assert await sizes_of(publisher) == heights
    assert notices == [words]
    assert publisher.statistics()["machine"] == {
        "layers": layers, "encode_ms": 12.0, "frame_ms": 33.3, "tried": (),
    }  # fmt: skip


async def test_publishing_when_layers_are_named_then_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "try_machine", None)
    assert await sizes_of(make("360p", [])) == [360]
    with pytest.raises(BadInput):
        make("automatic", [])


async def test_publishing_when_cancelled_while_it_opens_then_nothing_stays_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publisher = make("360p", [])
    may_open, is_opening = threading.Event(), asyncio.Event()
    loop, pipeline = asyncio.get_running_loop(), publisher._pipeline
    really_open = pipeline.open

    def open_slowly() -> object:
        loop.call_soon_threadsafe(is_opening.set)
        assert may_open.wait(30)
        return really_open()

    monkeypatch.setattr(pipeline, "open", open_slowly)
    running = loop.create_task(publisher.run())
    await is_opening.wait()
    running.cancel()
    may_open.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(MediaError):
        really_open()


async def test_publishing_when_nothing_can_be_opened_then_its_taps_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise MediaError("no encoder works here")

    tap = Pushing((), random=lambda: 0.5)
    publisher = make("360p", [], taps=(tap,))
    monkeypatch.setattr(publisher._pipeline, "open", fail)
    with pytest.raises(MediaFailed):
        await publisher.run()
    assert tap.is_ended
    assert not tap._fan._sound._thread.is_alive()
