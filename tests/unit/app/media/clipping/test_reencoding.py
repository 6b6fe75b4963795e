from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.media.clipping.overlay import Placed, Sprite
from app.media.clipping.recording import Marks, Watch
from app.media.clipping.reencoding import EXACT_MS_MAX, encode_clip
from app.media.errors import ClippingCancelled, ClippingFailed
from tests.unit.app.media.clipping.recordings import (
    read_pictures,
    read_times,
    write_fragments,
    write_recording,
)


@pytest.mark.parametrize("make", [write_recording, write_fragments])
def test_clip_when_exact_then_it_begins_and_ends_at_the_marks(tmp_path: Path, make: object) -> None:
    source = make(tmp_path)  # type: ignore[operator] # one of two functions
    made = encode_clip(source, Marks(1600, 2600), tmp_path / "clip.mp4")
    times, sound_s = read_times(made.path)
    assert made.from_ms == 1600
    assert len(times) == 25
    assert times[0] == pytest.approx(0, abs=0.025)
    assert sound_s == pytest.approx(1.0, abs=0.06)
    original = read_pictures(source)[40].astype(int)
    assert np.abs(read_pictures(made.path)[0].astype(int) - original).mean() < 3


def test_clip_when_something_lies_over_it_then_it_is_there_and_nowhere_else(
    tmp_path: Path,
) -> None:
    source = write_recording(tmp_path)
    white = Sprite(np.full((40, 60, 4), 255, np.uint8))
    moments: list[float] = []

    def lay(at_ms: float, width: int, height: int, _is_709: bool) -> list[Placed]:
        moments.append(at_ms)
        assert (width, height) == (320, 180)
        return [Placed(white, 100, 60)]

    plain = encode_clip(source, Marks(1000, 1400), tmp_path / "plain.mp4")
    laid = encode_clip(source, Marks(1000, 1400), tmp_path / "laid.mp4", lay=lay)
    assert moments == pytest.approx([1000 + 40 * number for number in range(10)], abs=1)
    for got, below in zip(read_pictures(laid.path), read_pictures(plain.path), strict=True):
        assert got[62:98, 102:158].min() > 225
        assert np.abs(got[:50].astype(int) - below[:50].astype(int)).mean() < 3


def test_clip_when_cancelled_in_the_middle_then_nothing_is_left(tmp_path: Path) -> None:
    source = write_recording(tmp_path)
    shares: list[float] = []
    watch = Watch(shares.append, is_cancelled=lambda: len(shares) > 5)
    with pytest.raises(ClippingCancelled):
        encode_clip(source, Marks(0, 4000), tmp_path / "clip.mp4", watch)
    assert [path.name for path in tmp_path.iterdir()] == ["recording.mp4"]


def test_clip_when_open_ended_and_too_long_then_it_is_refused_and_not_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_recording(tmp_path, seconds=1.0)
    monkeypatch.setattr("app.media.clipping.reencoding.EXACT_MS_MAX", 500)
    with pytest.raises(ClippingFailed, match="at most"):
        encode_clip(source, Marks(0, None), tmp_path / "clip.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["recording.mp4"]


def test_clip_when_too_long_or_behind_the_end_then_it_is_refused(tmp_path: Path) -> None:
    source = write_recording(tmp_path, seconds=1.0)
    with pytest.raises(ClippingFailed, match="at most"):
        encode_clip(source, Marks(0, EXACT_MS_MAX + 1), tmp_path / "clip.mp4")
    with pytest.raises(ClippingFailed, match="nothing"):
        encode_clip(source, Marks(5000, 6000), tmp_path / "clip.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["recording.mp4"]
