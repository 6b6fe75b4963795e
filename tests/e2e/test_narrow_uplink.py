"""The publisher's uplink becomes narrow and wide again: the stream follows, and nothing breaks.

The course with its figures is `python3 dev.py bench uplink`; here it is short and its bounds wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.uplink_course import NARROW_BPS, run_uplink_course, write_busy_clip

if TYPE_CHECKING:
    from pathlib import Path

BEFORE_S, NARROW_S, AFTER_S = 4.0, 12.0, 90.0
AGE_MS_MAX = 15_000.0
"""Three seconds are promised, and measured by the bench."""


async def test_publisher_when_its_uplink_is_narrow_for_a_while_then_it_follows_and_comes_back(
    tmp_path: Path,
) -> None:
    clip = tmp_path / "busy.mp4"
    write_busy_clip(clip)
    course = await run_uplink_course(
        tmp_path,
        source=f"file:{clip}",
        layers="540p",
        before_s=BEFORE_S,
        narrow_s=NARROW_S,
        after_s=AFTER_S,
    )
    assert course.reconnects == 0, course.said
    reasons = [decision["reason"] for decision in course.decisions]
    assert "uplink_narrow" in reasons
    assert reasons[-1] == "uplink_calm"
    assert all(decision["bit_rate_bps"] <= course.cap_bps for decision in course.decisions)
    assert min(point.bit_rate_bps for point in course.points) < NARROW_BPS
    assert course.points[-1].bit_rate_bps == course.cap_bps, course.said
    assert course.points[-1].height == 540
    assert course.picture_age_ms_max <= AGE_MS_MAX
    assert course.dropped.get("audio_overflow", 0) == 0
    assert "too narrow" in course.said
    assert "wide enough again" in course.said
