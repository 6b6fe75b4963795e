"""`kill -9` in mid-gift: what was acknowledged is there once, and the book holds each time."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest

from tests.support.gift_kills import GIFTS_A_ROUND, kill_in_mid_gift

KILLS: Final = 15
"""The bench `gift_kills` does 200."""


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_gifts_when_the_relay_is_killed_15_times_then_none_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    tally = await kill_in_mid_gift(tmp_path / "data", KILLS, random.Random(10))
    assert tally.kills == KILLS
    assert tally.acknowledged >= KILLS
    assert tally.asked_again == GIFTS_A_ROUND
    assert tally.gifts_in_book >= tally.acknowledged
