"""A clip in three sizes with keyframes at the same instants, ready to be sent again and again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRAME_RATE: Final = 25
GOP_FRAMES: Final = 50
SECONDS: Final = 8
SOUND_US: Final = 20_000
SOUND_BPS: Final = 48_000


@dataclass(frozen=True)
class Size:
    layer: int
    width: int
    height: int
    bit_rate_bps: int


SIZES: Final = (
    Size(0, 426, 240, 130_000),
    Size(1, 854, 480, 550_000),
    Size(2, 1280, 720, 2_400_000),
)


@dataclass(frozen=True)
class LayeredClip:
    """What each picture and each piece of sound is in bytes."""

    pictures: dict[int, list[tuple[bytes, bool]]]
    """By layer: the access units in Annex B, and which are keyframes."""
    sound: list[bytes]

    @property
    def tracks(self) -> tuple[TrackInfo, ...]:
        video = [
            TrackInfo(
                kind="video",
                codec="h264",
                layer=size.layer,
                width=size.width,
                height=size.height,
                frame_rate=FRAME_RATE,
                bit_rate_bps=size.bit_rate_bps,
            )
            for size in SIZES
        ]
        sound = TrackInfo(
            kind="audio", codec="opus", sample_rate_hz=48_000, channels=2, bit_rate_bps=SOUND_BPS
        )
        return (*video, sound)

    def packets(self) -> Iterator[tuple[float, list[MediaPacket]]]:
        """For ever: the seconds at which they are due, and the packets; whoever sends
        them notes the time of capture."""
        sounds = 0
        for number in itertools.count():
            pts_us = number * 1_000_000 // FRAME_RATE
            packets = []
            for size in SIZES:
                data, is_key = self.pictures[size.layer][number % len(self.pictures[size.layer])]
                flags = Flags.KEYFRAME if is_key else Flags.NONE
                packets.append(MediaPacket(Kind.VIDEO, size.layer, flags, number, pts_us, 0, data))
            while sounds * SOUND_US <= pts_us:
                data = self.sound[sounds % len(self.sound)]
                at_us = sounds * SOUND_US
                packets.append(MediaPacket(Kind.AUDIO, 0, Flags.NONE, sounds, at_us, 0, data))
                sounds += 1
            yield pts_us / 1_000_000, packets


def make_clip(file: Path | None) -> LayeredClip:
    """Of a media file, or of a moving test card where there is none."""
    frames = list(itertools.islice(_frames(file), FRAME_RATE * SECONDS))
    return LayeredClip({size.layer: _encode(frames, size) for size in SIZES}, _encode_tone())


def _frames(file: Path | None) -> Iterator[av.VideoFrame]:
    if file is None:
        yield from _test_card()
        return
    while True:
        with av.open(str(file)) as container:
            yield from container.decode(video=0)


def _test_card() -> Iterator[av.VideoFrame]:
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    ramp = np.linspace(0, 255, 1280, dtype=np.uint8)[None, :, None]
    for number in itertools.count():
        picture = np.broadcast_to(np.roll(ramp, number * 8, axis=1), (720, 1280, 3)).copy()
        picture[200:400, 300:700] = np.roll(noise, number, axis=0)[200:400, 300:700]
        yield av.VideoFrame.from_ndarray(picture, format="rgb24")


def _encode(frames: list[av.VideoFrame], size: Size) -> list[tuple[bytes, bool]]:
    context: Any = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = size.width, size.height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, FRAME_RATE), Fraction(FRAME_RATE)
    context.bit_rate = size.bit_rate_bps
    context.gop_size = GOP_FRAMES
    context.options = {
        "preset": "veryfast",
        "tune": "zerolatency",
        "maxrate": str(size.bit_rate_bps),
        "bufsize": str(size.bit_rate_bps // 2),
        "x264-params": f"keyint={GOP_FRAMES}:min-keyint={GOP_FRAMES}:scenecut=0",
    }
    units = []
    for number, frame in enumerate(frames):
        scaled = frame.reformat(size.width, size.height, "yuv420p")
        scaled.pts, scaled.time_base = number, Fraction(1, FRAME_RATE)
        scaled.pict_type = 0
        units += [(bytes(packet), packet.is_keyframe) for packet in context.encode(scaled)]
    units += [(bytes(packet), packet.is_keyframe) for packet in context.encode(None)]
    return units


def _encode_tone() -> list[bytes]:
    context: Any = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "stereo", "flt"
    context.bit_rate = SOUND_BPS
    packets = []
    for number in range(SECONDS * 50):
        at = (np.arange(960) + number * 960) / 48_000
        tone = (0.2 * np.sin(2 * np.pi * 440 * at)).astype(np.float32).repeat(2)[None, :]
        frame = av.AudioFrame.from_ndarray(tone, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, number * 960
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets
