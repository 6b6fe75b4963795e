"""H.264 and H.265 between two forms: Annex B, which our wire carries, and length-prefixed units
with their parameter sets apart, which FLV and MP4 carry. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from app.media.encode.annex_b import has_parameter_sets
from app.media.errors import SourceUnsupported

Codec = Literal["h264", "h265"]
START: Final = b"\x00\x00\x00\x01"
PARAMETER_SETS_MAX: Final = 16
_SPLIT: Final = re.compile(rb"\x00\x00\x00?\x01")
_SPS, _PPS, _DELIMITER = 7, 8, 9


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """What stands before the pictures."""

    codec: Codec
    parameter_sets: bytes
    """Annex B."""
    length_bytes: int
    """Of the length before each unit."""

    def to_annex_b(self, data: bytes, *, is_keyframe: bool) -> bytes:
        """One access unit; keyframes with the parameter sets. Raises SourceUnsupported."""
        units = []
        place, size = 0, self.length_bytes
        while place + size <= len(data):
            length = int.from_bytes(data[place : place + size], "big")
            place += size
            if length > len(data) - place:
                raise SourceUnsupported("a picture is cut short")
            if length:
                units.append(data[place : place + length])
            place += length
        payload = b"".join(START + unit for unit in units)
        if is_keyframe and not has_parameter_sets(payload, self.codec):
            return self.parameter_sets + payload
        return payload


def parse_avc_config(data: bytes) -> DecoderConfig:
    """An AVCDecoderConfigurationRecord (ISO 14496-15, 5.3.3). Raises SourceUnsupported."""
    if len(data) < 7 or data[0] != 1:
        raise SourceUnsupported("the H.264 setup does not parse")
    place, sets = 5, b""
    for mask in (0x1F, 0xFF):
        count = _byte(data, place) & mask
        place += 1
        found, place = _take_units(data, place, count)
        sets += found
    return _checked(DecoderConfig("h264", sets, (data[4] & 3) + 1))


def parse_hevc_config(data: bytes) -> DecoderConfig:
    """An HEVCDecoderConfigurationRecord (the same, 8.3.3). Raises SourceUnsupported."""
    if len(data) < 23:
        raise SourceUnsupported("the H.265 setup does not parse")
    place, sets = 23, b""
    for _ in range(min(data[22], PARAMETER_SETS_MAX)):
        count = int.from_bytes(data[place + 1 : place + 3], "big")
        found, place = _take_units(data, place + 3, count)
        sets += found
    return _checked(DecoderConfig("h265", sets, (data[21] & 3) + 1))


def split_annex_b(data: bytes) -> list[bytes]:
    """The units of an access unit, without start codes and trailing zeros."""
    return [unit.rstrip(b"\x00") for unit in _SPLIT.split(data) if unit.rstrip(b"\x00")]


def find_avc_config(units: list[bytes]) -> bytes | None:
    """The AVCDecoderConfigurationRecord of an access unit that holds parameter sets."""
    sps = [unit for unit in units if unit[0] & 0x1F == _SPS]
    pps = [unit for unit in units if unit[0] & 0x1F == _PPS]
    if not sps or not pps or len(sps[0]) < 4:
        return None
    packed = b"\x01" + sps[0][1:4] + b"\xff" + bytes((0xE0 | len(sps),))
    packed += b"".join(len(unit).to_bytes(2, "big") + unit for unit in sps)
    packed += bytes((len(pps),))
    return packed + b"".join(len(unit).to_bytes(2, "big") + unit for unit in pps)


def pack_units(units: list[bytes]) -> bytes:
    """Length-prefixed by four bytes, without what the configuration record holds already."""
    kept = (unit for unit in units if unit[0] & 0x1F not in {_SPS, _PPS, _DELIMITER})
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in kept)


def _take_units(data: bytes, place: int, count: int) -> tuple[bytes, int]:
    if count > PARAMETER_SETS_MAX:
        raise SourceUnsupported("the setup of the pictures holds too much")
    found = b""
    for _ in range(count):
        length = int.from_bytes(data[place : place + 2], "big")
        place += 2
        if not length or place + length > len(data):
            raise SourceUnsupported("the setup of the pictures is cut short")
        found += START + data[place : place + length]
        place += length
    return found, place


def _byte(data: bytes, place: int) -> int:
    if place >= len(data):
        raise SourceUnsupported("the setup of the pictures is cut short")
    return data[place]


def _checked(config: DecoderConfig) -> DecoderConfig:
    if not has_parameter_sets(config.parameter_sets, config.codec):
        raise SourceUnsupported("the setup of the pictures holds no parameter sets")
    return config
