"""What a file must say of each codec, read from the packets themselves. Pure.

H.264: ISO 14496-15 5.3.3.1. H.265: 8.3.3.1. AV1: "AV1 Codec ISO Media File Format Binding" 2.3.
Opus: "Encapsulation of Opus in ISO Base Media File Format" 4.3.2.
"""

from __future__ import annotations

import struct
from typing import Final

from server.recording.boxes import box, sound_entry, video_entry

_H264_SPS: Final = 7
_H264_PPS: Final = 8
_H264_HIGH: Final = frozenset({100, 110, 122, 244})
"""Profiles whose setup also tells chroma and depth."""
_H265_SETS: Final = (32, 33, 34)
_H265_SPS: Final = 33
_AV1_DELIMITER: Final = 2
_AV1_SEQUENCE: Final = 1
_OPUS_FRAME_US: Final = (
    *(10_000, 20_000, 40_000, 60_000) * 3,
    *(10_000, 20_000) * 2,
    *(2_500, 5_000, 10_000, 20_000) * 4,
)
"""By the five bits of the first byte (RFC 6716 3.1)."""
OPUS_US_MAX: Final = 120_000
UNITS_MAX: Final = 1_024
"""NAL units of one picture; the largest level of H.265 allows 600 slices. Half a million fit into a
packet, and looking at each would hold up the relay's loop for seconds."""
_OBUS_MAX: Final = 32
"""Before the sequence header, which is the first but for a temporal delimiter."""


class _Bits:
    """Reads a bit stream; beyond its end come zeros."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            return 0
        return self._value >> self._left & (1 << count) - 1

    def take_ue(self) -> int:
        """Exp-Golomb (H.264 9.1)."""
        zeros = 0
        while zeros < 32 and self._left > 0 and not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + (self.take(zeros) if zeros else 0)


def split_annex_b(payload: bytes) -> list[bytes]:
    """The NAL units of an access unit. What ends in zeros belongs to the next start code.

    None of more than `UNITS_MAX`: that is no picture.
    """
    if payload.count(b"\0\0\1") > UNITS_MAX:
        return []
    units = (unit.rstrip(b"\0") for unit in payload.split(b"\0\0\1")[1:])
    return [unit for unit in units if unit]


def to_sample(codec: str, payload: bytes) -> bytes:
    """A packet as a file holds it."""
    if codec == "av1":
        # A temporal delimiter, which always has no content, is not stored.
        return payload[2:] if payload[:2] == bytes((_AV1_DELIMITER << 3 | 2, 0)) else payload
    return b"".join(
        part for unit in split_annex_b(payload) for part in (len(unit).to_bytes(4, "big"), unit)
    )


def find_video_entry(codec: str, keyframe: bytes, width: int, height: int) -> bytes | None:
    """The sample entry for what begins with this keyframe; None where it lacks its setup."""
    match codec:
        case "h264":
            kind, setup = b"avc1", _h264_setup(split_annex_b(keyframe))
        case "h265":
            kind, setup = b"hev1", _h265_setup(split_annex_b(keyframe))
        case "av1":
            kind, setup = b"av01", _av1_setup(keyframe)
        case _:
            return None
    return video_entry(kind, width, height, setup) if setup is not None else None


def opus_entry(channels: int) -> bytes:
    """Nothing is skipped at the start: a recording begins within a broadcast."""
    dops = box(b"dOps", struct.pack(">BBHIhB", 0, channels, 0, 48_000, 0, 0))
    return sound_entry(b"Opus", channels, dops)


def opus_duration_us(packet: bytes) -> int:
    """How long a packet sounds (RFC 6716 3.2); 20 ms for one that says nothing."""
    if not packet:
        return 20_000
    code = packet[0] & 3
    frames = 1 if code == 0 else 2
    if code == 3:
        frames = packet[1] & 0x3F if len(packet) > 1 else 1
    return min(max(frames, 1) * _OPUS_FRAME_US[packet[0] >> 3], OPUS_US_MAX)


def _h264_setup(units: list[bytes]) -> bytes | None:
    sps = [unit for unit in units if unit[0] & 0x1F == _H264_SPS][:31]
    pps = [unit for unit in units if unit[0] & 0x1F == _H264_PPS][:255]
    if not sps or not pps or len(sps[0]) < 4:
        return None
    profile = sps[0][1]
    parts = [bytes((1, *sps[0][1:4], 0xFF, 0xE0 | len(sps))), *map(_with_length, sps)]
    parts += [bytes((len(pps),)), *map(_with_length, pps)]
    if profile in _H264_HIGH:
        bits = _Bits(_unescape(sps[0])[4:])
        bits.take_ue()
        chroma = bits.take_ue()
        if chroma == 3:
            bits.take(1)
        luma_depth, chroma_depth = bits.take_ue(), bits.take_ue()
        parts.append(bytes((0xFC | chroma & 3, 0xF8 | luma_depth & 7, 0xF8 | chroma_depth & 7, 0)))
    return box(b"avcC", *parts)


def _h265_setup(units: list[bytes]) -> bytes | None:
    sets = {
        kind: [unit for unit in units if unit[0] >> 1 & 0x3F == kind][:16] for kind in _H265_SETS
    }
    if not all(sets.values()):
        return None
    sps = _unescape(sets[_H265_SPS][0])
    if len(sps) < 15:
        return None
    layers = sps[2] >> 1 & 7
    bits = _Bits(sps[15:])
    flags = [(bits.take(1), bits.take(1)) for _ in range(layers)]
    if layers:
        bits.take(2 * (8 - layers))
    for has_profile, has_level in flags:
        bits.take(88 * has_profile + 8 * has_level)
    bits.take_ue()
    chroma = bits.take_ue()
    if chroma == 3:
        bits.take(1)
    bits.take_ue()
    bits.take_ue()
    if bits.take(1):
        for _ in range(4):
            bits.take_ue()
    luma_depth, chroma_depth = bits.take_ue(), bits.take_ue()
    head = bytes((1,)) + sps[3:15] + bytes((0xF0, 0, 0xFC, 0xFC | chroma & 3))
    depths = bytes((0xF8 | luma_depth & 7, 0xF8 | chroma_depth & 7, 0, 0))
    tail = bytes(((layers + 1) << 3 | (sps[2] & 1) << 2 | 3, len(sets)))
    arrays = [
        bytes((kind,)) + len(found).to_bytes(2, "big") + b"".join(map(_with_length, found))
        for kind, found in sets.items()
    ]
    return box(b"hvcC", head, depths, tail, *arrays)


def _av1_setup(keyframe: bytes) -> bytes | None:
    found = _find_sequence_header(keyframe)
    if found is None:
        return None
    unit, body = found
    bits = _Bits(body)
    profile, _, is_reduced = bits.take(3), bits.take(1), bits.take(1)
    level, tier = _av1_level(bits, is_reduced=bool(is_reduced))
    # Eight bits, 4:2:0; a decoder reads the truth from the header that follows.
    return box(b"av1C", bytes((0x81, profile << 5 | level, tier << 7 | 0x0C, 0)), unit)


def _av1_level(bits: _Bits, *, is_reduced: bool) -> tuple[int, int]:
    """Level and tier of the first operating point (AV1 5.5.1)."""
    if is_reduced:
        return bits.take(5), 0
    if bits.take(1):
        bits.take(64)
        if bits.take(1):
            bits.take_ue()
        if bits.take(1):
            bits.take(47)
    bits.take(1 + 5 + 12)
    level = bits.take(5)
    return level, bits.take(1) if level > 7 else 0


def _find_sequence_header(payload: bytes) -> tuple[bytes, bytes] | None:
    """The first sequence header: with its head, and without."""
    start = 0
    for _ in range(_OBUS_MAX):
        if start >= len(payload):
            return None
        head = payload[start]
        body = start + (2 if head & 4 else 1)
        if not head & 2:
            return None
        size, at = 0, 0
        while body < len(payload) and at < 8:
            byte = payload[body]
            size |= (byte & 0x7F) << 7 * at
            body, at = body + 1, at + 1
            if not byte & 0x80:
                break
        if head >> 3 & 0xF == _AV1_SEQUENCE:
            return payload[start : body + size], payload[body : body + size]
        start = body + size
    return None


def _unescape(unit: bytes) -> bytes:
    """Without emulation prevention (H.264 7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")


def _with_length(unit: bytes) -> bytes:
    return len(unit).to_bytes(2, "big") + unit
