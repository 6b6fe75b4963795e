"""A publisher and a viewer as real programs, each behind a link that can be cut."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from tests.e2e.programs import LivehouseProgram, RelayProgram, running_livehouse, until
from tests.e2e.recordings import RecordedCard, assert_in_order, assert_plays, read_cards
from tests.faults.tcp_proxy import FaultProxy, fault_proxy
from tests.support.relay_clients import SubscriberClient, subscriber
from wire import room_events
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

BACK_WITHIN_S: Final = 5.0
"""The promise."""
PATIENCE_S: Final = 20.0
"""Of a test, whose machine may have other things to do."""
START_TIMEOUT_S: Final = 60.0

CutKind = Literal["silent", "refused"]


@dataclass
class CutVenue:
    """A publisher and a recording viewer, each behind a proxy; an observer beside the relay."""

    up: FaultProxy
    down: FaultProxy
    viewer: LivehouseProgram
    observer: SubscriberClient
    recording: Path
    stats_file: Path
    cards: list[RecordedCard] = field(default_factory=list)
    """What was recorded, once the viewer has ended."""

    @property
    def stats(self) -> dict[str, float]:
        """Of the viewer, once it has ended."""
        return json.loads(self.stats_file.read_text())

    async def cut(self, kind: CutKind, seconds: float, *ends: FaultProxy) -> int:
        """Cut these links, or both. Returns the Unix microsecond at which they were healed."""
        for link in ends or (self.up, self.down):
            if kind == "silent":
                link.half_open()
            else:
                link.refuse()
                await link.reset()
        await asyncio.sleep(seconds)  # the length of the cut is what is tested
        for link in ends or (self.up, self.down):
            link.heal()
        return time.time_ns() // 1000

    async def wait_for_picture_after(self, unix_us: int, timeout_s: float) -> None:
        """Until the relay forwards a picture that was captured after a moment."""

        def find() -> bool:
            return any(
                isinstance(message, MediaPacket)
                and message.kind is Kind.VIDEO
                and message.captured_at_unix_us > unix_us
                for message in self.observer.received[-100:]
            )

        await self.observer.wait_until(find, "a fresh picture", timeout_s=timeout_s)

    async def wait_for_viewers_return(self) -> None:
        """Where the cut ended its connection: the first time in a test."""
        await until(lambda: "connected again" in self.viewer.log, PATIENCE_S, "the viewer's return")

    async def go_on_for(self, seconds: float) -> None:
        newest_us = self.observer.video[-1].captured_at_unix_us
        await self.wait_for_picture_after(newest_us + int(seconds * 1e6), seconds + PATIENCE_S)


@asynccontextmanager
async def cut_venue(folder: Path) -> AsyncIterator[CutVenue]:
    recording, stats_file = folder / "cut.mkv", folder / "watch.json"
    async with AsyncExitStack() as stack:
        relay = stack.enter_context(RelayProgram(folder / "data"))
        up = await stack.enter_async_context(fault_proxy(relay.port))
        down = await stack.enter_async_context(fault_proxy(relay.port))
        publisher = LivehouseProgram(
            "publish", "--relay", up.url, "--room", relay.room.id,
            "--source", "testcard:640x360", "--layers", "360p", "--audio", "tone",
            publish_key=relay.room.publish_key, says_to=folder / "publish.log",
        )  # fmt: skip
        viewer = LivehouseProgram(
            "watch", "--relay", down.url, "--room", relay.room.id, "--record", str(recording),
            "--stats-json", str(stats_file), says_to=folder / "watch.log",
        )  # fmt: skip
        observer = await stack.enter_async_context(subscriber(relay.url, relay.room.id))
        await stack.enter_async_context(running_livehouse(publisher))
        await stack.enter_async_context(running_livehouse(viewer))
        venue = CutVenue(up, down, viewer, observer, recording, stats_file)
        await until(lambda: relay.metric("subscribers") == 2, START_TIMEOUT_S, "the viewer's start")
        await observer.wait_until(
            lambda: observer.video, "the first picture", timeout_s=START_TIMEOUT_S
        )
        await venue.go_on_for(1.0)
        yield venue
    # Whatever was cut: one broadcast, in order, and a file that plays.
    started = [event.broadcast.broadcast_id for event in observer.of(room_events.BroadcastStarted)]
    resumed = [event.broadcast.broadcast_id for event in observer.of(room_events.BroadcastResumed)]
    assert len({*started, *resumed}) == 1
    assert all(after.pts_us > before.pts_us for before, after in pairwise(observer.video))
    venue.cards = await asyncio.to_thread(read_cards, recording)
    assert_in_order(venue.cards)
    await asyncio.to_thread(assert_plays, recording)
