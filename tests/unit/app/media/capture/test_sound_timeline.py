import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.capture.sound_timeline import (
    DRIFT_US_MAX,
    SILENCE_US_MAX,
    SoundTimeline,
    duration_us_of,
)
from app.media.capture.source import Samples


def block(count: int, value: float = 0.5) -> Samples:
    return np.full((count, 2), value, np.float32)


def test_push_when_blocks_are_exact_then_they_pass_untouched() -> None:
    timeline = SoundTimeline()
    for number in range(500):
        samples = block(480)
        assert timeline.push(samples, 7_000 + number * 10_000) is samples
    assert timeline.end_us == 7_000 + 5_000_000
    assert timeline.samples_corrected == 0


@pytest.mark.parametrize("parts_per_million", [-300, -50, 50, 300])
def test_push_when_the_device_drifts_then_the_run_follows_its_time(parts_per_million: int) -> None:
    timeline = SoundTimeline()
    jitter = np.random.default_rng(7).integers(-3_000, 3_000, 6_000)
    pts_us = 0.0
    errors_us = []
    for number in range(6_000):
        end_us = timeline.end_us
        if end_us is not None:
            errors_us.append(pts_us - end_us)
        timeline.push(block(480), round(pts_us + jitter[number]) if number else 0)
        pts_us += 10_000 * (1 + parts_per_million / 1e6)
    assert max(abs(error) for error in errors_us) < DRIFT_US_MAX + 2_500
    assert timeline.samples_corrected > 0


def test_push_when_a_block_is_missing_then_silence_stands_in_its_place() -> None:
    timeline = SoundTimeline()
    timeline.push(block(4_800), 0)
    run = timeline.push(block(480), 200_000)
    assert len(run) == 4_800 + 480
    assert not run[:4_800].any()
    assert (run[4_800:] == 0.5).all()
    assert timeline.end_us == 210_000


def test_push_when_a_block_overlaps_far_then_what_was_given_is_cut_off() -> None:
    timeline = SoundTimeline()
    timeline.push(block(48_000), 0)
    assert len(timeline.push(block(9_600), 900_000)) == 4_800
    assert len(timeline.push(block(480), 100_000)) == 0
    assert timeline.end_us == 1_100_000


def test_push_when_the_gap_is_too_long_to_fill_then_the_run_starts_anew() -> None:
    timeline = SoundTimeline()
    timeline.push(block(480), 0)
    assert len(timeline.push(block(480), SILENCE_US_MAX + 20_000)) == 480
    assert timeline.restarts == 1
    assert timeline.end_us == SILENCE_US_MAX + 30_000


@given(st.integers(-50_000, 50_000))
def test_push_when_a_start_was_given_then_the_first_block_is_placed_exactly(offset_us: int) -> None:
    timeline = SoundTimeline(1_000_000)
    timeline.push(block(4_800), 1_000_000 + offset_us)
    assert timeline.end_us is not None
    assert abs(timeline.end_us - (1_100_000 + offset_us)) <= 21


@given(st.lists(st.tuples(st.integers(1, 2_000), st.integers(-90_000, 400_000)), max_size=60))
def test_push_when_anything_comes_then_end_and_samples_agree(blocks: list[tuple[int, int]]) -> None:
    timeline = SoundTimeline(0)
    samples, pts_us = 0, 0
    for count, jump_us in blocks:
        samples += len(timeline.push(block(count), max(0, pts_us + jump_us)))
        pts_us = timeline.end_us or 0
        assert timeline.restarts == 0
        assert timeline.end_us == duration_us_of(samples)
