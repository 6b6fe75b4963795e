"""What the relay and the process that writes say to each other over its standard streams.

To it: an operation (u8), the number of a recording (u32), a length (u32, big-endian) and so many
bytes: JSON, or a media packet as it came. From it: one JSON object a line.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

import msgspec

HEAD: Final = struct.Struct(">BII")


class Operation(IntEnum):
    OPEN = 1
    PACKET = 2
    TICK = 3
    """A second has passed: what waits for a packet that does not come is written."""
    CLOSE = 4
    RECOVER = 5
    """Mend a file that nobody closed."""


_PACKET: Final = int(Operation.PACKET)


class OpenFile(msgspec.Struct, frozen=True, omit_defaults=True):
    path: str
    video_codec: str | None
    width: int = 0
    height: int = 0
    sound_channels: int | None = None
    base_pts_us: int | None = None
    """Go on with the file that began there; None: a new file."""


class RecoverFile(msgspec.Struct, frozen=True):
    path: str


class _Report(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    number: int


class Begun(_Report, frozen=True, tag=True):
    """The file is there, with its head; or it goes on. What is in it then."""

    base_pts_us: int
    region_at: int
    size: int
    ends_at_us: int
    fragments: int = 0
    starts: tuple[tuple[int, int], ...] = ()
    """As `FileIndex` has them."""


class Wrote(_Report, frozen=True, tag=True):
    size: int
    """Of the fragment."""
    is_key: bool
    starts_at_us: int
    ends_at_us: int


class Failed(_Report, frozen=True, tag=True):
    """Nothing more is written to it; what was whole before is still there."""

    is_full: bool
    words: str


class Closed(_Report, frozen=True, tag=True):
    """Also of a recovered file. `size` 0: nothing of it plays."""

    size: int
    ends_at_us: int


Report = Begun | Wrote | Failed | Closed

_encoder: Final = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[Report]] = msgspec.json.Decoder(Report)


def pack_request(operation: Operation, number: int, body: bytes = b"") -> bytes:
    return HEAD.pack(operation, number, len(body)) + body


def pack_packet_head(number: int, length: int) -> bytes:
    """What comes before a media packet of `length` bytes."""
    return HEAD.pack(_PACKET, number, length)


def pack_words(operation: Operation, number: int, words: msgspec.Struct) -> bytes:
    return pack_request(operation, number, _encoder.encode(words))


def pack_report(report: Report) -> bytes:
    return _encoder.encode(report) + b"\n"


def parse_report(line: bytes) -> Report:
    """Raises msgspec.DecodeError."""
    return _decoder.decode(line)
