from __future__ import annotations

import numpy as np
import pytest

from app.media.capture.test_tone import make_tone
from app.media.replay.speed_filter import SpeedFilter

BLOCK = 960


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.0, 1.25, 1.5, 2.0])
def test_apply_when_four_seconds_are_played_then_they_take_as_long_as_the_speed_says(
    speed: float,
) -> None:
    made = SpeedFilter(speed)
    played = sum(
        len(made.apply(np.ascontiguousarray(make_tone(number * BLOCK, BLOCK), np.float32)))
        for number in range(200)
    )
    assert abs(played - 200 * BLOCK / speed) < 48_000 * 0.12


def test_apply_when_the_speed_is_one_then_sound_is_untouched() -> None:
    block = np.ascontiguousarray(make_tone(0, BLOCK), np.float32)
    assert SpeedFilter().apply(block) is block
