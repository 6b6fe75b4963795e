"""When the recordings' share of the disk needs somebody."""

from __future__ import annotations

import pytest

from app.state.recording_share import find_standing
from wire.replay_events import RecordingShare

GB = 10**9


@pytest.mark.parametrize(
    ("is_on", "is_full", "kept_gb", "free_gb", "standing"),
    [
        (True, False, 2, 40, ""),
        (False, False, 0, 40, "off"),
        (True, True, 2, 1.05, "disk_full"),
        (True, True, 21, 40, "share_full"),
        (True, False, 2, 1.4, "disk_low"),
        (True, False, 17, 40, "share_low"),
        (True, False, 0, 0.5, "disk_low"),
    ],
)
def test_standing_when_looked_at_then_says_what_is_the_matter(
    *, is_on: bool, is_full: bool, kept_gb: float, free_gb: float, standing: str
) -> None:
    share = RecordingShare(
        is_on=is_on,
        is_full=is_full,
        recordings=3,
        bytes=20 * GB,
        kept_bytes=round(kept_gb * GB),
        bytes_max=20 * GB,
        free_bytes=round(free_gb * GB),
        free_bytes_min=GB,
    )
    assert find_standing(share) == standing
