from __future__ import annotations

import random
from fractions import Fraction

import av
import pytest

from app.media.playback.audio_decoder import AudioDecoder
from app.media.playback.decoder_messages import PIXELS_MAX
from app.media.playback.video_decoder import VideoDecoder
from tests.unit.app.media.playback.media_samples import (
    HEIGHT,
    VIDEO_TRACK,
    WIDTH,
    make_audio,
    make_video,
)
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import Codec, TrackInfo


def _track(codec: Codec) -> TrackInfo:
    return TrackInfo(kind="video", codec=codec, width=WIDTH, height=HEIGHT, frame_rate=30)


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_video_when_packets_are_good_then_each_gives_its_picture_at_once(codec: Codec) -> None:
    decoder = VideoDecoder()
    for packet in make_video(12, codec=codec):
        pictures = decoder.decode(packet, _track(codec))
        assert [picture.pts for picture in pictures] == [packet.pts_us]
        assert (pictures[0].width, pictures[0].height) == (WIDTH, HEIGHT)
    assert decoder.errors == 0


def test_video_when_it_starts_in_mid_gop_then_it_waits_for_the_keyframe() -> None:
    decoder = VideoDecoder()
    packets = make_video(45)
    pictures = [len(decoder.decode(packet, VIDEO_TRACK)) for packet in packets[5:]]
    assert pictures[:25] == [0] * 25
    assert pictures[25:] == [1] * 15


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_video_when_it_has_b_frames_and_is_drained_then_no_picture_is_missing(
    codec: Codec,
) -> None:
    decoder = VideoDecoder()
    packets = make_video(20, codec=codec, b_frames=2)
    shown = [int(one.pts) for packet in packets for one in decoder.decode(packet, _track(codec))]
    last = [int(one.pts) for one in decoder.drain()]
    assert last
    assert shown + last == sorted(packet.pts_us for packet in packets)
    assert decoder.drain() == []
    assert decoder.is_waiting
    assert decoder.errors == 0


def test_video_when_garbage_comes_then_nothing_is_raised_and_a_keyframe_heals() -> None:
    chance = random.Random(3)
    good = make_video(31)
    decoder = VideoDecoder()
    for _ in range(300):
        packet = chance.choice(good)
        damaged = bytearray(packet.payload)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        decoder.decode(packet._replace(payload=bytes(damaged)), VIDEO_TRACK)
        decoder.decode(packet._replace(payload=chance.randbytes(200)), VIDEO_TRACK)
        decoder.decode(packet._replace(payload=b""), VIDEO_TRACK)
    decoder.reset()
    assert len(decoder.decode(good[30], VIDEO_TRACK)) == 1


def test_video_when_a_picture_is_oversize_then_it_is_refused() -> None:
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width = encoder.height = 4096
    assert encoder.width * encoder.height > PIXELS_MAX
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, 1_000_000)
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency"}
    frame = av.VideoFrame(4096, 4096, "yuv420p")
    frame.pts = 0
    payload = b"".join(bytes(encoded) for encoded in encoder.encode(frame))
    decoder = VideoDecoder()
    packet = MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, 0, 0, 0, payload)
    assert decoder.decode(packet, VIDEO_TRACK) == []
    assert decoder.errors == 1


def test_audio_when_packets_are_good_then_each_gives_20_ms_of_stereo() -> None:
    decoder = AudioDecoder()
    shapes = {
        block.shape
        for packet in make_audio(10)[1:]
        if (block := decoder.decode(packet)) is not None
    }
    assert (960, 2) in shapes


def test_audio_when_garbage_comes_then_nothing_is_raised() -> None:
    chance = random.Random(5)
    decoder = AudioDecoder()
    good = make_audio(3)[2]
    for _ in range(300):
        decoder.decode(good._replace(payload=chance.randbytes(chance.randint(0, 300))))
    assert any(decoder.decode(good) is not None for _ in range(2))
