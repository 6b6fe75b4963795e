"""The window's player on recordings of a real relay: one that is over, and one that goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.net.address import parse_relay_address
from app.net.ranged_source import RangedSource
from tests.integration.relay.test_recordings import Stage, on_air, ready, send
from tests.unit.app.media.replay.test_replay_player import Screen, make_player

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.media.replay.replay_player import ReplayPlayer
    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess

STEP_US = 40_000


def play(stage: Stage, opened: Any, screen: Screen, **wishes: Any) -> ReplayPlayer:
    source = RangedSource(parse_relay_address(stage.relay.url), opened.path, opened.ticket)
    player = make_player(source, screen, **wishes)
    player.start()
    return player


async def seen(screen: Screen, holds: Callable[[], bool]) -> None:
    await asyncio.to_thread(screen.wait, holds)


@pytest.fixture
def stage(relay: RelayProcess, owner: ControlClient, room_id: str, publish_key: str) -> Stage:
    return Stage(relay, owner, room_id, publish_key)


async def test_player_when_a_recording_is_over_then_any_moment_of_it_shows(
    stage: Stage, clip_path: Path
) -> None:
    async with on_air(stage, clip_path) as media:
        await send(stage, media, 18.0)
    replay = await ready(stage)
    opened = await stage.open(replay.replay_id)
    screen = Screen()
    player = play(stage, opened, screen, is_paused=True)
    try:
        await seen(screen, lambda: bool(screen.pictures))
        assert player.status.duration_us == pytest.approx(replay.duration_ms * 1000, abs=50_000)
        for at_us in (17_000_000, 400_000, 9_960_000, 10_000_000):
            player.seek(at_us)
            await seen(screen, lambda at_us=at_us: abs(screen.pictures[-1] - at_us) <= STEP_US)  # type: ignore[misc] # a default binds it now
        player.seek(19_500_000)
        player.pause(is_paused=False)
        await seen(screen, lambda: player.status.phase == "ended")
    finally:
        await asyncio.to_thread(player.stop)


async def test_player_when_the_broadcast_goes_on_then_it_catches_up_and_plays_to_the_end(
    stage: Stage, clip_path: Path
) -> None:
    screen = Screen()
    async with on_air(stage, clip_path) as media:
        opened = await stage.live()
        player = play(stage, opened, screen, is_growing=True)
        await seen(screen, lambda: bool(screen.pictures))
        await send(stage, media, 6.0)
        player.seek(6_000_000)
        await seen(screen, lambda: max(screen.pictures) >= 6_500_000)
    try:
        replay = await ready(stage)
        player.choose_speed(2.0)
        end_us = replay.duration_ms * 1000 - 4 * STEP_US
        await seen(screen, lambda: max(screen.pictures) >= end_us)
    finally:
        await asyncio.to_thread(player.stop)
