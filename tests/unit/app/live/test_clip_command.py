from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadInput, MediaFailed
from app.live.clip_command import clip_file
from tests.unit.app.media.clipping.recordings import read_times, write_recording


@pytest.mark.parametrize(
    ("is_exact", "words", "pictures"),
    [(False, "from 0:00:00.960, 1.04 s", 26), (True, "from 0:00:01.000, 1.00 s", 25)],
)
def test_clip_when_cut_then_the_line_says_what_was_made(
    tmp_path: Path, is_exact: bool, words: str, pictures: int
) -> None:
    target = tmp_path / "clip.mp4"
    line = clip_file(
        write_recording(tmp_path), target, from_words="1", to_words="0:02", is_exact=is_exact
    )
    assert len(read_times(target)[0]) == pytest.approx(pictures, abs=1)
    assert line.startswith(f"{target}: {words[:16]}")


def test_clip_when_it_cannot_be_cut_then_it_says_why(tmp_path: Path) -> None:
    source = write_recording(tmp_path)

    def clip(target: str, from_words: str = "0", to_words: str = "") -> None:
        clip_file(
            source, tmp_path / target, from_words=from_words, to_words=to_words, is_exact=False
        )

    with pytest.raises(BadInput, match=r"\.mp4"):
        clip("clip.mkv")
    with pytest.raises(BadInput, match="--from takes"):
        clip("clip.mp4", "x")
    with pytest.raises(BadInput, match="after its beginning"):
        clip("clip.mp4", "2", "1")
    with pytest.raises(BadInput, match="another name"):
        clip("recording.mp4")
    with pytest.raises(MediaFailed, match="nothing"):
        clip("clip.mp4", "60", "70")
    with pytest.raises(BadInput, match="no file"):
        clip_file(
            tmp_path / "none.mp4",
            tmp_path / "clip.mp4",
            from_words="0",
            to_words="",
            is_exact=False,
        )
