"""The small picture of a moment, of recordings of all kinds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.media.playback.video_decoder import VideoDecoder
from app.media.replay.byte_source import FileSource
from app.media.replay.still_finder import StillFinder
from tests.support.recordings import FRAME_RATE, GOP, write_recording

if TYPE_CHECKING:
    from pathlib import Path

    import av

WAIT_S = 30.0
LAST_KEYFRAME_US = 3 * GOP * 1_000_000 // FRAME_RATE


@pytest.mark.parametrize(
    ("has_b_frames", "at_us"), [(False, 1_500_000), (True, 1_500_000), (True, LAST_KEYFRAME_US)]
)
def test_still_when_a_moment_is_wanted_then_the_keyframe_before_it_comes(
    tmp_path: Path, *, has_b_frames: bool, at_us: int
) -> None:
    """The last keyframe is the last picture of all, and no sample follows it."""
    seconds = LAST_KEYFRAME_US / 1_000_000 + 1 / FRAME_RATE
    path = write_recording(
        tmp_path / "a.mp4", seconds=seconds, has_sound=False, has_b_frames=has_b_frames
    )
    found: list[av.VideoFrame] = []
    came = threading.Event()

    def take(_at_us: int, frame: av.VideoFrame) -> None:
        found.append(frame)
        came.set()

    finder = StillFinder(lambda: FileSource(path), VideoDecoder())
    finder.start()
    try:
        finder.want(at_us, take)
        assert came.wait(WAIT_S)
    finally:
        finder.stop()
    assert found[0].width == 192
