from __future__ import annotations

import contextlib
import random
from pathlib import Path

import av
import pytest

from app.media.replay.fragments import (
    BrokenRecording,
    Fragment,
    Init,
    find_last_moof,
    find_moof,
    parse_fragment,
    parse_init,
)
from tests.support.recordings import HEIGHT, WIDTH, write_recording


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_recording(tmp_path_factory.mktemp("recording") / "a.mp4", seconds=4).read_bytes()


def read_all(data: bytes) -> tuple[Init, list[Fragment]]:
    init = parse_init(data)
    assert init is not None
    fragments, at = [], init.end
    while (start := find_moof(data, at)) >= 0:
        fragment = parse_fragment(data[start:], start, init)
        assert fragment is not None
        fragments.append(fragment)
        at = fragment.end
    return init, fragments


def test_parse_init_when_the_file_has_pictures_and_sound_then_both_are_known(
    recording: bytes,
) -> None:
    init = parse_init(recording)
    assert init is not None
    assert init.video is not None
    assert init.audio is not None
    assert (init.video.codec, init.video.width, init.video.height) == ("h264", WIDTH, HEIGHT)
    assert init.audio.codec == "opus"
    assert init.video.extradata


def test_parse_fragment_when_a_file_is_read_to_its_end_then_its_samples_are_those_of_ffmpeg(
    recording: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(recording)
    init, fragments = read_all(recording)
    with av.open(path) as container:
        for track, stream in (
            (init.video, container.streams.video[0]),
            (init.audio, container.streams.audio[0]),
        ):
            container.seek(0)
            base = stream.time_base
            assert base is not None
            expected = [
                (round(packet.pts * base * 1_000_000), bytes(packet), packet.is_keyframe)
                for packet in container.demux(stream)
                if packet.pts is not None
            ]
            found = [sample for fragment in fragments for sample in fragment.of(track)]
            assert len(found) == len(expected)
            for sample, (pts_us, payload, is_keyframe) in zip(found, expected, strict=True):
                assert abs(sample.pts_us - pts_us) <= 1
                assert recording[sample.offset : sample.offset + sample.size] == payload
                assert sample.is_sync == is_keyframe


def test_parse_init_when_the_start_is_cut_then_more_is_asked_for(recording: bytes) -> None:
    init = parse_init(recording)
    assert init is not None
    assert parse_init(recording[: init.end - 1]) is None


def test_find_moof_when_the_word_stands_in_the_data_then_it_is_passed_over() -> None:
    fake = b"\x00\x00\x00\x40moofnope" + b"\x00" * 32
    real = b"\x00\x00\x00\x40moof\x00\x00\x00\x10mfhd" + b"\x00" * 48
    assert find_moof(fake + real) == len(fake)
    assert find_last_moof(real + fake) == 0
    assert find_moof(fake) == -1


def test_parse_when_bytes_are_hostile_then_nothing_but_a_broken_recording_is_raised(
    recording: bytes,
) -> None:
    chance = random.Random(5)
    init, fragments = read_all(recording)
    start = fragments[0].offset
    for _ in range(600):
        head = bytearray(recording[: init.end])
        moof = bytearray(recording[start : start + 4000])
        for data in (head, moof):
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(BrokenRecording):
            parse_init(bytes(head))
        with contextlib.suppress(BrokenRecording):
            parse_fragment(bytes(moof[: chance.randrange(len(moof))]), start, init)
        with contextlib.suppress(BrokenRecording):
            parse_fragment(bytes(moof), start, init)


def test_parse_fragment_when_a_run_claims_millions_of_samples_then_it_is_refused(
    recording: bytes,
) -> None:
    init, fragments = read_all(recording)
    data = bytearray(recording[fragments[0].offset : fragments[0].offset + 8000])
    at = data.find(b"trun")
    data[at + 8 : at + 12] = (4_000_000).to_bytes(4, "big")
    with pytest.raises(BrokenRecording):
        parse_fragment(bytes(data), 0, init)
