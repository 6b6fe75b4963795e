"""The publisher's and the viewer's links are cut or narrowed; both ends heal by themselves."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.e2e.cut_venue import PATIENCE_S, START_TIMEOUT_S, CutVenue, cut_venue
from tests.e2e.programs import LivehouseProgram, RelayProgram, running_livehouse, until
from tests.faults import tcp_proxy
from tests.faults.tcp_proxy import fault_proxy

if TYPE_CHECKING:
    from pathlib import Path

SHORT_S, LONG_S = 3.0, 15.0
"""The bench `cuts` has a minute, too."""
NARROW_BPS = 800_000.0
"""Under half of the upper layer's 2 Mbit/s; the lower one's 500 kbit/s and the sound fit in."""
NARROW_TIMEOUT_S = 30.0


async def test_links_when_cut_for_three_seconds_then_both_ends_heal(tmp_path: Path) -> None:
    async with cut_venue(tmp_path) as venue:
        healed_us = await venue.cut("silent", SHORT_S)
        await venue.wait_for_picture_after(healed_us, PATIENCE_S)
        await venue.go_on_for(1.0)
        healed_us = await venue.cut("refused", SHORT_S)
        await venue.wait_for_picture_after(healed_us, PATIENCE_S)
        await venue.wait_for_viewers_return()
        await venue.go_on_for(2.0)
    assert venue.stats["stall_ms"] <= 2 * (SHORT_S + PATIENCE_S) * 1000
    assert venue.stats["pts_order_violations"] == 0
    assert venue.stats["reconnects"] >= 1
    assert venue.cards[-1].reading.captured_at_unix_us > healed_us


@pytest.mark.slow
async def test_links_when_cut_for_fifteen_seconds_at_either_end_then_that_end_heals(
    tmp_path: Path,
) -> None:
    folders = [tmp_path / "up", tmp_path / "down"]
    for folder in folders:
        folder.mkdir()
    # Beside each other: both do little but wait.
    await asyncio.gather(_cut_the_publishers(folders[0]), _cut_the_viewers(folders[1]))


async def _cut_the_publishers(folder: Path) -> None:
    async with cut_venue(folder) as venue:
        healed_us = await venue.cut("silent", LONG_S, venue.up)
        await venue.wait_for_picture_after(healed_us, PATIENCE_S)
        await venue.go_on_for(2.0)
        assert "connected again" not in venue.viewer.log, "the viewer's link was whole"
    _check_long_cut(venue, healed_us)


async def _cut_the_viewers(folder: Path) -> None:
    async with cut_venue(folder) as venue:
        healed_us = await venue.cut("refused", LONG_S, venue.down)
        await venue.wait_for_viewers_return()
        await venue.go_on_for(2.0)
    _check_long_cut(venue, healed_us)


def _check_long_cut(venue: CutVenue, healed_us: int) -> None:
    assert venue.stats["stall_ms"] <= (LONG_S + PATIENCE_S) * 1000
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
