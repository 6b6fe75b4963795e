"""A publish client whose link is kept up, and made pictures for it to send."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.net.address import parse_relay_address
from app.net.publish_client import FIRST, SECOND, PublishClient
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import RelayLink
from tests.e2e.programs import until
from tests.support.relay_clients import subscriber
from tests.support.synthetic_media import SyntheticMedia
from wire.ids import RoomId

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.support.relay_clients import SubscriberClient
    from tests.support.relay_process import RelayProcess

WAIT_S = 30.0
FRAME_S = 0.01
HOME = "127.0.0.1"


class LinkedPublisher:
    """A client whose link is kept up, and what it sends."""

    def __init__(self, relay: RelayProcess, media: SyntheticMedia | None = None) -> None:
        room = relay.ready["rooms"][0]
        self.room_id = RoomId(room["id"])
        self.media = media or SyntheticMedia(keyframe_bytes=4_000, frame_bytes=600, gop_frames=30)
        self.wanted: list[int] = []
        self.second_states: list[bool] = []
        self.client = PublishClient(
            parse_relay_address(relay.url),
            on_keyframe_wanted=self.wanted.append,
            on_event=lambda _event: None,
        )
        self._key = room["publish_key"]
        self.link = RelayLink(
            parse_relay_address(relay.url),
            self._session,
            policy=ReconnectPolicy(random=lambda: 0.5),
            on_state=lambda _state, _words: None,
        )

    async def _session(self, succeeded: Callable[[], None]) -> None:
        await self.client.run_session(
            room_id=self.room_id,
            tracks=self.media.tracks,
            publish_key=self._key,
            on_accepted=lambda _accepted: succeeded(),
        )

    async def push(self, frames: int) -> None:
        for _ in range(frames):
            for packet in self.media.next_frame():
                self.client.push(packet)
            await asyncio.sleep(FRAME_S)

    async def until_open(self, *paths: int) -> None:
        await until(lambda: all(map(self.is_open, paths)), WAIT_S, "both ways")

    def is_open(self, path: int) -> bool:
        found = self.client.stats().paths
        return len(found) > path and found[path].is_open

    def cut(self, path: int) -> None:
        socket = self.client._paths[path].socket
        assert socket is not None
        socket.transport.abort()


@asynccontextmanager
async def on_two_ways(
    publisher: LinkedPublisher, relay: RelayProcess
) -> AsyncIterator[SubscriberClient]:
    """A viewer of a publisher with both its ways open."""
    states = publisher.second_states
    async with (
        subscriber(relay.url, publisher.room_id) as viewer,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(publisher.link.run())
        tasks.create_task(
            publisher.client.run_second_path(
                publisher.room_id, HOME, on_state=lambda is_open, _: states.append(is_open)
            )
        )
        await publisher.until_open(FIRST, SECOND)
        yield viewer
        publisher.client.stop()
