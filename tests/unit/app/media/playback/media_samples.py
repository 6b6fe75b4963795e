"""Encoded packets for tests of the viewer's half, made on the spot."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np

from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

WIDTH, HEIGHT, RATE = 320, 180, 30
FRAME_US = 1_000_000 // RATE
VIDEO_TRACK = TrackInfo(kind="video", codec="h264", width=WIDTH, height=HEIGHT, frame_rate=RATE)
AUDIO_TRACK = TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2)


def make_video(
    frames: int,
    *,
    codec: str = "h264",
    gop: int = 30,
    layer: int = 0,
    first: int = 0,
    b_frames: int = 0,
) -> list[MediaPacket]:
    """Gray pictures whose brightness tells their number; in the order of decoding."""
    name = {"h264": "libx264", "h265": "libx265"}[codec]
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, 1_000_000), Fraction(RATE)
    encoder.gop_size = gop
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency"}
    if b_frames:
        encoder.options = {"preset": "veryfast", "bf": str(b_frames)}
    if codec == "h265":
        encoder.options["x265-params"] = "log-level=none:repeat-headers=1"
    packets: list[MediaPacket] = []

    def take(encoded: list[av.Packet]) -> None:
        for one in encoded:
            flags = Flags.KEYFRAME if one.is_keyframe else Flags.NONE
            number, pts_us = len(packets), int(one.pts or 0)
            packets.append(MediaPacket(Kind.VIDEO, layer, flags, number, pts_us, 0, bytes(one)))

    for index in range(first, first + frames):
        luma = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        luma[:HEIGHT] = 16 + index * 3 % 200
        frame = av.VideoFrame.from_ndarray(luma, format="yuv420p")
        frame.pts, frame.time_base = index * FRAME_US, Fraction(1, 1_000_000)
        take(encoder.encode(frame))
    if b_frames:
        take(encoder.encode(None))
    return packets


def make_audio(packets: int, *, hz: float = 440.0) -> list[MediaPacket]:
    """A sine in Opus, 20 ms a packet."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.bit_rate, encoder.time_base = 64_000, Fraction(1, 48_000)
    made: list[MediaPacket] = []
    for index in range(packets):
        at = (np.arange(960) + 960 * index) / 48_000
        mono = (np.sin(2 * np.pi * hz * at) * 8000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(mono, 2)[np.newaxis, :], format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts = 48_000, 960 * index
        made.extend(
            MediaPacket(Kind.AUDIO, 0, Flags.NONE, index, 20_000 * index, 0, bytes(encoded))
            for encoded in encoder.encode(frame)
        )
    return made
