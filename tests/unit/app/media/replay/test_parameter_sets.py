from __future__ import annotations

from pathlib import Path

import pytest

from app.media.playback.video_decoder import VideoDecoder
from app.media.replay.fragments import parse_fragment, parse_init
from app.media.replay.parameter_sets import Repacker
from app.media.replay.sample_decoder import SampleDecoder
from tests.support.recordings import HEIGHT, WIDTH, write_recording


@pytest.mark.parametrize(
    ("encoder", "codec"), [("libx264", "h264"), ("libx265", "h265"), ("libsvtav1", "av1")]
)
def test_decode_when_a_file_is_of_any_codec_then_its_pictures_come(
    tmp_path: Path, encoder: str, codec: str
) -> None:
    path = tmp_path / "a.mp4"
    data = write_recording(path, seconds=2, has_sound=False, codec=encoder).read_bytes()
    init = parse_init(data)
    assert init is not None
    assert init.video is not None
    assert init.video.codec == codec
    decoder = SampleDecoder(init.video, VideoDecoder())
    fragment = parse_fragment(data[init.end :], init.end, init)
    assert fragment is not None
    frames = []
    for sample in fragment.of(init.video):
        payload = data[sample.offset : sample.offset + sample.size]
        frames += decoder.decode(sample, payload, sample.pts_us)
    assert frames
    assert (frames[0].width, frames[0].height) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("codec", ["h264", "h265", "av1", None])
def test_repack_when_the_setup_is_cut_or_the_lengths_lie_then_nothing_is_raised(
    codec: str | None,
) -> None:
    for size in range(40):
        repacker = Repacker(codec, b"\xff" * size)  # type: ignore[arg-type] # one of them
        repacker.repack(b"\xff" * size, is_sync=True)
        repacker.repack(b"", is_sync=False)


def test_repack_when_units_have_their_length_then_each_begins_with_a_start_code() -> None:
    repacker = Repacker("h264", b"")
    payload = b"\x00\x00\x00\x02\x65\x01\x00\x00\x00\x01\x41"
    expected = b"\x00\x00\x00\x01\x65\x01\x00\x00\x00\x01\x41"
    assert repacker.repack(payload, is_sync=True) == expected
