from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.media.replay.byte_source import FileSource
from app.media.replay.fragment_finder import FragmentFinder
from app.media.replay.fragments import BrokenRecording, find_moof, parse_fragment, parse_init
from tests.support.recordings import FRAME_RATE, GOP, write_recording

STEP_US = 1_000_000 // FRAME_RATE


class Growing:
    """So much of the bytes as there are by now."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data = data
        self.size = size
        self.most_read = 0

    def measure(self) -> int:
        return self.size

    def read(self, offset: int, size: int) -> bytes:
        self.most_read = max(self.most_read, size)
        return self.data[offset : min(offset + size, self.size)]

    def close(self) -> None:
        pass


@pytest.fixture
def finder(path: Path) -> Iterator[FragmentFinder]:
    source = FileSource(path)
    yield FragmentFinder(source)
    source.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording")
    return write_recording(folder / "a.mp4", seconds=20, first_s=7)


def test_find_when_any_moment_is_asked_for_then_its_keyframe_is_in_the_fragment(
    finder: FragmentFinder,
) -> None:
    finder.open()
    for number in range(0, 20 * FRAME_RATE, 7):
        at_us = number * STEP_US
        fragment = finder.find(at_us)
        keyframe_us = finder.keyframe_us(fragment, at_us)
        assert keyframe_us is not None
        assert keyframe_us <= at_us
        assert at_us - keyframe_us < GOP * STEP_US


def test_open_when_it_is_opened_then_its_length_is_known_from_its_end(
    finder: FragmentFinder,
) -> None:
    finder.open()
    assert abs(finder.end_us - 20_000_000) < 60_000


def test_find_when_the_recording_is_long_then_a_few_reads_lead_there(
    finder: FragmentFinder,
) -> None:
    finder.open()
    before = finder.reads
    finder.find(13_300_000)
    assert finder.reads - before <= 15


def test_after_when_followed_from_the_first_to_the_last_then_no_sample_is_missing(
    finder: FragmentFinder,
) -> None:
    init = finder.open()
    fragment, pictures = finder.find(0), 0
    while True:
        pictures += len(fragment.of(init.video))
        following = finder.after(fragment)
        if following is None:
            break
        fragment = following
    assert pictures == 20 * FRAME_RATE


def test_find_when_moments_before_and_behind_the_recording_are_asked_for_then_its_ends_are_found(
    finder: FragmentFinder,
) -> None:
    finder.open()
    assert finder.start_us(finder.find(-5)) < 50_000
    assert finder.start_us(finder.find(10**12)) > 17_000_000


def test_after_when_the_file_has_grown_then_what_is_new_is_found(path: Path) -> None:
    data = path.read_bytes()
    source = Growing(data, len(data) // 2)
    finder = FragmentFinder(source)
    finder.open()
    half_us = finder.end_us
    last = finder.find(half_us)
    while (following := finder.after(last)) is not None:
        last = following
    source.size = len(data)
    assert finder.after(last) is not None
    finder.measure()
    assert finder.end_us > half_us


@pytest.mark.parametrize("size", [0, 10, 700, 1300])
def test_open_when_the_file_ends_before_the_first_fragment_then_it_is_broken(
    path: Path, size: int
) -> None:
    with pytest.raises(BrokenRecording):
        FragmentFinder(Growing(path.read_bytes(), size)).open()


def test_open_when_it_is_no_recording_then_it_is_broken() -> None:
    with pytest.raises(BrokenRecording):
        FragmentFinder(Growing(b"no film at all " * 1000, 15_000)).open()


def test_find_when_the_file_is_cut_anywhere_then_all_before_the_cut_is_found(path: Path) -> None:
    data = path.read_bytes()
    for size in range(len(data) // 3, len(data), len(data) // 9):
        finder = FragmentFinder(Growing(data, size))
        finder.open()
        at_us = finder.end_us // 2
        keyframe_us = finder.keyframe_us(finder.find(at_us), at_us)
        assert keyframe_us is not None
        assert at_us - keyframe_us < GOP * STEP_US


def with_index(data: bytes) -> bytes:
    """The same recording with a sidx behind its head, and room left in its place."""
    init = parse_init(data)
    assert init is not None
    starts, at = [], init.end
    while (start := find_moof(data, at)) >= 0:
        fragment = parse_fragment(data[start:], start, init)
        assert fragment is not None
        if any(one.is_sync for one in fragment.of(init.video)[:1]):
            starts.append((start, fragment.of(init.video)[0].pts_us))
        at = fragment.end
    ends = [*starts[1:], (at, 20_000_000)]
    lines = b"".join(
        struct.pack(">3I", end - start, end_us - start_us, 0x90000000)
        for (start, start_us), (end, end_us) in zip(starts, ends, strict=True)
    )
    free = b"\x00\x00\x00\x40free" + bytes(56)
    head = struct.pack(">3I2Q2H", 1 << 24, 1, 1_000_000, 0, len(free), 0, len(starts))
    body = head + lines
    index = struct.pack(">I4s", len(body) + 8, b"sidx") + body
    return data[: init.end] + index + free + data[init.end :]


def test_find_when_the_head_has_an_index_then_a_read_or_two_lead_there(path: Path) -> None:
    data = with_index(path.read_bytes())
    finder = FragmentFinder(Growing(data, len(data)))
    finder.open()
    assert finder.reads <= 6
    for number in range(0, 20 * FRAME_RATE, 11):
        before, at_us = finder.reads, number * STEP_US
        keyframe_us = finder.keyframe_us(finder.find(at_us), at_us)
        assert keyframe_us is not None
        assert 0 <= at_us - keyframe_us < GOP * STEP_US
        assert finder.reads - before <= 3


def test_find_when_the_index_ends_before_the_file_then_what_comes_later_is_found_too(
    path: Path,
) -> None:
    data = bytearray(with_index(path.read_bytes()))
    count = data.find(b"sidx") + 4 + 4 + 8 + 16 + 2
    data[count : count + 2] = (4).to_bytes(2, "big")
    finder = FragmentFinder(Growing(bytes(data), len(data)))
    finder.open()
    assert abs(finder.end_us - 20_000_000) < 60_000
    keyframe_us = finder.keyframe_us(finder.find(17_000_000), 17_000_000)
    assert keyframe_us is not None
    assert 17_000_000 - keyframe_us < GOP * STEP_US
