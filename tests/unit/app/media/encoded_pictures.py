"""A short real broadcast, encoded once: H.264 of 320x180 at 30 frames a second, and Opus."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

import av
import numpy as np

from app.media.encode.opus_encoder import OpusEncoder
from app.media.encode.video_encoder import AvVideoEncoder, EncoderSettings
from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

SIZE = (320, 180)
PICTURES = 60
"""Two seconds, a keyframe at each."""

_US = 1_000_000


def encoded_broadcast() -> tuple[tuple[TrackInfo, ...], Callable[[], Iterator[MediaPacket]]]:
    """Its tracks, and its packets for ever, in order of time."""
    video = TrackInfo(
        kind="video", codec="h264", width=SIZE[0], height=SIZE[1], frame_rate=30.0,
        bit_rate_bps=500_000,
    )  # fmt: skip
    audio = TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2)
    return (video, audio), _packets


def _packets() -> Iterator[MediaPacket]:
    pictures, sounds = _encode()
    for round_number in itertools.count():
        start_us = round_number * 2 * _US
        for packet in sorted((*pictures, *sounds), key=lambda packet: packet.pts_us):
            yield packet._replace(pts_us=packet.pts_us + start_us)


@cache
def _encode() -> tuple[tuple[MediaPacket, ...], tuple[MediaPacket, ...]]:
    settings = EncoderSettings("h264", *SIZE, Fraction(30), 500_000, threads=1)
    encoder = AvVideoEncoder("libx264", settings)
    encoded = []
    for number in range(PICTURES):
        pixels = np.full((SIZE[1], SIZE[0], 3), number * 4, np.uint8)
        pixels[:, : number * 5] = 200
        image = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        pts_us = number * _US // 30
        encoded += encoder.encode(image, pts_us=pts_us, force_keyframe=number % 30 == 0)
    encoded += encoder.flush()
    pictures = tuple(
        MediaPacket(
            Kind.VIDEO, 0, Flags.KEYFRAME if picture.is_keyframe else Flags.NONE, number,
            picture.pts_us, 0, picture.payload,
        )
        for number, picture in enumerate(encoded)
    )  # fmt: skip
    opus = OpusEncoder()
    opus.start_run(0)
    tone = np.sin(np.arange(2 * 48_000) / 20).astype(np.float32) * 0.3
    sounds = tuple(
        MediaPacket(Kind.AUDIO, 0, Flags.NONE, number, max(0, sound.pts_us), 0, sound.payload)
        for number, sound in enumerate(opus.push(np.stack((tone, tone), axis=1)))
    )
    return pictures, sounds
