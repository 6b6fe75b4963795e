from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.media.capture.test_card import TestCard
from app.media.encode.annex_b import has_parameter_sets, nal_types
from app.media.encode.video_encoder import AvVideoEncoder, EncodedPicture, EncoderSettings
from app.media.errors import EncoderFailed
from app.media.picture import planes_of
from tests.unit.app.media.media_files import decode_video, luma, psnr_db
from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    import av

FRAME_US = 33_333


def make_settings(codec: str = "h264", bit_rate_bps: int = 1_000_000) -> EncoderSettings:
    return EncoderSettings(codec, 640, 360, Fraction(30), bit_rate_bps)


def noise(number: int) -> av.VideoFrame:
    """A picture that costs all the bits it may have."""
    frame = TestCard(640, 360).draw(frame_number=number, captured_at_unix_us=0)
    random = np.random.default_rng(number)
    planes_of(frame)[0][:] = np.repeat(
        np.repeat(random.integers(16, 236, (90, 160), np.uint8), 4, axis=0), 4, axis=1
    )
    return frame


def as_packets(pictures: list[EncodedPicture]) -> list[MediaPacket]:
    return [
        MediaPacket(Kind.VIDEO, 0, Flags.NONE, number, picture.pts_us, 0, picture.payload)
        for number, picture in enumerate(pictures)
    ]


@pytest.mark.parametrize(("name", "codec"), [("libx264", "h264"), ("libx265", "h265")])
def test_encode_when_pictures_come_then_each_leaves_at_once_and_decodes_to_itself(
    name: str, codec: str
) -> None:
    encoder = AvVideoEncoder(name, make_settings(codec, 3_000_000))
    card = TestCard(640, 360)
    sent, pictures = [], []
    for number in range(20):
        frame = card.draw(frame_number=number, captured_at_unix_us=number)
        sent.append(luma(frame).copy())
        out = encoder.encode(frame, pts_us=number * FRAME_US, force_keyframe=number in {0, 7})
        assert [picture.pts_us for picture in out] == [number * FRAME_US]
        pictures += out
    assert [number for number, picture in enumerate(pictures) if picture.is_keyframe] == [0, 7]
    assert has_parameter_sets(pictures[0].payload, codec)
    assert has_parameter_sets(pictures[7].payload, codec)
    decoded = decode_video(as_packets(pictures), codec)
    assert len(decoded) == 20
    assert all(
        psnr_db(luma(frame), original) > 30 for frame, original in zip(decoded, sent, strict=True)
    )
    assert {(frame.colorspace, frame.color_range) for frame in decoded} == {(1, 1)}
    assert encoder.flush() == []


def test_encode_when_the_scene_cuts_then_no_keyframe_comes_unasked() -> None:
    encoder = AvVideoEncoder("libx264", make_settings())
    pictures = [
        encoder.encode(noise(number), pts_us=number * FRAME_US, force_keyframe=number == 0)[0]
        for number in range(8)
    ]
    assert [picture.is_keyframe for picture in pictures] == [True] + [False] * 7
    assert all(5 not in nal_types(picture.payload, "h264") for picture in pictures[1:])


def test_encode_when_a_picture_is_noise_then_a_keyframe_stays_within_the_vbv() -> None:
    encoder = AvVideoEncoder("libx264", make_settings())
    sizes = [
        len(encoder.encode(noise(number), pts_us=number * FRAME_US, force_keyframe=True)[0].payload)
        for number in (0, 1, 2)
    ]
    assert max(sizes) * 8 <= 1_000_000 * 0.5


def test_set_bit_rate_when_lowered_on_the_open_encoder_then_the_stream_shrinks() -> None:
    encoder = AvVideoEncoder("libx264", make_settings(bit_rate_bps=2_000_000))

    def encode_second(first: int) -> int:
        return sum(
            len(picture.payload)
            for number in range(first, first + 30)
            for picture in encoder.encode(
                noise(number), pts_us=number * FRAME_US, force_keyframe=number == 0
            )
        )

    encode_second(0)
    before = encode_second(30)
    encoder.set_bit_rate(500_000)
    encode_second(60)
    assert encode_second(90) < before * 0.5


def test_encode_when_frames_were_dropped_before_it_then_pts_are_kept() -> None:
    encoder = AvVideoEncoder("libx264", make_settings())
    card = TestCard(640, 360)
    all_pts = [0, 33_333, 400_000, 433_333, 433_334]
    pictures = [
        picture
        for pts_us in all_pts
        for picture in encoder.encode(
            card.draw(frame_number=0, captured_at_unix_us=0), pts_us=pts_us, force_keyframe=False
        )
    ]
    assert [picture.pts_us for picture in pictures] == all_pts


def test_open_when_the_encoder_cannot_then_one_line_says_so() -> None:
    with pytest.raises(EncoderFailed):
        AvVideoEncoder("h264_nvenc", make_settings())
    with pytest.raises(EncoderFailed):
        AvVideoEncoder("no_such_encoder", make_settings())
