from __future__ import annotations

from pathlib import Path

import pytest

from app.media.clipping.copying import copy_clip
from app.media.clipping.fragmented import open_from
from app.media.clipping.recording import Marks
from app.media.clipping.reencoding import encode_clip
from app.media.replay.byte_source import FileSource
from tests.unit.app.media.clipping.recordings import (
    GOP_MS,
    read_pictures,
    read_times,
    write_fragments,
    write_recording,
)


class CountedSource(FileSource):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.bytes = 0
        self.is_closed = False

    def read(self, offset: int, size: int) -> bytes:
        data = super().read(offset, size)
        self.bytes += len(data)
        return data

    def close(self) -> None:
        self.is_closed = True
        super().close()


def test_clip_when_cut_from_ranges_then_it_is_the_same_as_from_the_file(tmp_path: Path) -> None:
    path = write_fragments(tmp_path, seconds=6.0)
    sources: list[CountedSource] = []

    def open_at(from_ms: int) -> object:
        sources.append(CountedSource(path))
        return open_from(sources[-1], from_ms)

    marks = Marks(4000, 5000)
    ranged = copy_clip(open_at, marks, tmp_path / "ranged.mp4")  # type: ignore[arg-type] # a RecordingFile
    whole = copy_clip(path, marks, tmp_path / "whole.mp4")
    assert ranged.from_ms == whole.from_ms == pytest.approx(8 * GOP_MS, abs=25)
    assert read_times(ranged.path) == read_times(whole.path)
    got, expected = read_pictures(ranged.path), read_pictures(whole.path)
    assert all((one == other).all() for one, other in zip(got, expected, strict=True))
    assert sources[0].is_closed
    exact = encode_clip(open_at, marks, tmp_path / "exact.mp4")  # type: ignore[arg-type] # as above
    assert exact.from_ms == 4000
    assert len(read_times(exact.path)[0]) == 25


def test_clip_when_the_file_has_no_fragments_then_it_is_read_from_its_beginning(
    tmp_path: Path,
) -> None:
    path = write_recording(tmp_path)
    made = copy_clip(
        lambda from_ms: open_from(FileSource(path), from_ms), Marks(2000), tmp_path / "clip.mp4"
    )
    assert made.from_ms == 4 * GOP_MS


def test_clip_when_out_of_much_then_little_is_read(tmp_path: Path) -> None:
    path = write_fragments(tmp_path, seconds=4.0)
    one = path.read_bytes()
    # What comes behind the clip is never looked at, not even its fragments' heads.
    (tmp_path / "long.mp4").write_bytes(one + one[one.index(b"moof") - 4 :] * 40)
    source = CountedSource(tmp_path / "long.mp4")
    made = copy_clip(lambda at_ms: open_from(source, at_ms), Marks(1000, 2000), tmp_path / "c.mp4")
    assert made.duration_ms < 1600
    assert source.bytes < (tmp_path / "long.mp4").stat().st_size / 2
