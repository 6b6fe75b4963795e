"""Killed at some moment of a broadcast, the recording is there to its last second.

Twenty kills are `dev.py bench recording_kills`.
"""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

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


@pytest.mark.parametrize("number", range(5))
async def test_recording_when_relay_or_publisher_is_killed_then_plays_to_the_last_second(
    tmp_path: Path, clip_path: Path, number: int
) -> None:
    victim: Victim = "relay" if number % 2 == 0 else "publisher"
    judged = await kill_in_mid_broadcast(
        tmp_path / "data", clip_path, victim, random.Random(number)
    )
    assert not judged.problems
    assert judged.lost_ms <= LOST_MS_MAX
    assert judged.step_ms <= STEP_MS_MAX
    assert judged.danmaku > 150
    assert judged.missing == 0
    assert judged.moved_ms <= 1
