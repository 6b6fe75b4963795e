"""The small picture of a moment, of recordings of all kinds."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.media.playback.video_decoder import VideoDecoder
from app.media.replay.byte_source import FileSource
from app.media.replay.still_finder import StillFinder
from tests.support.recordings import write_recording

if TYPE_CHECKING:
    from pathlib import Path

    import av

WAIT_S = 30.0


@pytest.mark.parametrize("has_b_frames", [False, True])
def test_still_when_a_moment_is_wanted_then_the_keyframe_before_it_comes(
    tmp_path: Path, *, has_b_frames: bool
) -> None:
    path = write_recording(
        tmp_path / "a.mp4", seconds=3.0, has_sound=False, has_b_frames=has_b_frames
    )
    found: list[av.VideoFrame] = []
    came = threading.Event()

    def take(_at_us: int, frame: av.VideoFrame) -> None:
        found.append(frame)
        came.set()

    finder = StillFinder(lambda: FileSource(path), VideoDecoder())
    finder.start()
    try:
        finder.want(1_500_000, take)
        assert came.wait(WAIT_S)
    finally:
        finder.stop()
    assert found[0].width == 192
