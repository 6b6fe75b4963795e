"""The binary header of a media packet: `pack` and `parse`.

One WebSocket binary message is one packet: 24 bytes, big-endian, then the payload.

    0  u8   version = 1
    1  u8   kind: 1 video, 2 audio, 3 timed data
    2  u8   layer: 0 is the lowest quality; 0 for audio and timed data
    3  u8   flags: 1 keyframe, 2 discontinuity, 4 end of track, 8 discardable
    4  u32  sequence, per kind and layer, +1 a packet, wraps
    8  u64  pts in microseconds since the broadcast began
    16 u64  capture time, Unix microseconds
"""

from __future__ import annotations

import struct
from enum import IntEnum, IntFlag
from typing import Final, NamedTuple

from wire.errors import PacketError
from wire.limits import LAYERS_MAX, MEDIA_MESSAGE_BYTES_MAX, PTS_US_MAX

VERSION: Final = 1
HEADER_BYTES: Final = 24
SEQUENCE_MODULUS: Final = 2**32

_HEADER: Final = struct.Struct("!BBBBIQQ")


class Kind(IntEnum):
    VIDEO = 1
    AUDIO = 2
    DATA = 3


class Flags(IntFlag):
    NONE = 0
    KEYFRAME = 1
    DISCONTINUITY = 2
    """Time or content jumps here: whoever joins packets starts afresh."""
    END_OF_TRACK = 4
    DISCARDABLE = 8
    """No other frame needs this one."""


_FLAGS_ALL: Final = 15


class Header(NamedTuple):
    kind: Kind
    layer: int
    flags: Flags
    sequence: int
    pts_us: int
    captured_at_unix_us: int


class MediaPacket(NamedTuple):
    """One encoded packet. `payload` is an Annex B access unit or one Opus packet."""

    kind: Kind
    layer: int
    flags: Flags
    sequence: int
    pts_us: int
    captured_at_unix_us: int
    payload: bytes

    @property
    def is_keyframe(self) -> bool:
        return bool(self.flags & Flags.KEYFRAME)


_KINDS: Final = {int(kind): kind for kind in Kind}
_FLAG_SETS: Final = tuple(Flags(value) for value in range(_FLAGS_ALL + 1))


def pack(packet: MediaPacket) -> bytes:
    """The message of a packet. Raises ValueError when a field does not fit: that is our mistake."""
    highest = LAYERS_MAX - 1 if packet.kind is Kind.VIDEO else 0
    if not 0 <= packet.layer <= highest:
        raise ValueError(f"layer {packet.layer} is outside 0..{highest}")
    if not 0 <= packet.pts_us <= PTS_US_MAX:
        raise ValueError(f"pts_us {packet.pts_us} is negative or too large")
    if not 0 <= packet.captured_at_unix_us <= PTS_US_MAX:
        raise ValueError(f"captured_at_unix_us {packet.captured_at_unix_us} does not fit")
    if HEADER_BYTES + len(packet.payload) > MEDIA_MESSAGE_BYTES_MAX:
        raise ValueError(f"payload of {len(packet.payload)} bytes is too large")
    header = _HEADER.pack(
        VERSION,
        packet.kind,
        packet.layer,
        packet.flags,
        packet.sequence % SEQUENCE_MODULUS,
        packet.pts_us,
        packet.captured_at_unix_us,
    )
    return header + packet.payload


def parse_header(message: bytes) -> Header:
    """The header of a message, payload untouched. Raises PacketError on anything not allowed."""
    if len(message) < HEADER_BYTES:
        raise PacketError(f"a media packet has at least {HEADER_BYTES} bytes, got {len(message)}")
    if len(message) > MEDIA_MESSAGE_BYTES_MAX:
        raise PacketError(f"a media packet has at most {MEDIA_MESSAGE_BYTES_MAX} bytes")
    version, kind, layer, flags, sequence, pts_us, captured_at = _HEADER.unpack_from(message)
    if version != VERSION:
        raise PacketError(f"packet version {version} is not {VERSION}")
    known_kind = _KINDS.get(kind)
    if known_kind is None:
        raise PacketError(f"packet kind {kind} is not one of 1, 2, 3")
    if layer >= LAYERS_MAX or (layer and known_kind is not Kind.VIDEO):
        raise PacketError(f"layer {layer} is not allowed for kind {kind}")
    if flags > _FLAGS_ALL:
        raise PacketError(f"packet flags {flags:#x} hold unknown bits")
    if pts_us > PTS_US_MAX or captured_at > PTS_US_MAX:
        raise PacketError("packet times are 63-bit")
    return Header(known_kind, layer, _FLAG_SETS[flags], sequence, pts_us, captured_at)


def parse(message: bytes) -> MediaPacket:
    """Header and payload (a copy). Raises PacketError."""
    return MediaPacket(*parse_header(message), message[HEADER_BYTES:])


def sequence_distance(earlier: int, later: int) -> int:
    """How many packets `later` stands after `earlier`, negative when before; wraps rightly."""
    return (later - earlier + SEQUENCE_MODULUS // 2) % SEQUENCE_MODULUS - SEQUENCE_MODULUS // 2
