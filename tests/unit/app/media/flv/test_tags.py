from __future__ import annotations

import random

import pytest

from app.media.errors import SourceUnsupported
from app.media.flv import tags


def test_parse_video_when_it_was_packed_then_it_comes_back() -> None:
    tag = tags.parse_video(tags.pack_video(b"units", is_keyframe=True))
    assert tag == tags.VideoTag("h264", "frames", True, 0, b"units")  # a record
    tag = tags.parse_video(tags.pack_video_setup(b"config"))
    assert (tag.step, tag.data) == ("setup", b"config")


def test_parse_video_when_the_composition_time_is_negative_then_so_is_it() -> None:
    assert tags.parse_video(b"\x27\x01\xff\xff\xd8units").composition_ms == -40


def test_parse_video_when_it_is_h265_then_the_extended_form_is_read() -> None:
    tag = tags.parse_video(b"\x91hvc1\x00\x00\x28units")
    assert (tag.codec, tag.step, tag.is_keyframe) == ("h265", "frames", True)
    assert (tag.composition_ms, tag.data) == (40, b"units")
    assert tags.parse_video(b"\xa3hvc1units").data == b"units"
    assert tags.parse_video(b"\x90hvc1config").step == "setup"


def test_parse_audio_when_it_was_packed_then_it_comes_back() -> None:
    assert tags.parse_audio(tags.pack_audio(b"frame")) == tags.AudioTag("frames", b"frame")
    assert tags.parse_audio(tags.pack_audio_setup(b"c")) == tags.AudioTag("setup", b"c")


@pytest.mark.parametrize("body", [b"\x22\x01\x00\x00\x00xx", b"\x91av01\x00\x00\x00x"])
def test_parse_video_when_the_codec_is_another_then_it_says_what_to_choose(body: bytes) -> None:
    with pytest.raises(SourceUnsupported, match=r"choose H\.264"):
        tags.parse_video(body)


def test_parse_when_bodies_are_noise_then_only_refusals_come() -> None:
    for seed in range(500):
        body = random.Random(seed).randbytes(seed % 12)
        for parse in (tags.parse_video, tags.parse_audio):
            try:
                parse(body)
            except SourceUnsupported:
                continue
