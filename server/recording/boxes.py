"""The boxes of ISO 14496-12 that a recording is made of. Pure: bytes in, bytes out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from io import FileIO

SOUND_TIMESCALE: Final = 48_000
"""Opus counts in 48 kHz whatever it was made of (RFC 7845 5.1)."""
VIDEO_TIMESCALE: Final = SOUND_TIMESCALE
"""Not 90 kHz: FFmpeg compares times of the index, which are the picture's, with those of the sound
as if both counted alike, and lands at half the way."""
VIDEO_TRACK: Final = 1
SOUND_TRACK: Final = 2
HEAD_BYTES: Final = 8
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SYNC: Final = 0x02000000
_NOT_SYNC: Final = 0x01010000
INDEX_ENTRY_BYTES: Final = 12
_INDEX_HEAD_BYTES: Final = 40
"""Of a sidx, version 1, before its entries."""


class Sample(NamedTuple):
    data: bytes
    duration: int
    """In the track's timescale, as the offset."""
    offset: int
    """Of showing against decoding; other than 0 where pictures are sent out of order."""
    is_key: bool


class IndexEntry(NamedTuple):
    """What begins at a keyframe and ends before the next; time in VIDEO_TIMESCALE."""

    size: int
    duration: int


class TopBox(NamedTuple):
    kind: bytes
    start: int
    size: int


def box(kind: bytes, *parts: bytes) -> bytes:
    size = HEAD_BYTES + sum(map(len, parts))
    return b"".join((struct.pack(">I4s", size, kind), *parts))


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def file_type() -> bytes:
    return box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6iso5mp41dash")


def movie(*tracks: bytes, track_ids: tuple[int, ...]) -> bytes:
    """`moov` without samples; they come in fragments."""
    header = struct.pack(">IIII", 0, 0, 1_000, 0) + struct.pack(">IHHQ", 0x10000, 0x100, 0, 0)
    mvhd = full_box(
        b"mvhd", 0, 0, header, _MATRIX, bytes(24), struct.pack(">I", max(track_ids) + 1)
    )
    extends = [
        full_box(b"trex", 0, 0, struct.pack(">5I", track_id, 1, 0, 0, 0)) for track_id in track_ids
    ]
    return box(b"moov", mvhd, *tracks, box(b"mvex", *extends))


def video_track(track_id: int, entry: bytes, width: int, height: int) -> bytes:
    media_header = full_box(b"vmhd", 0, 1, bytes(8))
    sides = struct.pack(">II", width << 16, height << 16)
    return _track(track_id, b"vide", VIDEO_TIMESCALE, media_header, entry, sides, volume=0)


def sound_track(track_id: int, entry: bytes) -> bytes:
    media_header = full_box(b"smhd", 0, 0, bytes(4))
    return _track(track_id, b"soun", SOUND_TIMESCALE, media_header, entry, bytes(8), volume=0x100)


def _track(  # the fields of one box
    track_id: int,
    handler: bytes,
    timescale: int,
    media_header: bytes,
    entry: bytes,
    sides: bytes,
    *,
    volume: int,
) -> bytes:
    tkhd = full_box(
        b"tkhd",
        0,
        3,
        struct.pack(">IIIII", 0, 0, track_id, 0, 0),
        struct.pack(">QHHHH", 0, 0, 0, volume, 0),
        _MATRIX,
        sides,
    )
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, timescale, 0, 0x55C4, 0))
    hdlr = full_box(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"livehouse\0")
    data = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    tables = (
        full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry),
        full_box(b"stts", 0, 0, bytes(4)),
        full_box(b"stsc", 0, 0, bytes(4)),
        full_box(b"stsz", 0, 0, bytes(8)),
        full_box(b"stco", 0, 0, bytes(4)),
    )
    minf = box(b"minf", media_header, box(b"dinf", data), box(b"stbl", *tables))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))


def video_entry(kind: bytes, width: int, height: int, setup: bytes) -> bytes:
    """One line of `stsd`; `setup` is the codec's own box."""
    return box(
        kind,
        struct.pack(">6xH16xHHIIIH", 1, width, height, 0x480000, 0x480000, 0, 1),
        bytes(32),
        struct.pack(">Hh", 24, -1),
        setup,
    )


def sound_entry(kind: bytes, channels: int, setup: bytes) -> bytes:
    fields = struct.pack(">6xH8xHHHHI", 1, channels, 16, 0, 0, SOUND_TIMESCALE << 16)
    return box(kind, fields, setup)


def fragment(number: int, tracks: list[tuple[int, int, list[Sample]]]) -> bytes:
    """`moof` and `mdat`. Each track: its id, when its first sample is decoded, its samples."""

    def build(offsets: list[int]) -> bytes:
        trafs = []
        for (track_id, starts_at, samples), offset in zip(tracks, offsets, strict=True):
            table = b"".join(
                struct.pack(
                    ">IIIi",
                    sample.duration,
                    len(sample.data),
                    _SYNC if sample.is_key else _NOT_SYNC,
                    sample.offset,
                )
                for sample in samples
            )
            trafs.append(
                box(
                    b"traf",
                    full_box(b"tfhd", 0, 0x020000, struct.pack(">I", track_id)),
                    full_box(b"tfdt", 1, 0, struct.pack(">Q", starts_at)),
                    full_box(b"trun", 1, 0xF01, struct.pack(">Ii", len(samples), offset), table),
                )
            )
        return box(b"moof", full_box(b"mfhd", 0, 0, struct.pack(">I", number)), *trafs)

    data = [b"".join(sample.data for sample in samples) for _, _, samples in tracks]
    place = len(build([0] * len(tracks))) + HEAD_BYTES
    offsets = []
    for one in data:
        offsets.append(place)
        place += len(one)
    return build(offsets) + box(b"mdat", *data)


def index_region(entries: list[IndexEntry], region_bytes: int) -> bytes:
    """`sidx` and what is left free of its place. Neighbours are joined until they fit.

    Without entries the whole region is free.
    """
    if not entries:
        return box(b"free", bytes(region_bytes - HEAD_BYTES))
    fit = (region_bytes - _INDEX_HEAD_BYTES - HEAD_BYTES) // INDEX_ENTRY_BYTES
    while len(entries) > fit:
        entries = [
            IndexEntry(
                sum(one.size for one in entries[at : at + 2]),
                sum(one.duration for one in entries[at : at + 2]),
            )
            for at in range(0, len(entries), 2)
        ]
    left = region_bytes - _INDEX_HEAD_BYTES - len(entries) * INDEX_ENTRY_BYTES
    lines = b"".join(
        struct.pack(">III", one.size & 0x7FFFFFFF, one.duration & 0xFFFFFFFF, 0x90000000)
        for one in entries
    )
    head = struct.pack(">IIQQHH", 1, VIDEO_TIMESCALE, 0, left, 0, len(entries))
    return full_box(b"sidx", 1, 0, head, lines) + box(b"free", bytes(left - HEAD_BYTES))


def read_top_boxes(file: BinaryIO | FileIO, size: int) -> Iterator[TopBox]:
    """The whole boxes of a file of this size, until one that is torn or makes no sense."""
    start = 0
    while start + HEAD_BYTES <= size:
        file.seek(start)
        length, kind = struct.unpack(">I4s", file.read(HEAD_BYTES))
        if length < HEAD_BYTES or start + length > size:
            return
        yield TopBox(kind, start, length)
        start += length


class FragmentSpan(NamedTuple):
    """What a fragment says of one track: when it begins and ends, and whether at a keyframe."""

    track_id: int
    timescale: int
    starts_at: int
    ends_at: int
    is_key: bool

    @property
    def starts_at_us(self) -> int:
        return self.starts_at * 1_000_000 // self.timescale

    @property
    def ends_at_us(self) -> int:
        return self.ends_at * 1_000_000 // self.timescale


def read_fragment(moof: bytes) -> list[FragmentSpan]:
    """The spans of a `moof` that `fragment` wrote. Raises ValueError for any other."""
    spans = []
    try:
        for kind, body in _children(moof[HEAD_BYTES:]):
            if kind != b"traf":
                continue
            parts = dict(_children(body))
            (track_id,) = struct.unpack_from(">I", parts[b"tfhd"], 4)
            (starts_at,) = struct.unpack_from(">Q", parts[b"tfdt"], 4)
            (count,) = struct.unpack_from(">I", parts[b"trun"], 4)
            lines = list(struct.iter_unpack(">IIIi", parts[b"trun"][12:]))
            if len(lines) != count:
                raise ValueError("a fragment with another number of samples than it says")
            spans.append(
                FragmentSpan(
                    track_id,
                    VIDEO_TIMESCALE if track_id == VIDEO_TRACK else SOUND_TIMESCALE,
                    starts_at,
                    starts_at + sum(line[0] for line in lines),
                    bool(lines) and lines[0][2] == _SYNC,
                )
            )
    except (struct.error, KeyError):
        raise ValueError("not a fragment of this program") from None
    return spans


def _children(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 0
    while start + HEAD_BYTES <= len(body):
        length, kind = struct.unpack_from(">I4s", body, start)
        if length < HEAD_BYTES or start + length > len(body):
            raise ValueError("a box that is longer than what holds it")
        yield kind, body[start + HEAD_BYTES : start + length]
        start += length
