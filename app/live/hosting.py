"""Hosting without a window: the bundled relay, a broadcast of what there is, and its echo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.errors import LivehouseError, MediaFailed, RelayUnreachable
from app.live.publishing import Publishing
from app.live.watching import Watching
from app.net.relay_process import RelayProcess, start_relay
from app.settings import PublishSettings, Secret, WatchSettings

ROOM: Final = "home"
_CAPTURES: Final = (("camera", "mic"), ("camera", "tone"), ("testcard", "tone"))
"""Picture and sound, tried in this order."""


class Hosting:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        *,
        data_dir: Path,
        seconds: float | None,
        random: Callable[[], float],
        unix_us: Callable[[], int],
        on_notice: Callable[[str], None],
    ) -> None:
        self._data_dir = data_dir
        self._seconds = seconds
        self._random = random
        self._unix_us = unix_us
        self._on_notice = on_notice
        self._stopping = asyncio.Event()
        self._publishing: Publishing | None = None
        self._watching: Watching | None = None

    async def run(self) -> None:
        """Until `stop` or the end of --seconds; everything that was started is stopped in order."""
        relay = await start_relay(data_dir=self._data_dir, room=ROOM)
        try:
            self._on_notice(f"relay at {relay.ready.url}, data in {relay.ready.data_dir}")
            await self._run_beside(relay)
        finally:
            await relay.stop()

    def stop(self) -> None:
        """On the loop."""
        self._stopping.set()

    def line(self) -> str:
        """How it goes: one line for each end."""
        if self._watching is None or self._publishing is None:
            return "starting"
        return f"{self._publishing.line()}\n{self._watching.line()}"

    def statistics(self) -> dict[str, object]:
        return {
            "publish": self._publishing.statistics() if self._publishing is not None else {},
            "watch": self._watching.statistics() if self._watching is not None else {},
        }

    async def _run_beside(self, relay: RelayProcess) -> None:
        room = next((room for room in relay.ready.rooms if room.name == ROOM), None)
        if room is None:
            raise RelayUnreachable("the bundled relay did not make its room")
        loop = asyncio.get_running_loop()
        watching = self._watching = Watching(
            WatchSettings(relay=relay.ready.url, room=room.id),
            random=self._random,
            unix_us=self._unix_us,
            on_notice=lambda _words: None,
        )
        tasks = {
            loop.create_task(self._publish(relay.ready.url, room.id, Secret(room.publish_key))),
            loop.create_task(watching.run()),
            loop.create_task(self._await_stop()),
            loop.create_task(self._guard(relay)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            watching.stop()
            if self._publishing is not None:
                self._publishing.stop()
            await asyncio.wait(tasks, timeout=1.0)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _publish(self, url: str, room_id: str, key: Secret) -> None:
        for source, audio in _CAPTURES:
            publishing = self._publishing = Publishing(
                PublishSettings(
                    relay=url, room=room_id, publish_key=key, source=source, audio=audio
                ),
                random=self._random,
                on_notice=self._on_notice,
            )
            try:
                await publishing.run()
            except LivehouseError as error:
                if publishing.is_live or (source, audio) == _CAPTURES[-1]:
                    raise
                self._on_notice(f"{source} with {audio}: {error.message}")
            else:
                return
            if source == "camera" and audio == "tone":
                self._on_notice("no camera: showing the test card with a tone instead")
        raise MediaFailed("nothing to publish")

    async def _await_stop(self) -> None:
        if self._seconds is None:
            await self._stopping.wait()
            return
        try:
            async with asyncio.timeout(self._seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _guard(self, relay: RelayProcess) -> None:
        code = await relay.wait()
        raise RelayUnreachable(f"the bundled relay ended with exit code {code}")
