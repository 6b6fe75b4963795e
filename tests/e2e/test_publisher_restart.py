"""The publisher dies without a goodbye and another one takes its place; viewers stay."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.e2e.programs import LivehouseProgram, RelayProgram, running_livehouse, until
from tests.e2e.recordings import assert_in_order, assert_plays, read_cards
from tests.faults.tcp_proxy import fault_proxy
from tests.support.relay_clients import subscriber
from wire import room_events

if TYPE_CHECKING:
    from pathlib import Path

AWAY_S = 2.0
AWAY_TOLD_WITHIN_S = 3.0
PICTURE_WITHIN_S = 2.0
START_TIMEOUT_S = 60.0


async def test_publisher_when_killed_and_replaced_then_viewers_stay_and_see_the_new_one(
    tmp_path: Path,
) -> None:
    recording, stats_file = tmp_path / "out.mkv", tmp_path / "watch.json"
    async with AsyncExitStack() as stack:
        relay = stack.enter_context(RelayProgram(tmp_path / "data"))
        link = await stack.enter_async_context(fault_proxy(relay.port))  # it counts the sockets
        observer = await stack.enter_async_context(subscriber(relay.url, relay.room.id))

        def make_publisher(name: str) -> LivehouseProgram:
            return LivehouseProgram(
                "publish", "--relay", relay.url, "--room", relay.room.id,
                "--source", "testcard:640x360", "--layers", "360p", "--audio", "tone",
                publish_key=relay.room.publish_key, says_to=tmp_path / f"{name}.log",
            )  # fmt: skip

        first = make_publisher("first")
        first.start()
        stack.callback(first.kill)
        viewer = LivehouseProgram(
            "watch", "--relay", link.url, "--room", relay.room.id, "--record", str(recording),
            "--stats-json", str(stats_file), says_to=tmp_path / "watch.log",
        )  # fmt: skip
        await stack.enter_async_context(running_livehouse(viewer))
        await until(lambda: relay.metric("subscribers") == 2, START_TIMEOUT_S, "the viewer's start")
        begin_us = time.time_ns() // 1000
        await observer.wait_until(
            lambda: (
                observer.video and observer.video[-1].captured_at_unix_us > begin_us + 2_000_000
            ),
            "two seconds of pictures",
            timeout_s=START_TIMEOUT_S,
        )
        sockets = link.accepted

        await asyncio.to_thread(first.kill)
        killed_s = time.monotonic()
        await observer.wait_for(room_events.BroadcastAway, timeout_s=AWAY_TOLD_WITHIN_S)
        await until(lambda: "the host is away" in viewer.log, AWAY_TOLD_WITHIN_S, "the word 'away'")
        await asyncio.sleep(AWAY_S - (time.monotonic() - killed_s))
        await stack.enter_async_context(running_livehouse(make_publisher("second")))
        await observer.wait_for(room_events.BroadcastResumed, timeout_s=START_TIMEOUT_S)
        away_s = time.monotonic() - killed_s
        resumed_us = time.time_ns() // 1000
        await observer.wait_until(
            lambda: observer.video[-1].captured_at_unix_us > resumed_us + 2_000_000,
            "two seconds of the new publisher's pictures",
        )
        assert link.accepted == sockets
        packets = observer.video
    stats = json.loads(stats_file.read_text())
    assert stats["reconnects"] == 0
    assert stats["stalls"] >= 1
    # The picture stood from the kill to the return, and so much longer at the most.
    assert stats["stall_ms"] <= (away_s + PICTURE_WITHIN_S) * 1000
    assert stats["pts_order_violations"] == 0
    assert "the host is back" in viewer.log
    assert all(after.pts_us > before.pts_us for before, after in pairwise(packets))
    cards = read_cards(recording)
    assert_in_order(cards)
    assert cards[-1].reading.captured_at_unix_us > resumed_us
    assert_plays(recording)
