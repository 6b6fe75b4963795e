from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.media.clipping.part_file import write_whole
from app.media.errors import ClippingFailed


def test_file_when_written_whole_then_it_takes_the_place(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("before")
    with write_whole(path) as part:
        part.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert [one.name for one in tmp_path.iterdir()] == ["clip.mp4"]


def fill_the_disk(path: Path) -> None:
    with write_whole(path) as part:
        part.write_text("a piece")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_file_when_the_disk_is_full_then_it_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ClippingFailed, match="the disk is full") as failed:
        fill_the_disk(tmp_path / "clip.mp4")
    assert failed.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []
