import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.capture.file_timeline import JUMP_US_MAX, FileTimeline
from app.media.capture.media_reader import Picture, Sound
from app.media.capture.source import AudioBlock, VideoFrame

IMAGE = av.VideoFrame(16, 16, "yuv420p")
FRAME_US = 40_000


def make_timeline(*, has_sound: bool = True) -> FileTimeline:
    return FileTimeline(frame_us=FRAME_US, has_sound=has_sound)


def sound(count: int, pts_us: int | None) -> Sound:
    return Sound(np.full((count, 2), 0.5, np.float32), pts_us)


def drain(timeline: FileTimeline) -> tuple[list[int], list[AudioBlock]]:
    pictures: list[int] = []
    blocks: list[AudioBlock] = []
    while timeline.is_ready and (item := timeline.pop()) is not None:
        if isinstance(item, VideoFrame):
            pictures.append(item.pts_us)
        else:
            blocks.append(item)
    return pictures, blocks


def play_round(
    timeline: FileTimeline, pictures: int, sound_samples: int, sound_pts_us: int = 0
) -> tuple[list[int], list[AudioBlock]]:
    for number in range(pictures):
        timeline.add(Picture(IMAGE, number * FRAME_US))
    for first in range(0, sound_samples, 1024):
        count = min(1024, sound_samples - first)
        timeline.add(sound(count, sound_pts_us + round(first * 1e6 / 48_000)))
    timeline.finish_round()
    return drain(timeline)


@pytest.mark.parametrize("sound_samples", [0, 10_000, 19_200, 19_201, 60_000])
@pytest.mark.parametrize("sound_pts_us", [-30_000, 0, 25_000])
def test_rounds_when_the_sound_is_shorter_or_longer_then_both_end_with_the_picture(
    sound_samples: int, sound_pts_us: int
) -> None:
    timeline = make_timeline()
    for _ in range(3):
        start_us = timeline.end_us
        pictures, blocks = play_round(timeline, 10, sound_samples, sound_pts_us)
        assert pictures == [start_us + number * FRAME_US for number in range(10)]
        assert sum(len(block.samples) for block in blocks) == 19_200
        assert blocks[0].pts_us == start_us
        timeline.begin_round(timeline.end_us)
        assert timeline.end_us == start_us + 400_000


def test_pop_when_items_wait_then_they_come_in_the_order_of_their_time() -> None:
    timeline = make_timeline()
    for number in range(5):
        timeline.add(Picture(IMAGE, number * FRAME_US))
        timeline.add(sound(1_920, number * FRAME_US))
    timeline.finish_round()
    times = []
    while (item := timeline.pop()) is not None:
        times.append(item.pts_us)
    assert times == sorted(times)
    assert len(times) == 5 + 20


def test_pop_when_the_next_picture_is_unknown_then_no_sound_goes_beyond_the_round() -> None:
    timeline = make_timeline()
    timeline.add(Picture(IMAGE, 0))
    timeline.add(sound(48_000, 0))
    drain(timeline)
    while (item := timeline.pop()) is not None:
        assert isinstance(item, AudioBlock)
        assert item.pts_us < FRAME_US


def test_is_ready_when_the_sound_is_kept_back_then_pictures_wait_only_so_long() -> None:
    timeline = FileTimeline(frame_us=FRAME_US, has_sound=True, pictures_max=3)
    for number in range(3):
        assert not timeline.is_ready
        timeline.add(Picture(IMAGE, number * FRAME_US))
    assert timeline.is_ready
    assert isinstance(timeline.pop(), VideoFrame)


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=80))
def test_pictures_when_the_pts_are_wild_then_they_rise_without_a_long_gap(
    all_pts: list[int | None],
) -> None:
    timeline = FileTimeline(frame_us=FRAME_US, has_sound=False, pictures_max=100)
    for pts_us in all_pts:
        timeline.add(Picture(IMAGE, pts_us))
    timeline.finish_round()
    pictures, _ = drain(timeline)
    steps = np.diff(pictures)
    assert (steps > 0).all()
    assert (steps <= JUMP_US_MAX).all()


def test_shift_when_the_source_was_late_then_picture_and_sound_move_together() -> None:
    timeline = make_timeline()
    timeline.add(Picture(IMAGE, 0))
    timeline.add(sound(1_920, 0))
    timeline.shift(500_000)
    timeline.add(Picture(IMAGE, FRAME_US))
    timeline.add(sound(1_920, FRAME_US))
    timeline.finish_round()
    pictures, blocks = drain(timeline)
    assert pictures == [500_000, 540_000]
    assert blocks[0].pts_us == 500_000
    assert timeline.end_us == 580_000
