"""Packets of the size of real ones whose every byte can be checked at the other end."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from wire.media_packet import SEQUENCE_MODULUS, Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

_FILL = random.Random(1).randbytes(3 * 1024 * 1024)
_FILL_STEPS = 251


@dataclass
class SyntheticMedia:
    """One publisher's picture and sound: 30 frames and 50 sounds a second, 2.5 Mbit/s a layer."""

    name: bytes = b"A"
    """One byte that stands in every packet."""
    layers: tuple[int, ...] = (0,)
    has_audio: bool = True
    gop_frames: int = 60
    frame_rate: int = 30
    keyframe_bytes: int = 60_000
    frame_bytes: int = 8_600
    audio_bytes: int = 160
    layer_share: dict[int, float] = field(default_factory=dict)
    """Size of a layer's pictures where it is not 1."""
    first_pts_us: int = 0
    frames: int = 0
    sounds: int = 0
    _sequences: defaultdict[tuple[Kind, int], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def tracks(self) -> tuple[TrackInfo, ...]:
        tracks = [
            TrackInfo(
                kind="video",
                codec="h264",
                layer=layer,
                width=640 * (layer + 1),
                height=360 * (layer + 1),
                frame_rate=self.frame_rate,
            )
            for layer in self.layers
        ]
        if self.has_audio:
            tracks.append(TrackInfo(kind="audio", codec="opus", sample_rate_hz=48_000, channels=2))
        return tuple(tracks)

    @property
    def pts_us(self) -> int:
        return self.first_pts_us + self.frames * 1_000_000 // self.frame_rate

    def next_frame(self, *, keyframe: bool | None = None) -> list[MediaPacket]:
        """One picture of every layer, and the sound until the next."""
        is_key = self.frames % self.gop_frames == 0 if keyframe is None else keyframe
        size = self.keyframe_bytes if is_key else self.frame_bytes
        flags = Flags.KEYFRAME if is_key else Flags.NONE
        packets = [
            self._packet(
                Kind.VIDEO, layer, flags, self.pts_us, int(size * self.layer_share.get(layer, 1))
            )
            for layer in self.layers
        ]
        self.frames += 1
        while self.has_audio and self.sounds * 20_000 < self.pts_us - self.first_pts_us:
            pts_us = self.first_pts_us + self.sounds * 20_000
            packets.append(self._packet(Kind.AUDIO, 0, Flags.NONE, pts_us, self.audio_bytes))
            self.sounds += 1
        return packets

    def _packet(self, kind: Kind, layer: int, flags: Flags, pts_us: int, size: int) -> MediaPacket:
        sequence = self._sequences[kind, layer]
        self._sequences[kind, layer] += 1
        return MediaPacket(
            kind=kind,
            layer=layer,
            flags=flags,
            sequence=sequence % SEQUENCE_MODULUS,
            pts_us=pts_us,
            captured_at_unix_us=time.time_ns() // 1000,
            payload=make_payload(self.name, sequence, size),
        )


def make_payload(name: bytes, sequence: int, size: int) -> bytes:
    start = sequence % _FILL_STEPS
    return name + _FILL[start : start + size - 1]


def check_payloads(packets: Iterable[MediaPacket]) -> None:
    """Every packet holds what its publisher put into it."""
    for packet in packets:
        wanted = make_payload(packet.payload[:1], packet.sequence, len(packet.payload))
        assert packet.payload == wanted, f"sequence {packet.sequence} is garbled"


def sequences(packets: Iterable[MediaPacket], kind: Kind, layer: int = 0) -> list[int]:
    return [p.sequence for p in packets if p.kind is kind and p.layer == layer]


def assert_no_gap(numbers: list[int]) -> None:
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
