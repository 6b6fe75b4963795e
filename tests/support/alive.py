"""Whether a relay stays alive under attack, as its users see it: a viewer and a chatter."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.relay_clients import ControlClient, control
from wire import chat_events, commands, event_base

if TYPE_CHECKING:
    from tests.support.relay_process import RelayProcess

MESSAGES = 30
ROUND_TRIP_MS_MAX = 500.0
LATE_SHARE_MAX = 0.05
LATE_MS_MAX = 3_000.0
"""So few may take longer, up to this: another test may have the processors for a moment."""
MEMORY_MB_MAX = 20.0
MEMORY_RETURNS_S = 30.0
LOG_LINES_PER_PEER_MAX = 10
_PING_INTERVAL_S = 0.06
_MESSAGE_INTERVAL_S = 0.1


@dataclass
class Watch:
    """Filled in while the attack runs. `peers` is for the attack to count."""

    peers: int = 0
    round_trips_ms: list[float] = field(default_factory=list)


@contextlib.asynccontextmanager
async def staying_alive(relay: RelayProcess, room_name: str) -> AsyncIterator[Watch]:
    """Attack in the body; at its end everything that ALIVE promises has been checked."""
    watch = Watch()
    pid = relay.pid
    async with control(relay.url) as chatter, control(relay.url) as viewer:
        await chatter.register(room_name)
        room_id = await chatter.create_room(room_name)
        await chatter.join(room_id)
        await viewer.join(room_id)
        log_lines, memory_mb = relay.log().count("\n"), relay.rss_mb()
        pings = asyncio.get_running_loop().create_task(_ping(viewer, watch))
        messages = asyncio.get_running_loop().create_task(_chat(chatter, room_id, watch))
        try:
            yield watch
            await messages
            await viewer.wait_for(event_base.DanmakuPosted, text=f"message {MESSAGES - 1}")
        finally:
            pings.cancel()
            messages.cancel()
            await asyncio.wait([pings, messages])
        seen = [posted.text for posted in viewer.of(event_base.DanmakuPosted)]
        assert seen == [f"message {number}" for number in range(MESSAGES)]
    assert relay.is_running()
    assert relay.pid == pid
    _check_round_trips(watch)
    await _check_memory(relay, memory_mb)
    log = relay.log()
    assert "Traceback" not in log, log[-4000:]
    new_lines = log.count("\n") - log_lines
    assert new_lines <= LOG_LINES_PER_PEER_MAX * max(1, watch.peers), log[-4000:]


async def _ping(viewer: ControlClient, watch: Watch) -> None:
    while True:
        began_s = time.monotonic()
        await viewer.ask(commands.Ping(id=0))
        watch.round_trips_ms.append((time.monotonic() - began_s) * 1000)
        await asyncio.sleep(_PING_INTERVAL_S)


async def _chat(chatter: ControlClient, room_id: str, watch: Watch) -> None:
    for number in range(MESSAGES):
        began_s = time.monotonic()
        answer = await (await chatter.say(room_id, f"message {number}"))
        assert isinstance(answer, chat_events.DanmakuAccepted), answer
        watch.round_trips_ms.append((time.monotonic() - began_s) * 1000)
        await asyncio.sleep(_MESSAGE_INTERVAL_S)


def _check_round_trips(watch: Watch) -> None:
    ordered = sorted(watch.round_trips_ms)
    p99_ms = ordered[int(len(ordered) * 0.99)]
    sys.stdout.write(
        f"alive: {len(ordered)} round trips, p99 {p99_ms:.0f} ms, max {ordered[-1]:.0f} ms\n"
    )
    late = sum(took_ms > ROUND_TRIP_MS_MAX for took_ms in ordered)
    assert late <= len(ordered) * LATE_SHARE_MAX, ordered
    assert ordered[-1] <= LATE_MS_MAX


async def _check_memory(relay: RelayProcess, before_mb: float) -> None:
    deadline_s = time.monotonic() + MEMORY_RETURNS_S
    while (grown_mb := relay.rss_mb() - before_mb) > MEMORY_MB_MAX:
        assert time.monotonic() < deadline_s, f"the relay kept {grown_mb:.0f} MB"
        await asyncio.sleep(0.2)
    sys.stdout.write(f"alive: memory {grown_mb:+.1f} MB\n")
