"""Studio ends and begins again: its scene is as it was left. No relay is needed for that."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.live.house import House
from app.live.scene_file import SceneFile
from app.live.studio import StudioSession
from app.live.vault import Vault
from app.state.studio_events import ChannelAdded, ChannelChanged, ItemMoved
from app.state.studio_scene import Box
from app.state.studio_sound import Channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = {"Welcome": np.zeros((8, 16, 4), np.uint8)}


async def wait_for(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 # states come without a wake-up here
            await asyncio.sleep(0.02)


def open_studio(folder: Path) -> StudioSession:
    vault = Vault(folder, uses_keyring=False)
    return StudioSession(
        House(folder, random=random.random, vault=vault, port=0),
        random=random.random,
        on_state=lambda _state: None,
        on_pixels=lambda _pixels: None,
        vault=vault,
        scene_file=SceneFile(folder / "studio.json", vault),
        texts=TEXTS,
    )


@pytest.mark.asyncio
async def test_studio_when_it_begins_again_then_sources_boxes_and_levels_are_as_they_were_left(
    tmp_path: Path,
) -> None:
    first = open_studio(tmp_path)
    try:
        await first.start()
        for key in [item.key for item in first.state.items]:
            await first.remove(key)
        for key in [channel.key for channel in first.state.channels]:
            await first.remove(key)
        first.choose_layout("slides")
        await first.add_source("testcard", "testcard:640x360", "Card")
        first.add_text("Welcome", TEXTS["Welcome"])
        await first.add_sound("tone", "Tone")
        first.change(ItemMoved(first.state.items[0].key, Box(0.1, 0.2, 0.3, 0.4)))
        tone = first.state.channels[0].key
        first.change_channel(ChannelChanged(tone, gain_db=-12.0, is_muted=True))
        first._apply(
            # A headset that is not plugged in the next time.
            ChannelAdded(Channel("x", "Gone", is_microphone=True, address="mic:Gone 1"))
        )
    finally:
        await first.stop()
    second = open_studio(tmp_path)
    try:
        await second.start()
        state = second.state
        assert [item.kind for item in state.items] == ["testcard", "text"]
        assert state.items[0].box == Box(0.1, 0.2, 0.3, 0.4)
        assert state.layout == "slides"
        assert [channel.label for channel in state.channels] == ["Tone", "Gone"]
        assert (state.channels[0].gain_db, state.channels[0].is_muted) == (-12.0, True)
        await wait_for(lambda: second.state.items[0].signal == "running")
        await wait_for(lambda: second.state.channels[0].signal == "running")
        assert second.state.channels[1].signal == "no_signal"
    finally:
        await second.stop()
