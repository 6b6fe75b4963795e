"""The publisher's and the viewer's links are cut or narrowed; both ends heal by themselves."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pytest

from tests.e2e.programs import LivehouseProgram, RelayProgram, running_livehouse, until
from tests.e2e.recordings import RecordedCard, assert_in_order, assert_plays, read_cards
from tests.faults import tcp_proxy
from tests.faults.tcp_proxy import FaultProxy, fault_proxy
from tests.support.relay_clients import SubscriberClient, subscriber
from wire import events
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

BACK_WITHIN_S = 5.0
START_TIMEOUT_S = 20.0
SHORT_S, LONG_S = 3.0, 30.0
NARROW_BPS = 800_000.0
"""Under half of the upper layer's 2 Mbit/s; the lower one's 500 kbit/s and the sound fit in."""
NARROW_TIMEOUT_S = 30.0

CutKind = Literal["silent", "refused"]


@dataclass
class _Venue:
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

    async def cut(self, kind: CutKind, seconds: float) -> int:
        """Cut both links. Returns the Unix microsecond at which they were healed."""
        for link in (self.up, self.down):
            if kind == "silent":
                link.half_open()
            else:
                link.refuse()
                await link.reset()
        await asyncio.sleep(seconds)  # the length of the cut is what is tested
        for link in (self.up, self.down):
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
        await until(
            lambda: "connected again" in self.viewer.log, BACK_WITHIN_S, "the viewer's return"
        )

    async def go_on_for(self, seconds: float) -> None:
        newest_us = self.observer.video[-1].captured_at_unix_us
        await self.wait_for_picture_after(newest_us + int(seconds * 1e6), seconds + BACK_WITHIN_S)


@asynccontextmanager
async def _venue(folder: Path) -> AsyncIterator[_Venue]:
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
        venue = _Venue(up, down, viewer, observer, recording, stats_file)
        await until(lambda: relay.metric("subscribers") == 2, START_TIMEOUT_S, "the viewer's start")
        await observer.wait_until(
            lambda: observer.video, "the first picture", timeout_s=START_TIMEOUT_S
        )
        await venue.go_on_for(1.0)
        yield venue
    # Whatever was cut: one broadcast, in order, and a file that plays.
    started = [event.broadcast.broadcast_id for event in observer.of(events.BroadcastStarted)]
    resumed = [event.broadcast.broadcast_id for event in observer.of(events.BroadcastResumed)]
    assert len({*started, *resumed}) == 1
    assert all(after.pts_us > before.pts_us for before, after in pairwise(observer.video))
    venue.cards = read_cards(recording)
    assert_in_order(venue.cards)
    assert_plays(recording)


async def test_links_when_cut_for_three_seconds_then_both_ends_heal(tmp_path: Path) -> None:
    async with _venue(tmp_path) as venue:
        healed_us = await venue.cut("silent", SHORT_S)
        await venue.wait_for_picture_after(healed_us, BACK_WITHIN_S)
        await venue.go_on_for(1.0)
        healed_us = await venue.cut("refused", SHORT_S)
        await venue.wait_for_picture_after(healed_us, BACK_WITHIN_S)
        await venue.wait_for_viewers_return()
        await venue.go_on_for(2.0)
    assert venue.stats["stall_ms"] <= 2 * (SHORT_S + BACK_WITHIN_S) * 1000
    assert venue.stats["pts_order_violations"] == 0
    assert venue.stats["reconnects"] >= 1
    assert venue.cards[-1].reading.captured_at_unix_us > healed_us


@pytest.mark.slow
async def test_links_when_cut_for_thirty_seconds_then_both_ends_heal(tmp_path: Path) -> None:
    async with _venue(tmp_path) as venue:
        healed_us = await venue.cut("silent", LONG_S)
        await venue.wait_for_picture_after(healed_us, BACK_WITHIN_S)
        await venue.wait_for_viewers_return()
        await venue.go_on_for(2.0)
    assert venue.stats["stall_ms"] <= (LONG_S + BACK_WITHIN_S) * 1000
    assert venue.stats["pts_order_violations"] == 0
    assert venue.cards[-1].reading.captured_at_unix_us > healed_us


async def test_viewers_link_when_narrow_then_it_alone_degrades_and_is_told_why(
    tmp_path: Path, clip_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_stats, near_stats = tmp_path / "far.json", tmp_path / "near.json"
    # A link that holds little: the relay must feel soon that it is full.
    monkeypatch.setattr(tcp_proxy, "IN_FLIGHT_MAX", 2)
    async with AsyncExitStack() as stack:
        relay = stack.enter_context(RelayProgram(tmp_path / "data"))
        down = await stack.enter_async_context(
            fault_proxy(relay.port, receive_buffer_bytes=32 * 1024)
        )
        to_room = ("--relay", relay.url, "--room", relay.room.id)
        publisher = LivehouseProgram(
            "publish", *to_room, "--source", f"file:{clip_path}", "--loop",
            "--layers", "720p,360p",
            publish_key=relay.room.publish_key, says_to=tmp_path / "publish.log",
        )  # fmt: skip
        far = LivehouseProgram(
            "watch", "--relay", down.url, "--room", relay.room.id,
            "--stats-json", str(far_stats), says_to=tmp_path / "far.log",
        )  # fmt: skip
        near = LivehouseProgram(
            "watch", *to_room, "--stats-json", str(near_stats), says_to=tmp_path / "near.log"
        )
        for program in (publisher, near, far):
            await stack.enter_async_context(running_livehouse(program))
        await until(
            lambda: relay.metric("subscribers") == 2, START_TIMEOUT_S, "both viewers' start"
        )
        down.down.bandwidth_bps = NARROW_BPS
        await until(
            lambda: "pictures left out" in far.log and "layer 0 (viewer slow)" in far.log,
            NARROW_TIMEOUT_S,
            "the reason, at the viewer",
        )
    far_fared, near_fared = json.loads(far_stats.read_text()), json.loads(near_stats.read_text())
    assert far_fared["relay_video_dropped"] > 0
    assert far_fared["layer_switches"] >= 1
    assert "left out" not in near.log
    assert "viewer slow" not in near.log
    assert near_fared["gaps"] == 0
    assert near_fared["layer_switches"] == 0
    assert near_fared["reconnects"] == 0
