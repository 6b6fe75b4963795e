"""What the viewer and its decoder child say to each other: `pack` and `parse`, pure.

A request goes into the child's standard input, its answer comes from the standard output; both are
a few bytes. The packet and what became of it lie in the memory that both see:

    0                packets, as they came from the network, each where its request says
    CONTENT_AT       pictures or samples, one after the other, as the answer lists them

The child is never believed: sizes are checked against the memory and against `PIXELS_MAX` here,
before anybody touches a picture.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from wire.limits import MEDIA_MESSAGE_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

PIXELS_MAX: Final = 4096 * 2304
SIDE_MAX: Final = 8192
PAYLOAD_BYTES_MAX: Final = MEDIA_MESSAGE_BYTES_MAX
CONTENT_AT: Final = PAYLOAD_BYTES_MAX
CONTENT_BYTES_MAX: Final = PIXELS_MAX * 3
"""Two of the largest pictures; of the usual ones far more than a packet ever completes."""
AREA_BYTES: Final = CONTENT_AT + CONTENT_BYTES_MAX
RECORDS_MAX: Final = 8
"""Of one packet."""

READY: Final = b"R"
"""The child's first byte: it has loaded all that it needs."""

CODECS: Final = ("h264", "h265", "av1", "opus")
SOUND_CODEC: Final = "opus"
SOUND_FRAMES_MAX: Final = 5760
"""120 ms at 48 kHz, the longest packet that Opus allows."""
SOUND_CHANNELS_MAX: Final = 2

REQUEST: Final = struct.Struct("!BBqII")
_HEAD: Final = struct.Struct("!BB")
_PICTURE: Final = struct.Struct("!qHHIIIBB")
_SOUND: Final = struct.Struct("!HBB")

HEAD_BYTES: Final = _HEAD.size
PICTURE_BYTES: Final = _PICTURE.size
SOUND_BYTES: Final = _SOUND.size
_FLAG_RESET: Final = 1
_FLAG_WANTED: Final = 2
_FLAG_DRAIN: Final = 4
_STATUS_OK: Final = 1
_STATUS_FAILED: Final = 2
_COLOURS_MAX: Final = 17
"""AVCOL_SPC_*; above are none."""
_RANGES_MAX: Final = 2


class MessageInvalid(Exception):
    """The other side said what it must not say."""


class Request(NamedTuple):
    codec: str
    pts_us: int
    length: int
    """Bytes of the packet."""
    is_reset: bool
    """Forget the references first."""
    is_wanted: bool
    """False: decode for the sake of later pictures, and give none."""
    at: int = 0
    """Where the packet lies."""
    is_drain: bool = False
    """No packet: all pictures that wait for later ones are given, and the references forgotten."""


class PictureInfo(NamedTuple):
    """A yuv420p picture in the shared memory: three planes, each with its own line size."""

    pts_us: int
    width: int
    height: int
    line_sizes: tuple[int, int, int]
    colorspace: int
    color_range: int

    @property
    def plane_bytes(self) -> tuple[int, int, int]:
        lines = (self.height + 1) // 2
        luma, blue, red = self.line_sizes
        return luma * self.height, blue * lines, red * lines


class SoundInfo(NamedTuple):
    """Interleaved samples in the shared memory, in the machine's byte order."""

    frames: int
    channels: int
    is_float: bool
    """32-bit floats, else 16-bit integers."""

    @property
    def sound_bytes(self) -> int:
        return self.frames * self.channels * (4 if self.is_float else 2)


class Answer(NamedTuple):
    is_ok: bool
    """False: not to be decoded; the next keyframe starts afresh."""
    record_count: int
    """So many pictures, or pieces of sound, follow."""


def pack_request(request: Request) -> bytes:
    flags = _FLAG_RESET * request.is_reset + _FLAG_WANTED * request.is_wanted
    flags += _FLAG_DRAIN * request.is_drain
    codec = CODECS.index(request.codec)
    return REQUEST.pack(flags, codec, request.pts_us, request.length, request.at)


def parse_request(message: bytes) -> Request:
    flags, codec, pts_us, length, at = REQUEST.unpack(message)
    if codec >= len(CODECS) or at + length > PAYLOAD_BYTES_MAX:
        raise MessageInvalid("a request names no known codec or is too long")
    is_reset, is_wanted = bool(flags & _FLAG_RESET), bool(flags & _FLAG_WANTED)
    is_drain = bool(flags & _FLAG_DRAIN)
    return Request(CODECS[codec], pts_us, length, is_reset, is_wanted, at, is_drain)


def pack_answer(*, is_ok: bool, records: Sequence[PictureInfo | SoundInfo] = ()) -> bytes:
    head = _HEAD.pack(_STATUS_OK if is_ok else _STATUS_FAILED, len(records))
    return head + b"".join(_pack_record(one) for one in records)


def _pack_record(one: PictureInfo | SoundInfo) -> bytes:
    if isinstance(one, SoundInfo):
        return _SOUND.pack(one.frames, one.channels, one.is_float)
    return _PICTURE.pack(
        one.pts_us, one.width, one.height, *one.line_sizes, one.colorspace, one.color_range
    )


def record_bytes(codec: str) -> int:
    """Of each record that follows the head of an answer."""
    return SOUND_BYTES if codec == SOUND_CODEC else PICTURE_BYTES


def parse_head(message: bytes) -> Answer:
    """Raises MessageInvalid."""
    status, count = _HEAD.unpack(message)
    if status not in {_STATUS_OK, _STATUS_FAILED} or count > RECORDS_MAX:
        raise MessageInvalid(f"an answer of status {status} with {count} records")
    return Answer(status == _STATUS_OK, count)


def parse_pictures(message: bytes) -> tuple[PictureInfo, ...]:
    """Each fits into the shared memory behind the ones before it. Raises MessageInvalid."""
    pictures = []
    used = 0
    for fields in _PICTURE.iter_unpack(message):
        pts_us, width, height, luma, blue, red, colorspace, color_range = fields
        one = PictureInfo(pts_us, width, height, (luma, blue, red), colorspace, color_range)
        used += check_picture(one)
        pictures.append(one)
    if used > CONTENT_BYTES_MAX:
        raise MessageInvalid(f"pictures of {used} bytes")
    return tuple(pictures)


def parse_sounds(message: bytes) -> tuple[SoundInfo, ...]:
    """Each follows the one before it in the shared memory. Raises MessageInvalid."""
    return tuple(
        check_sound(SoundInfo(frames, channels, bool(is_float)))
        for frames, channels, is_float in _SOUND.iter_unpack(message)
    )


def check_sound(one: SoundInfo) -> SoundInfo:
    """The same. Raises MessageInvalid."""
    if one.frames > SOUND_FRAMES_MAX or not 1 <= one.channels <= SOUND_CHANNELS_MAX:
        raise MessageInvalid(f"{one.frames} samples of {one.channels} channels")
    return one


def check_picture(one: PictureInfo) -> int:
    """The bytes that it takes. Raises MessageInvalid."""
    is_size = 2 <= one.width <= SIDE_MAX and 2 <= one.height <= SIDE_MAX
    if not is_size or one.width * one.height > PIXELS_MAX:
        raise MessageInvalid(f"a picture of {one.width}x{one.height}")
    luma, blue, red = one.line_sizes
    if luma < one.width or min(blue, red) < (one.width + 1) // 2:
        raise MessageInvalid(f"lines of {one.line_sizes} for a width of {one.width}")
    if one.colorspace > _COLOURS_MAX or one.color_range > _RANGES_MAX:
        raise MessageInvalid("a colour space that is none")
    used = sum(one.plane_bytes)
    if used > CONTENT_BYTES_MAX:
        raise MessageInvalid(f"a picture of {used} bytes")
    return used
