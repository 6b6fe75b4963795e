"""From a broadcast to files: what a real relay has recorded is exported as a person would."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio

from app.danmaku.bilibili_xml import parse_xml
from app.live.exporting import Export, ExportWish
from app.live.house import House
from app.live.replay_command import export_replay
from app.live.studio import StudioSession
from app.media.clipping.recording import Marks
from tests.unit.app.live.replay_parts import PlainPainter
from wire import replay_commands, replay_events
from wire.ids import ReplayId

BOUND_S = 60.0
TEXTS = ("one", "two {x}", "three <&>")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path / "house", random=random.random, host="127.0.0.1", port=0)
    await house.host()
    yield house
    await house.stop()


async def broadcast(house: House) -> replay_events.ReplayInfo:
    """Some seconds of a test card, with something said; its recording."""
    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    try:
        await studio.start()
        await studio.add_sound("tone", "Tone")
        await studio.go_live()
        async with asyncio.timeout(BOUND_S):
            while studio.state.phase != "live":  # noqa: ASYNC110 # states come without a wake-up
                await asyncio.sleep(0.05)
            publishing = studio._publishing
            assert publishing is not None
            for number, text in enumerate(TEXTS, 1):
                while publishing.pipeline_stats().frames_encoded < 30 * number:  # noqa: ASYNC110 # as above
                    await asyncio.sleep(0.05)
                await studio.room.say(text)
            while publishing.pipeline_stats().frames_encoded < 150:  # noqa: ASYNC110 # as above
                await asyncio.sleep(0.05)
        await studio.end()
    finally:
        await studio.stop()
    async with asyncio.timeout(BOUND_S):
        while True:
            command = replay_commands.ListReplays(id=0)
            listed = await house.request(command, replay_events.ReplayList)
            if listed.replays and listed.replays[0].state == "ready":
                return listed.replays[0]
            await asyncio.sleep(0.1)


def count_pictures(path: Path) -> int:
    with av.open(str(path)) as file:
        return sum(1 for _ in file.decode(video=0))


@pytest.mark.asyncio
async def test_broadcast_when_exported_then_its_pictures_and_words_are_in_the_files(
    house: House, tmp_path: Path
) -> None:
    replay = await broadcast(house)
    painter = PlainPainter()

    async def export(wish: ExportWish) -> None:
        await Export(house, replay, painter=painter).run(wish)

    await export(ExportWish("video", tmp_path / "whole.mp4"))
    assert count_pictures(tmp_path / "whole.mp4") >= 100
    with av.open(str(tmp_path / "whole.mp4")) as file:
        assert {track.type for track in file.streams} == {"video", "audio"}
    await export(ExportWish("video", tmp_path / "clip.mp4", Marks(1000, 2000), has_danmaku=True))
    assert count_pictures(tmp_path / "clip.mp4") == pytest.approx(30, abs=8)
    assert painter.painted
    await export(ExportWish("xml", tmp_path / "said.xml"))
    read = parse_xml((tmp_path / "said.xml").read_bytes())
    assert [saying.text for saying in read.sayings] == list(TEXTS)
    moments = [saying.at_ms for saying in read.sayings]
    assert moments == sorted(moments)
    assert 0 < moments[0] <= moments[-1] < replay.duration_ms + 1000
    await export(ExportWish("csv", tmp_path / "said.csv"))
    assert (tmp_path / "said.csv").read_text("utf-8").count("danmaku") == len(TEXTS)

    # Public, it is anybody's: the command line needs no account.
    edit = replay_commands.EditReplay(
        id=0, replay_id=ReplayId(replay.replay_id), visibility="public"
    )
    await house.request(edit, replay_events.ReplayDetails)
    url, pin = house.relay_settings()

    def save(name: str) -> str:
        return export_replay(url, replay.replay_id, tmp_path / name, pin=pin)

    assert "MB" in await asyncio.to_thread(save, "whole.mp4")
    assert count_pictures(tmp_path / "whole.mp4") >= 100
    assert f"{len(TEXTS)} lines" in await asyncio.to_thread(save, "said.ass")
    assert (tmp_path / "said.ass").read_text("utf-8").count("Dialogue:") == len(TEXTS)
