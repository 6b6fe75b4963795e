"""Bodies of FLV's video and audio tags (Adobe's specification, E.4.2 and E.4.3; H.265 as Enhanced
RTMP names it): `parse` and `pack`. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from app.media.errors import SourceUnsupported

if TYPE_CHECKING:
    from app.media.flv.bitstream import Codec

_AVC, _AAC = 7, 10
_KEYFRAME, _INTER, _COMMAND = 1, 2, 5
_EXTENDED: Final = 0x80
_HEVC: Final = b"hvc1"
_SETUP, _FRAMES, _FRAMES_NOW = 0, 1, 3
"""Enhanced RTMP's packet types: set-up, pictures with and without a composition time."""
_AAC_HEAD: Final = 0xAF
"""AAC, and three fields that AAC ignores."""
Step = Literal["setup", "frames", "nothing"]


@dataclass(frozen=True, slots=True)
class VideoTag:
    codec: Codec
    step: Step
    is_keyframe: bool
    composition_ms: int
    """From decoding to showing; not 0 with B-frames."""
    data: bytes


@dataclass(frozen=True, slots=True)
class AudioTag:
    """AAC."""

    step: Step
    data: bytes


def parse_video(body: bytes) -> VideoTag:
    """Raises SourceUnsupported."""
    if len(body) < 5:
        # An encoder's last word is often an empty tag.
        return VideoTag("h264", "nothing", False, 0, b"")  # fields of a record
    kind = body[0] >> 4 & 7
    if body[0] & _EXTENDED:
        return _parse_extended(body, is_keyframe=kind == _KEYFRAME)
    if body[0] & 0xF != _AVC:
        raise SourceUnsupported("the pictures are neither H.264 nor H.265: choose H.264")
    if kind == _COMMAND or body[1] > 1:
        return VideoTag("h264", "nothing", False, 0, b"")  # fields of a record
    step: Step = "frames" if body[1] else "setup"
    return VideoTag("h264", step, kind == _KEYFRAME, _signed(body[2:5]), body[5:])


def parse_audio(body: bytes) -> AudioTag:
    """Raises SourceUnsupported."""
    if len(body) < 2:
        return AudioTag("nothing", b"")
    if body[0] >> 4 != _AAC:
        raise SourceUnsupported("the sound is not AAC: choose AAC")
    return AudioTag("frames" if body[1] else "setup", body[2:])


def pack_video_setup(config: bytes) -> bytes:
    """Of an AVCDecoderConfigurationRecord."""
    return bytes((_KEYFRAME << 4 | _AVC, 0, 0, 0, 0)) + config


def pack_video(units: bytes, *, is_keyframe: bool) -> bytes:
    """Of length-prefixed units, shown when decoded."""
    kind = _KEYFRAME if is_keyframe else _INTER
    return bytes((kind << 4 | _AVC, 1, 0, 0, 0)) + units


def pack_audio_setup(config: bytes) -> bytes:
    """Of an AudioSpecificConfig."""
    return bytes((_AAC_HEAD, 0)) + config


def pack_audio(frame: bytes) -> bytes:
    return bytes((_AAC_HEAD, 1)) + frame


def _parse_extended(body: bytes, *, is_keyframe: bool) -> VideoTag:
    packet_type, name = body[0] & 0xF, body[1:5]
    if name != _HEVC:
        raise SourceUnsupported("the pictures are neither H.264 nor H.265: choose H.264")
    if packet_type == _SETUP:
        return VideoTag("h265", "setup", is_keyframe, 0, body[5:])
    if packet_type == _FRAMES and len(body) >= 8:
        return VideoTag("h265", "frames", is_keyframe, _signed(body[5:8]), body[8:])
    if packet_type == _FRAMES_NOW:
        return VideoTag("h265", "frames", is_keyframe, 0, body[5:])
    return VideoTag("h265", "nothing", False, 0, b"")  # fields of a record


def _signed(three_bytes: bytes) -> int:
    return int.from_bytes(three_bytes, "big", signed=True)
