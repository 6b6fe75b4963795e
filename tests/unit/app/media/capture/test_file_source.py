from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.media.capture.file_source import FileMedia
from app.media.capture.source import AudioBlock, SourceState, VideoFrame
from app.media.capture.test_card import read_blocks
from app.media.capture.test_tone import find_clicks
from app.media.clock import MediaClock
from app.media.errors import SourceNotFound, SourceUnsupported
from app.media.events import PipelineEvent, SourceDamaged, SourceEnded
from tests.unit.app.media.media_files import luma, write_clip


class Played:
    """Plays a file until `enough` pictures have come or it ends."""

    def __init__(self, path: Path, *, loop: bool = False, enough: int = 10_000) -> None:
        self.frames: list[VideoFrame] = []
        self.blocks: list[AudioBlock] = []
        self.events: list[PipelineEvent] = []
        self.done = threading.Event()
        self._enough = enough
        self.media = FileMedia(
            path, wants_sound=True, loop=loop, clock=MediaClock(), on_event=self._on_event
        )
        if self.media.audio is not None:
            self.media.audio.start(self.blocks.append)
        self.media.video.start(self._on_frame)
        assert self.done.wait(20)
        self.state = self.media.video.state
        self.media.video.stop()

    def _on_frame(self, frame: VideoFrame) -> None:
        self.frames.append(frame)
        if len(self.frames) >= self._enough:
            self.done.set()

    def _on_event(self, event: PipelineEvent) -> None:
        self.events.append(event)
        if isinstance(event, SourceEnded):
            self.done.set()

    @property
    def steps_us(self) -> set[int]:
        return set(np.diff([frame.pts_us for frame in self.frames]).tolist())


def test_file_when_played_once_then_gives_all_pictures_and_ends(tmp_path: Path) -> None:
    played = Played(write_clip(tmp_path / "a.mp4", seconds=0.6))
    numbers = [read_blocks(luma(frame.image)) for frame in played.frames]
    assert [reading.frame_number for reading in numbers if reading] == list(range(15))
    assert played.steps_us == {40_000}
    assert played.state is SourceState.ENDED
    assert isinstance(played.events[-1], SourceEnded)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_file_when_looped_then_the_seam_is_one_frame_and_sound_keeps_its_place(
    tmp_path: Path, suffix: str
) -> None:
    path = write_clip(tmp_path / f"a.{suffix}", seconds=0.4, sound_seconds=0.3)
    played = Played(path, loop=True, enough=35)
    assert played.steps_us == {40_000}
    start_us = played.frames[0].pts_us
    place_us = played.blocks[0].pts_us
    assert abs(place_us - start_us) <= 21
    for block in played.blocks:
        assert abs(block.pts_us - place_us) <= 21
        place_us = block.pts_us + round(len(block.samples) * 1e6 / 48_000)
    run = np.concatenate([block.samples for block in played.blocks])
    # The tone begins with a click, so each round says where its sound stands.
    clicks = find_clicks(run)
    assert [round(click / 48) for click in clicks[:3]] == pytest.approx([0, 400, 800], abs=3)


def test_file_when_its_sound_is_44100_hz_then_it_is_resampled_in_its_place(tmp_path: Path) -> None:
    played = Played(write_clip(tmp_path / "a.mp4", seconds=1.4, sample_rate_hz=44_100))
    run = np.concatenate([block.samples for block in played.blocks])
    assert len(run) == pytest.approx(1.4 * 48_000, abs=2)
    assert [round(click / 48) for click in find_clicks(run)] == pytest.approx([0, 1000], abs=3)


def test_file_when_damaged_in_the_middle_then_the_rest_plays_and_an_event_says_so(
    tmp_path: Path,
) -> None:
    path = write_clip(tmp_path / "a.mp4", seconds=1.2)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 20_000
    noise = np.random.default_rng(3).integers(0, 256, 9_000, np.uint8)
    data[middle : middle + len(noise)] = noise.tobytes()
    path.write_bytes(data)
    played = Played(path)
    assert any(isinstance(event, SourceDamaged) for event in played.events)
    assert len(played.frames) > 15
    assert all(step > 0 for step in played.steps_us)


def test_file_when_cut_short_then_plays_what_is_there(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.ts", seconds=1.0)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 77])
    assert len(Played(path).frames) > 5


def _write_text(path: Path) -> Path:
    path.write_text("not a film\n" * 100)
    return path


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_write_text, SourceUnsupported),
        (lambda path: path, SourceNotFound),
        (lambda path: path.parent, SourceUnsupported),
    ],
)
def test_file_when_it_cannot_be_read_then_says_why_at_once(
    tmp_path: Path, make: Callable[[Path], Path], error: type[Exception]
) -> None:
    with pytest.raises(error):
        FileMedia(
            make(tmp_path / "a.mp4"),
            wants_sound=True,
            loop=False,
            clock=MediaClock(),
            on_event=lambda event: None,
        )


def test_stop_when_never_started_then_closes_the_file(tmp_path: Path) -> None:
    media = FileMedia(
        write_clip(tmp_path / "a.mp4", seconds=0.2, sound_seconds=0),
        wants_sound=True,
        loop=False,
        clock=MediaClock(),
        on_event=lambda event: None,
    )
    assert media.audio is None
    media.video.stop()
    media.video.stop()
