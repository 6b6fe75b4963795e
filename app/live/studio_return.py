"""A remembered scene comes back: what is there is opened, what is not shows as missing until it
is there again. And what is changed is kept. On the loop.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError
from app.media.capture.devices import list_cameras
from app.state.studio_events import ChannelAdded, ChannelRemoved, SceneRestored
from app.state.studio_saved import restore_scene
from app.state.studio_sound import Channel

if TYPE_CHECKING:
    from app.live.scene_file import SceneFile
    from app.live.studio_stage import StudioStage
    from app.media.scene.filters_on_demand import Pixels
    from app.state.studio import StudioState
    from app.state.studio_events import Event
    from app.state.studio_saved import SavedScene
    from app.state.studio_scene import StudioItem

HEAL_INTERVALS_S: Final = (3.0, 3.0, 5.0, 10.0)
"""Between two looks; the last goes on."""
STREAM_EVERY: Final = 5
"""A network stream is asked for so many times more seldom."""


class StudioReturn:
    """Made by the session, which asks `is_missing` before it believes a source's signal."""

    def __init__(
        self,
        file: SceneFile,
        stage: StudioStage,
        *,
        texts: Mapping[str, Pixels],
        read: Callable[[], StudioState],
        apply: Callable[[Event], None],
    ) -> None:
        self._file = file
        self._stage = stage
        self._texts = texts
        self._read = read
        self._apply = apply
        self._missing: set[str] = set()
        self._kept: SavedScene | None = file.scene
        self._is_whole = False
        """Before that, a state lacks what is about to come."""

    def is_missing(self, key: str) -> bool:
        return key in self._missing

    def forget(self, key: str) -> None:
        self._missing.discard(key)

    async def restore(self, make_key: Callable[[str], str]) -> bool:
        """Whether there was a scene. Opens nothing yet but texts: see `heal`."""
        scene = self._file.scene
        if scene is None:
            return False
        addresses = await asyncio.to_thread(self._file.find_addresses)
        items, channels = restore_scene(scene, addresses, make_key)
        for item in items:
            if item.kind == "text":
                self._stage.show_still(item.key, self._texts[item.label])
        self._missing = {item.key for item in items if item.kind != "text"}
        self._missing |= {channel.key for channel in channels if channel.address}
        self._apply(SceneRestored(scene.layout, items, channels))
        self._stage.arrange(self._read().items)
        self._is_whole = True
        return True

    async def open_missing(self, *, is_first: bool = True) -> None:
        """Once each, in the order of the scene. What fails stays missing, without a word."""
        for item in self._read().items:
            if item.key in self._missing and (is_first or item.kind != "url"):
                await self._open_item(item)
        for channel in self._read().channels:
            if channel.address and channel.key in self._missing:
                await self._open_channel(channel)

    async def heal(self) -> None:
        """Until cancelled."""
        for number in itertools.count(1):
            await asyncio.sleep(HEAL_INTERVALS_S[min(number, len(HEAL_INTERVALS_S)) - 1])
            await self.open_missing(is_first=number % STREAM_EVERY == 0)

    def note_start(self) -> None:
        """What Studio begins with by itself is not worth keeping: another camera may come."""
        if self._kept is None:
            self._kept = self._file.note(self._read())
        self._is_whole = True

    async def keep(self) -> None:
        """Write what changed since the last time. One call at a time."""
        if not self._is_whole:
            return
        scene = self._file.note(self._read())
        if scene == self._kept:
            return
        self._kept = scene
        work = asyncio.to_thread(self._file.write, scene)
        writing = asyncio.get_running_loop().create_task(work)
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await writing  # Studio ends: the file is whole first
            raise

    async def _open_item(self, item: StudioItem) -> None:
        if not await asyncio.to_thread(_may_be_there, item):
            return
        has_sound = False
        try:
            if item.kind == "image":
                await self._stage.open_image(item.key, item.address)
            else:
                channel = self._find_channel(item.key)
                has_sound = await self._stage.open_picture(item.key, item.address, channel)
        except LivehouseError:
            return
        if self._read().find_item(item.key) is None:  # removed meanwhile
            await self._stage.close(item.key)
            return
        self._missing.discard(item.key)
        channel = self._find_channel(item.key)
        if has_sound and channel is None:  # it had none when the scene was kept
            self._apply(ChannelAdded(Channel(item.key, item.label)))
        elif channel is not None and has_sound:
            self._stage.set_channel(channel)
        elif channel is not None:
            self._apply(ChannelRemoved(item.key))

    async def _open_channel(self, channel: Channel) -> None:
        try:
            await self._stage.open_sound(channel.key, channel.address, channel)
        except LivehouseError:
            return
        now = self._find_channel(channel.key)
        if now is None:
            await self._stage.close(channel.key)
            return
        self._missing.discard(channel.key)
        self._stage.set_channel(now)

    def _find_channel(self, key: str) -> Channel | None:
        return next((one for one in self._read().channels if one.key == key), None)


def _may_be_there(item: StudioItem) -> bool:
    """Cheap, where opening would take a while or write to the log."""
    if item.kind == "camera":
        return any(camera.address == item.address for camera in list_cameras())
    if item.kind == "image":
        return Path(item.address).is_file()
    if item.kind == "file":
        return Path(item.address.removeprefix("file:")).is_file()
    return True
