"""A remembered scene comes back, whatever of it is there."""

from __future__ import annotations

import asyncio
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from app.errors import LivehouseError
from app.live.scene_file import SceneFile
from app.live.studio_return import StudioReturn
from app.state.studio import StudioState
from app.state.studio_events import ChannelChanged, Event, ItemMoved, ItemRemoved
from app.state.studio_scene import Box, StudioItem
from app.state.studio_sound import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.live.studio_stage import StudioStage

pytestmark = pytest.mark.asyncio

SCENE = StudioState(
    layout="screen",
    items=(
        StudioItem("a", "testcard", "", address="testcard"),
        StudioItem("b", "screen", "", address="screen"),
        StudioItem("c", "text", "Hello"),
    ),
    channels=(
        Channel("a", "card", gain_db=3.0),
        Channel("d", "Headset", is_microphone=True, address="mic:Headset", is_muted=True),
    ),
)
TEXTS = {"Hello": np.zeros((2, 2, 4), np.uint8)}


class Stage:
    """Opens what is `there`."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.with_sound = {"testcard"}
        self.opened: list[str] = []
        self.begun: list[Channel | None] = []
        """How each was to be from its first moment."""
        self.channels: list[Channel] = []
        self.closed: list[str] = []

    async def open_picture(self, key: str, address: str, channel: Channel | None = None) -> bool:
        self._open(key, address)
        self.begun.append(channel)
        return address in self.with_sound

    async def open_sound(self, key: str, address: str, channel: Channel | None = None) -> str:
        self._open(key, address)
        self.begun.append(channel)
        return address

    def show_still(self, key: str, _pixels: object) -> None:
        self.opened.append(key)

    def set_channel(self, channel: Channel) -> None:
        self.channels.append(channel)

    def arrange(self, items: Sequence[StudioItem]) -> None:
        pass

    async def close(self, key: str) -> None:
        self.closed.append(key)

    def _open(self, key: str, address: str) -> None:
        if address not in self.there:
            raise LivehouseError(f"{address} is not there")
        self.opened.append(key)


class Studio:
    def __init__(self, path: Path) -> None:
        self.state = StudioState()
        self.stage = Stage()
        self.file = SceneFile(path)
        numbers = itertools.count(1)
        self.make_key = lambda kind: f"{kind}-{next(numbers)}"
        self.back = StudioReturn(
            self.file,
            cast("StudioStage", self.stage),
            texts=TEXTS,
            read=lambda: self.state,
            apply=self.apply,
        )

    def apply(self, event: Event) -> None:
        self.state = self.state.apply(event)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    file = SceneFile(tmp_path / "studio.json")
    file.write(file.note(SCENE))
    return Studio(tmp_path / "studio.json")


async def test_scene_when_a_device_is_gone_then_it_is_missing_and_heals_when_it_is_back(
    studio: Studio,
) -> None:
    studio.stage.there = {"testcard"}
    assert await studio.back.restore(studio.make_key)
    assert studio.stage.opened == ["text-3"]
    await studio.back.open_missing()
    card, screen, text = studio.state.items
    headset = studio.state.channels[1]
    assert [studio.back.is_missing(one.key) for one in (card, screen, text, headset)] == [
        False,
        True,
        False,
        True,
    ]
    assert screen.signal == "missing"
    studio.stage.there = {"testcard", "screen", "mic:Headset"}
    await studio.back.open_missing(is_first=False)
    assert not studio.back.is_missing(screen.key)
    assert not studio.back.is_missing(headset.key)
    assert [(one.gain_db, one.is_muted) for one in studio.stage.channels] == [
        (3.0, False),
        (0.0, True),
    ]
    assert len(studio.stage.opened) == 4
    assert studio.stage.begun == [studio.state.channels[0], None, headset]


async def test_scene_when_a_source_comes_back_with_sound_that_it_had_not_then_it_has_a_fader(
    studio: Studio,
) -> None:
    studio.stage.there = {"testcard", "screen"}
    studio.stage.with_sound = {"screen"}
    await studio.back.restore(studio.make_key)
    await studio.back.open_missing()
    card, screen, _text = studio.state.items
    assert [one.key for one in studio.state.channels] == ["sound-4", screen.key]
    assert card.key not in {one.key for one in studio.stage.channels}


async def test_scene_when_a_missing_source_is_removed_then_it_does_not_come_back(
    studio: Studio,
) -> None:
    await studio.back.restore(studio.make_key)
    key = studio.state.items[1].key
    studio.stage.there = {"screen"}
    studio.back.forget(key)
    studio.apply(ItemRemoved(key))
    await studio.back.open_missing()
    assert key not in studio.stage.opened


async def test_scene_when_changed_while_something_is_missing_then_all_of_it_is_kept(
    studio: Studio, tmp_path: Path
) -> None:
    await studio.back.restore(studio.make_key)
    before = (tmp_path / "studio.json").stat().st_mtime_ns
    await studio.back.keep()
    assert (tmp_path / "studio.json").stat().st_mtime_ns == before
    studio.apply(ItemMoved(studio.state.items[1].key, Box(0.1, 0.1, 0.3, 0.3)))
    studio.apply(ChannelChanged(studio.state.channels[1].key, gain_db=-9.0))
    await studio.back.keep()
    kept = SceneFile(tmp_path / "studio.json").scene
    assert kept is not None
    assert kept.items[1].box == (0.1, 0.1, 0.3, 0.3)
    assert kept.channels[1].gain_db == -9.0
    assert [item.kind for item in kept.items] == ["testcard", "screen", "text"]


async def test_scene_when_studio_ends_before_it_was_back_then_the_file_stays(
    studio: Studio, tmp_path: Path
) -> None:
    before = (tmp_path / "studio.json").read_bytes()
    await studio.back.keep()
    assert (tmp_path / "studio.json").read_bytes() == before


async def test_scene_when_nobody_changed_what_studio_began_with_then_nothing_is_kept(
    tmp_path: Path,
) -> None:
    studio = Studio(tmp_path / "fresh.json")
    assert not await studio.back.restore(studio.make_key)
    studio.state = SCENE
    studio.back.note_start()
    await studio.back.keep()
    assert not (tmp_path / "fresh.json").exists()
    studio.apply(ItemMoved("b", Box(0.1, 0.1, 0.3, 0.3)))
    await studio.back.keep()
    assert (tmp_path / "fresh.json").exists()


async def test_scene_when_studio_ends_before_a_thread_is_free_to_write_then_it_is_kept(
    tmp_path: Path,
) -> None:
    loop, go_on = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    studio = Studio(tmp_path / "studio.json")
    studio.back.note_start()
    studio.state = SCENE
    busy = loop.run_in_executor(None, go_on.wait, 30.0)
    keeping = loop.create_task(studio.back.keep())
    await asyncio.sleep(0)  # it waits for the thread now
    keeping.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert await busy
    await studio.back.keep()
    assert (tmp_path / "studio.json").exists()
