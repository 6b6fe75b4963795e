"""Motion of full-stage gifts: bounded, visible, and the same each time."""

from __future__ import annotations

import pytest

from app.state.gift_motion import SPARKS, pose, sparks, veil

STEPS = [step / 100 for step in range(101)]


@pytest.mark.parametrize("gift_id", ["rocket", "dragon", "castle", "whale", "unknown"])
def test_pose_when_progress_goes_on_then_it_is_bounded_and_stands_on_the_stage(
    gift_id: str,
) -> None:
    poses = [pose(gift_id, t) for t in STEPS]
    assert all(0 <= one.opacity <= 1 and 0 <= one.size < 1 for one in poses)
    visible = [one for one in poses if 0 < one.x < 1 and 0 < one.y < 1 and one.opacity > 0.9]
    assert len(visible) >= 40  # of a hundred steps


def test_pose_when_it_begins_and_ends_then_nothing_jumps_into_view() -> None:
    for gift_id in ("rocket", "dragon", "castle", "whale", "unknown"):
        for t in (0.0, 1.0):
            end = pose(gift_id, t)
            is_outside = not (-0.2 < end.x < 1.2) or not (-0.3 < end.y < 1.25)
            assert end.opacity == 0 or end.size == pytest.approx(0) or is_outside, (gift_id, end)


def test_sparks_when_seed_is_the_same_then_so_are_they() -> None:
    assert list(sparks("a", 0.4)) == list(sparks("a", 0.4))
    assert list(sparks("a", 0.4)) != list(sparks("b", 0.4))
    assert list(sparks("a", 1.0)) == []
    assert all(len(list(sparks("a", t))) <= SPARKS for t in STEPS)


def test_veil_when_effect_ends_then_stage_is_bright_again() -> None:
    assert veil(0) == veil(1) == 0
    assert veil(0.5) == 1
