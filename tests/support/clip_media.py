"""The real clip as a publisher's packets: its own H.264, its sound as Opus, over and over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import av
from av.audio.resampler import AudioResampler
from av.bitstream import BitStreamFilterContext

from wire.media_packet import Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from pathlib import Path


class _Encoded(NamedTuple):
    kind: Kind
    pts_us: int
    is_key: bool
    payload: bytes


@cache
def _read(path: Path) -> tuple[int, int, float, tuple[_Encoded, ...]]:
    """Width, height, frame rate, and one round of packets in order of their times."""
    with av.open(str(path)) as file:
        video = file.streams.video[0]
        to_annex_b = BitStreamFilterContext("h264_mp4toannexb", in_stream=video)
        packets = [
            _Encoded(
                Kind.VIDEO,
                round(packet.pts * packet.time_base * 1_000_000),
                packet.is_keyframe,
                bytes(packet),
            )
            for raw in file.demux(video)
            for packet in to_annex_b.filter(raw)
            if packet.pts is not None and packet.size
        ]
        size = (video.width, video.height, float(video.average_rate or 25))
    return *size, tuple(sorted([*packets, *_read_sound(path)], key=lambda one: one.pts_us))


def _read_sound(path: Path) -> list[_Encoded]:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "flt"
    resampler = AudioResampler(format="flt", layout="stereo", rate=48_000, frame_size=960)
    with av.open(str(path)) as file:
        frames = [one for frame in file.decode(audio=0) for one in resampler.resample(frame)]
    found = [packet for frame in frames for packet in encoder.encode(frame)]
    return [
        _Encoded(Kind.AUDIO, max(0, round(one.pts * one.time_base * 1_000_000)), True, bytes(one))
        for one in found
        if one.pts is not None
    ]


@dataclass
class ClipMedia:
    """As `SyntheticMedia`, of the clip: what is sent can be played."""

    path: Path
    first_pts_us: int = 0
    _at: int = 0
    _round: int = 0
    _sequences: defaultdict[Kind, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.width, self.height, self.frame_rate, self._packets = _read(self.path)
        times = [one.pts_us for one in self._packets if one.kind is Kind.VIDEO]
        self.round_us = times[-1] + min(after - at for at, after in pairwise(times))
        self._packets = tuple(one for one in self._packets if one.pts_us < self.round_us)

    @property
    def tracks(self) -> tuple[TrackInfo, ...]:
        return (
            TrackInfo(
                kind="video",
                codec="h264",
                width=self.width,
                height=self.height,
                frame_rate=self.frame_rate,
            ),
            TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2),
        )

    @property
    def pts_us(self) -> int:
        """Of the next packet."""
        return self.first_pts_us + self._round * self.round_us + self._packets[self._at].pts_us

    def rewind(self, first_pts_us: int) -> None:
        """The next packet is the clip's first keyframe, at this pts."""
        self.first_pts_us, self._at, self._round = first_pts_us, 0, 0

    def next_packet(self) -> MediaPacket:
        found, pts_us = self._packets[self._at], self.pts_us
        self._at += 1
        if self._at == len(self._packets):
            self._at, self._round = 0, self._round + 1
        sequence = self._sequences[found.kind]
        self._sequences[found.kind] += 1
        flags = Flags.KEYFRAME if found.is_key and found.kind is Kind.VIDEO else Flags.NONE
        return MediaPacket(found.kind, 0, flags, sequence, pts_us, 0, found.payload)
