"""The publisher of a soak: dies, is replaced, loses its link, and goes on with its broadcast."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

from benchmarks.harness.soak_viewers import BACK_OFF_S, LINK_ERRORS, abort
from tests.support.relay_clients import publisher
from tests.support.synthetic_media import SyntheticMedia
from wire.errors import CloseCode

if TYPE_CHECKING:
    from tests.support.relay_clients import PublisherClient

FRAME_RATE: Final = 15
GOP_FRAMES: Final = 30
KEYFRAME_BYTES: Final = 20_000
FRAME_BYTES: Final = 3_000
"""Some 450 kbit/s: fifty viewers of it are what the bench's own process can bear."""
_NAMES: Final = itertools.cycle(bytes([byte]) for byte in range(65, 91))


class SoakPublisher:
    """One broadcast, by one program after another."""

    def __init__(self, url: str, room_id: str, publish_key: str) -> None:
        self.programs = 0
        self.connections = 0
        self.broadcasts: set[str] = set()
        self._url = url
        self._room_id = room_id
        self._publish_key = publish_key
        self._client: PublisherClient | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """A program that knows of nothing that was before; another one that runs is replaced."""
        self.programs += 1
        self._task = asyncio.get_running_loop().create_task(self._run(_make_media()))

    async def kill(self) -> None:
        if self._task is not None:
            self._task.cancel()
            if self._client is not None:
                abort(self._client.socket)
            await asyncio.wait([self._task])

    async def _run(self, media: SyntheticMedia) -> None:
        """Until it is killed, or another one has taken over."""
        broadcast_id = None
        while True:
            with contextlib.suppress(*LINK_ERRORS):
                async with publisher(
                    self._url,
                    self._room_id,
                    media,
                    publish_key=self._publish_key,
                    broadcast_id=broadcast_id,
                ) as client:
                    self._client = client
                    accepted = client.accepted
                    self.connections += 1
                    self.broadcasts.add(str(accepted.broadcast_id))
                    if broadcast_id is None:
                        media.first_pts_us = accepted.next_pts_us
                    broadcast_id = accepted.broadcast_id
                    with contextlib.suppress(ConnectionClosed):
                        await self._stream(client, media)
                    if client.close_code == CloseCode.REPLACED:
                        return
            await asyncio.sleep(BACK_OFF_S)

    async def _stream(self, client: PublisherClient, media: SyntheticMedia) -> None:
        # Whoever comes back begins with a keyframe, whatever the group of pictures was.
        loop = asyncio.get_running_loop()
        await client.send(media.next_frame(keyframe=True))
        due_s = loop.time()
        while not client.ended.done():
            due_s = max(due_s + 1 / FRAME_RATE, loop.time() - 1.0)
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            await client.send(media.next_frame())
            client.received.clear()


def _make_media() -> SyntheticMedia:
    return SyntheticMedia(
        name=next(_NAMES),
        frame_rate=FRAME_RATE,
        gop_frames=GOP_FRAMES,
        keyframe_bytes=KEYFRAME_BYTES,
        frame_bytes=FRAME_BYTES,
    )
