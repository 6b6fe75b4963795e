"""Somebody sets the relay's wall clock by days: nobody is logged out and nothing is stuck."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.faults.wall_clock import DAY_S, WallClock, why_not
from tests.support.relay_clients import ControlClient, control, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia, sequences
from wire import account_commands, chat_events, event_base, events
from wire.errors import ErrorCode
from wire.media_packet import Kind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(reason := why_not()), reason=reason)

JUMPS_S: Final = (DAY_S, -DAY_S, 40 * DAY_S, 0)
"""From the true time. 40 days are longer than a session lives; the last one sets it right."""
WITH_LIMITER: Final = (DAY_S, -DAY_S)
"""Whoever is refused more often is held back for how it behaves."""
PAUSE_S: Final = 1.0
RETRY_S_MAX: Final = 60.0
FRAMES: Final = 10
SLACK_S: Final = 3_600
"""Far from a day, and as long as this process may stand still."""


async def test_house_when_its_clock_jumps_by_days_then_stays_logged_in_and_goes_on(
    tmp_path: Path,
) -> None:
    clock = WallClock(tmp_path / "clock")
    media = SyntheticMedia(keyframe_bytes=2_000, frame_bytes=500)
    said: list[str] = []
    with running_relay(tmp_path / "data", environment=clock.environment) as relay:
        async with (
            control(relay.url) as member,
            control(relay.url) as reader,
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            subscriber(relay.url, relay.room_id) as viewer,
        ):
            await member.register("member")
            for one in (member, reader):
                await one.join(relay.room_id)
            for jump_s in JUMPS_S:
                # The limiter has something to wait for when the clock jumps.
                wait_s = PAUSE_S
                if jump_s in WITH_LIMITER:
                    wait_s = await _write_until_refused(member, relay.room_id, said)
                assert wait_s <= RETRY_S_MAX
                clock.jump(jump_s)
                sent_at_s = await _write(member, relay.room_id, said, wait_s)
                assert abs(sent_at_s - time.time_ns() / 1e9 - jump_s) < SLACK_S
                async with control(relay.url) as again:
                    resumed = await again.ask(account_commands.Resume(id=0, token=member.token))
                    assert resumed.user == member.user
                newest = media.frames + FRAMES - 1
                await source.stream(media, FRAMES)
                await viewer.wait_for_sequence(Kind.VIDEO, newest, timeout_s=30)
            await reader.wait_for(event_base.DanmakuPosted, text=said[-1], timeout_s=30)
            assert [one.text for one in reader.of(event_base.DanmakuPosted)] == said
            assert sequences(viewer.packets, Kind.VIDEO) == list(range(len(JUMPS_S) * FRAMES))
            assert {one.close_code for one in (member, reader, source, viewer)} == {None}


async def _write_until_refused(member: ControlClient, room_id: str, said: list[str]) -> float:
    """Seconds that it is told to wait."""
    while True:
        text = f"message {len(said)}"
        answer = await (await member.say(room_id, text))
        if isinstance(answer, events.Error):
            assert answer.code is ErrorCode.RATE_LIMITED, answer
            return (answer.retry_after_ms or 0) / 1000
        said.append(text)


async def _write(member: ControlClient, room_id: str, said: list[str], wait_s: float) -> float:
    """Once more, after the wait. The relay's Unix second of it."""
    text = f"message {len(said)}"
    async with asyncio.timeout(RETRY_S_MAX):
        while True:
            await asyncio.sleep(wait_s)
            answer = await (await member.say(room_id, text))
            if isinstance(answer, chat_events.DanmakuAccepted):
                assert not answer.is_held, answer
                said.append(text)
                return answer.sent_at_unix_ms / 1000
            wait_s = (answer.retry_after_ms or 0) / 1000
