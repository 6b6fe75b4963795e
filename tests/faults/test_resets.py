"""Links that are reset at random, again and again: nothing is stuck, doubled or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from benchmarks.harness.reset_storm import storm
from tests.faults.seeds import fault_seed

if TYPE_CHECKING:
    from pathlib import Path

RESETS: Final = 20
"""The bench `resets` does 200."""


@pytest.mark.slow
async def test_room_when_its_links_are_reset_at_random_then_nothing_is_stuck_doubled_or_lost(
    tmp_path: Path,
) -> None:
    outcome = await storm(tmp_path / "data", RESETS, fault_seed(), near=2, far=6, people=4)
    assert outcome.failures() == []
    assert outcome.far_reconnects > 0
    assert outcome.gifts > 0
    assert outcome.said > 0
