"""Killed at some moment of a broadcast, the recording is there to its last second.

Twenty kills are `dev.py bench recording_kills`.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.recording_kills import (
    LOST_MS_MAX,
    STEP_MS_MAX,
    Victim,
    kill_in_mid_broadcast,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    shutil.which("ffprobe") is None or shutil.which("ffmpeg") is None,
    reason="the recording is judged by ffmpeg and ffprobe, which are not installed",
)


KILLS: Final = 5


@pytest.mark.slow
async def test_recordings_when_relay_or_publisher_is_killed_then_play_to_the_last_second(
    tmp_path: Path, clip_path: Path
) -> None:
    victims: list[Victim] = ["relay" if number % 2 == 0 else "publisher" for number in range(KILLS)]
    # Each has a relay of its own, and most of its time waits for the clip's next picture.
    all_judged = await asyncio.gather(
        *(
            kill_in_mid_broadcast(
                tmp_path / f"data {number}", clip_path, victim, random.Random(number)
            )
            for number, victim in enumerate(victims)
        )
    )
    for judged in all_judged:
        assert not judged.problems
        assert judged.lost_ms <= LOST_MS_MAX
        assert judged.step_ms <= STEP_MS_MAX
        assert judged.danmaku > 150
        assert judged.missing == 0
        assert judged.moved_ms <= 1
