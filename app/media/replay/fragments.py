"""Fragmented MP4 read box by box: what a recording holds and where. Pure; bytes in, facts out.

    ftyp moov (moof mdat)*  with anything else between, passed over

A recording that is still being written has no index, and FFmpeg's demuxer seeks in one only as far
as it has read. Every fragment says its own time, so that any place in the file leads to any other.
All that is read is a stranger's: sizes are bounded, and what does not fit raises BrokenRecording.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

INDEX_BYTES_MAX: Final = 256 * 1024
FRAGMENT_HEAD_BYTES_MAX: Final = 1 << 20
"""Of a moof: a second of pictures and sound takes some 2 KB."""
INIT_BYTES_MAX: Final = 1 << 20
SAMPLES_MAX: Final = 20_000
SAMPLE_BYTES_MAX: Final = 16 << 20
TRACKS_MAX: Final = 8
TIME_US_MAX: Final = 10**14
EXTRADATA_BYTES_MAX: Final = 64 * 1024
_NOT_SYNC: Final = 0x10000
_HEADER: Final = struct.Struct(">I4s")
_U32: Final = struct.Struct(">I")
_U64: Final = struct.Struct(">Q")
_VISUAL_ENTRY_BYTES: Final = 78
_AUDIO_ENTRY_BYTES: Final = 28
_PARENTS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"edts"})

Codec = Literal["h264", "h265", "av1", "opus", "aac"]
_CODECS: Final[dict[bytes, Codec]] = {
    b"avc1": "h264",
    b"avc3": "h264",
    b"hvc1": "h265",
    b"hev1": "h265",
    b"av01": "av1",
    b"Opus": "opus",
}
_SETUP_BOXES: Final = frozenset({b"avcC", b"hvcC", b"av1C"})


class BrokenRecording(ValueError):
    """The bytes are no fragmented MP4, or one that makes no sense."""


class Box(NamedTuple):
    """Where a box is within the bytes that were looked at."""

    kind: bytes
    start: int
    body: int
    end: int


class Sample(NamedTuple):
    """One packet; times in microseconds, the place counted from the start of the file."""

    track_id: int
    dts_us: int
    pts_us: int
    duration_us: int
    offset: int
    size: int
    is_sync: bool


@dataclass(slots=True)
class Track:
    """What a decoder has to know, and how its samples are counted."""

    track_id: int = 0
    codec: Codec | None = None
    """None: of no use here."""
    timescale: int = 0
    extradata: bytes = b""
    width: int = 0
    height: int = 0
    default_duration: int = 0
    default_size: int = 0
    default_flags: int = 0
    shift: int = 0
    """Of the edit list, in units of the timescale: taken from every pts."""

    @property
    def is_video(self) -> bool:
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Init:
    """What stands before the first fragment."""

    tracks: dict[int, Track]
    end: int
    """Where the first fragment may begin."""

    @property
    def video(self) -> Track | None:
        return next((one for one in self.tracks.values() if one.is_video and one.codec), None)

    @property
    def audio(self) -> Track | None:
        found = (one for one in self.tracks.values() if not one.is_video and one.codec)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A moof and the data behind it."""

    offset: int
    end: int
    """Where the next one may begin."""
    samples: tuple[Sample, ...] = field(repr=False)

    def of(self, track: Track | None) -> list[Sample]:
        if track is None:
            return []
        return [one for one in self.samples if one.track_id == track.track_id]

    @property
    def data_start(self) -> int:
        return min(one.offset for one in self.samples)

    @property
    def data_end(self) -> int:
        return max(one.offset + one.size for one in self.samples)


def read_header(data: bytes, at: int = 0) -> tuple[bytes, int, int] | None:
    """Kind, length of the header and of the whole box (0: to the end); None where cut short."""
    if len(data) < at + 8:
        return None
    size, kind = _HEADER.unpack_from(data, at)
    if size != 1:
        if 0 < size < 8:
            raise BrokenRecording(f"a box of {size} bytes")
        return kind, 8, size
    if len(data) < at + 16:
        return None
    (size,) = _U64.unpack_from(data, at + 8)
    if size < 16:
        raise BrokenRecording(f"a box of {size} bytes")
    return kind, 16, size


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes there, one after the other; one that is cut short ends it."""
    while start < end:
        header = read_header(data, start)
        if header is None:
            return
        kind, head, size = header
        stop = start + size if size else end
        if stop > end:
            return
        yield Box(kind, start, start + head, stop)
        start = stop


def parse_init(data: bytes) -> Init | None:
    """From the start of a file; None where `data` ends before the moov does."""
    try:
        for box in walk(data, 0, len(data)):
            if box.kind == b"moov":
                return _parse_moov(data, box)
            if box.kind == b"moof":
                break
    except (struct.error, IndexError) as error:
        raise BrokenRecording(str(error)) from None
    header = _find_unfinished(data)
    if header is not None and header > INIT_BYTES_MAX:
        raise BrokenRecording("no moov at the start")
    if len(data) >= INIT_BYTES_MAX:
        raise BrokenRecording("no moov within the first megabyte")
    return None


def find_moof(data: bytes, start: int = 0) -> int:
    """Where the next moof begins within the bytes, looked for by its look; -1: nowhere."""
    at = data.find(b"moof", start + 4)
    while at >= 0:
        if len(data) < at + 12:
            return -1
        (size,) = _U32.unpack_from(data, at - 4)
        if 32 <= size <= FRAGMENT_HEAD_BYTES_MAX and data[at + 8 : at + 12] == b"mfhd":
            return at - 4
        at = data.find(b"moof", at + 4)
    return -1


def find_last_moof(data: bytes) -> int:
    """The same from behind."""
    at = data.rfind(b"moof")
    while at >= 4:
        found = find_moof(data, at - 4)
        if found == at - 4:
            return found
        at = data.rfind(b"moof", 0, at)
    return -1


class Entry(NamedTuple):
    """Of the index: where something begins that can be played from there on."""

    offset: int
    end: int
    start_us: int
    end_us: int


def parse_index(data: bytes, offset: int) -> list[Entry]:
    """Of the sidx at the start of `data`, which is at `offset` in the file; empty: there is none.

    Several fragments may share an entry.
    """
    try:
        return _parse_index(data, offset)
    except (struct.error, IndexError):
        return []


def parse_fragment(data: bytes, offset: int, init: Init) -> Fragment | None:
    """Of a moof at the start of `data`, which is at `offset` in the file, and of the mdat behind.

    None where `data` ends before the mdat's header does.
    """
    try:
        return _parse_fragment(data, offset, init)
    except (struct.error, IndexError) as error:
        raise BrokenRecording(str(error)) from None


def _parse_index(data: bytes, offset: int) -> list[Entry]:
    box = next(walk(data, 0, len(data)), None)
    if box is None or box.kind != b"sidx":
        return []
    _, timescale = struct.unpack_from(">2I", data, box.body + 4)
    form = struct.Struct(">2Q" if data[box.body] else ">2I")
    start, first = form.unpack_from(data, box.body + 12)
    at = box.body + 12 + form.size
    (count,) = struct.unpack_from(">H", data, at + 2)
    place, entries = offset + box.end + first, []
    for number in range(count):
        size, duration, _ = struct.unpack_from(">3I", data, at + 4 + 12 * number)
        if size >> 31 or not timescale:
            return []  # an index of indexes
        times = (start * 1_000_000 // timescale, (start + duration) * 1_000_000 // timescale)
        entries.append(Entry(place, place + size, *times))
        place, start = place + size, start + duration
    return entries


def _find_unfinished(data: bytes) -> int | None:
    """How long the box would be that is cut short."""
    at = 0
    while (header := read_header(data, at)) is not None:
        size = header[2]
        if not size or at + size > len(data):
            return size
        at += size
    return None


def _parse_moov(data: bytes, moov: Box) -> Init:
    tracks: dict[int, Track] = {}
    for box in walk(data, moov.body, moov.end):
        if box.kind == b"trak":
            track = Track()
            _parse_track(data, box, track)
            if track.timescale > 0 and len(tracks) < TRACKS_MAX:
                tracks[track.track_id] = track
    for box in walk(data, moov.body, moov.end):
        if box.kind != b"mvex":
            continue
        for one in walk(data, box.body, box.end):
            if one.kind == b"trex":
                track_id, _, duration, size, flags = struct.unpack_from(">5I", data, one.body + 4)
                if track_id in tracks:
                    known = tracks[track_id]
                    known.default_duration, known.default_size = duration, size
                    known.default_flags = flags
    if not any(one.codec for one in tracks.values()):
        raise BrokenRecording("neither pictures nor sound that this program knows")
    return Init(tracks, moov.end)


def _parse_track(data: bytes, parent: Box, track: Track) -> None:
    for box in walk(data, parent.body, parent.end):
        body = box.body
        if box.kind in _PARENTS:
            _parse_track(data, box, track)
        elif box.kind == b"tkhd":
            (track.track_id,) = _U32.unpack_from(data, body + (20 if data[body] else 12))
        elif box.kind == b"mdhd":
            (track.timescale,) = _U32.unpack_from(data, body + (20 if data[body] else 12))
        elif box.kind == b"elst":
            track.shift = _parse_edits(data, body)
        elif box.kind == b"stsd":
            _parse_description(data, box, track)


def _parse_edits(data: bytes, body: int) -> int:
    """The media time that the first edit which is not empty begins with."""
    version, (count,) = data[body], _U32.unpack_from(data, body + 4)
    form = struct.Struct(">QqI" if version else ">IiI")
    for number in range(min(count, 16)):
        _, media_time, _ = form.unpack_from(data, body + 8 + number * form.size)
        if media_time >= 0:
            return int(media_time)
    return 0


def _parse_description(data: bytes, stsd: Box, track: Track) -> None:
    entry = next(walk(data, stsd.body + 8, stsd.end), None)
    if entry is None:
        return
    track.codec = _CODECS.get(entry.kind)
    fixed = _AUDIO_ENTRY_BYTES
    if track.codec in {"h264", "h265", "av1"}:
        fixed = _VISUAL_ENTRY_BYTES
        track.width, track.height = struct.unpack_from(">2H", data, entry.body + 24)
    for box in walk(data, entry.body + fixed, entry.end):
        if box.kind in _SETUP_BOXES and box.end - box.body <= EXTRADATA_BYTES_MAX:
            track.extradata = bytes(data[box.body : box.end])


def _parse_fragment(data: bytes, offset: int, init: Init) -> Fragment | None:
    header = read_header(data)
    if header is None:
        return None
    kind, head, size = header
    if kind != b"moof" or not 0 < size <= FRAGMENT_HEAD_BYTES_MAX:
        raise BrokenRecording(f"not a fragment at {offset}")
    if len(data) < size + 8:
        return None
    samples: list[Sample] = []
    base = offset
    for box in walk(data, head, size):
        if box.kind == b"traf":
            base = _parse_traf(data, box, offset, base, init, samples)
    following = read_header(data, size)
    if following is None:
        return None
    kind, _, length = following
    end = offset + size + (length if kind == b"mdat" and length else 0)
    if not samples:
        return Fragment(offset, end, ())
    end = max(end, *(one.offset + one.size for one in samples))
    return Fragment(offset, end, tuple(samples))


class _Defaults:
    """Of one traf, as its tfhd says."""

    __slots__ = ("base", "duration", "flags", "size", "track")

    def __init__(self, data: bytes, body: int, moof: int, base: int, init: Init) -> None:
        flags, track_id = struct.unpack_from(">2I", data, body)
        flags &= 0xFFFFFF
        self.track = init.tracks.get(track_id)
        self.base = moof if flags & 0x20000 else base
        known = self.track or Track()
        self.duration, self.size = known.default_duration, known.default_size
        self.flags = known.default_flags
        at = body + 8
        if flags & 0x1:
            (self.base,) = _U64.unpack_from(data, at)
            at += 8
        at += 4 if flags & 0x2 else 0
        if flags & 0x8:
            (self.duration,) = _U32.unpack_from(data, at)
            at += 4
        if flags & 0x10:
            (self.size,) = _U32.unpack_from(data, at)
            at += 4
        if flags & 0x20:
            (self.flags,) = _U32.unpack_from(data, at)


def _parse_traf(
    data: bytes, traf: Box, moof: int, base: int, init: Init, samples: list[Sample]
) -> int:
    """Appends to `samples`; returns where the data of the next one begins, if it does not say."""
    defaults: _Defaults | None = None
    dts = 0
    for box in walk(data, traf.body, traf.end):
        if box.kind == b"tfhd":
            defaults = _Defaults(data, box.body, moof, base, init)
            base = defaults.base
        elif box.kind == b"tfdt":
            form = _U64 if data[box.body] else _U32
            (dts,) = form.unpack_from(data, box.body + 4)
        elif box.kind == b"trun" and defaults is not None:
            dts, base = _parse_run(data, box, dts, base, defaults, samples)
    return base


def _parse_run(
    data: bytes, trun: Box, dts: int, base: int, defaults: _Defaults, samples: list[Sample]
) -> tuple[int, int]:
    (word, count) = struct.unpack_from(">2I", data, trun.body)
    flags, at, place = word & 0xFFFFFF, trun.body + 8, base
    if count + len(samples) > SAMPLES_MAX:
        raise BrokenRecording(f"{count} samples in one fragment")
    if flags & 0x1:
        (shift,) = struct.unpack_from(">i", data, at)
        place = defaults.base + shift
        at += 4
    first_flags: int | None = None
    if flags & 0x4:
        (first_flags,) = _U32.unpack_from(data, at)
        at += 4
    track = defaults.track
    row = _make_row(flags)
    for number in range(count):
        fields = iter(row.unpack_from(data, at))
        at += row.size
        duration = next(fields) if flags & 0x100 else defaults.duration
        size = next(fields) if flags & 0x200 else defaults.size
        sample_flags = next(fields) if flags & 0x400 else defaults.flags
        later = next(fields) if flags & 0x800 else 0
        if number == 0 and first_flags is not None:
            sample_flags = first_flags
        if track is not None and track.codec is not None:
            samples.append(_make_sample(track, dts, later, duration, place, size, sample_flags))
        place += size
        dts += duration
    return dts, place


def _make_row(flags: int) -> struct.Struct:
    """What is told of each sample."""
    unsigned = sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400))
    return struct.Struct(">" + "I" * unsigned + ("i" if flags & 0x800 else ""))


def _make_sample(  # the fields of a sample
    track: Track, dts: int, later: int, duration: int, place: int, size: int, flags: int
) -> Sample:
    scale = track.timescale
    pts_us = (dts + later - track.shift) * 1_000_000 // scale
    if not place >= 0 or size > SAMPLE_BYTES_MAX or abs(pts_us) > TIME_US_MAX:
        raise BrokenRecording(f"a sample of {size} bytes at {pts_us} µs")
    return Sample(
        track.track_id,
        (dts - track.shift) * 1_000_000 // scale,
        pts_us,
        duration * 1_000_000 // scale,
        place,
        size,
        not track.is_video or not flags & _NOT_SYNC,
    )
