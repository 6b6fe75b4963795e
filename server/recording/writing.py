"""The process that writes recordings: packets in over standard input, files out.

It keeps a slow or full disk away from the relay's loop. It decodes nothing and knows no library
of media: a stranger's packets meet only the few reads of codecs.py. When standard input ends,
because the relay does or was killed, it writes what it has and closes every file in order.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from server.recording.boxes import VIDEO_TRACK, read_fragment, read_top_boxes
from server.recording.fragmenter import Fragment, Fragmenter, Shape
from server.recording.index import INDEX_REGION_BYTES, FileIndex, is_region
from server.recording.pipe import (
    HEAD,
    Begun,
    Closed,
    Failed,
    OpenFile,
    Operation,
    RecoverFile,
    Wrote,
    pack_report,
)
from wire.errors import PacketError
from wire.media_packet import HEADER_BYTES, parse_header

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO

    from server.recording.pipe import Report

if sys.platform != "win32":
    import fcntl

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_BYTES: Final = 1024 * 1024
_FRAGMENT_HEAD_BYTES_MAX: Final = 4 * 1024 * 1024


def main() -> int:
    """Serve until standard input ends."""
    requests = os.fdopen(sys.stdin.fileno(), "rb", buffering=_READ_BYTES, closefd=False)
    answers = sys.stdout.buffer

    def tell(report: Report) -> None:
        # A parent that is gone reads nothing; its files are closed all the same.
        try:
            answers.write(pack_report(report))
            answers.flush()
        except OSError:
            return

    serve(requests, tell)
    # What could not be told must not be tried again at the exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def serve(requests: BinaryIO, tell: Callable[[Report], None]) -> None:
    writer = Writer(tell)
    while len(head := requests.read(HEAD.size)) == HEAD.size:
        operation, number, length = HEAD.unpack(head)
        body = requests.read(length)
        if len(body) < length:
            break
        writer.do(Operation(operation), number, body)
    writer.close_all()


@dataclass
class _Recording:
    """One file that grows. It is made when its first keyframe comes."""

    path: Path
    fragmenter: Fragmenter
    file: FileIO | None = None
    index: FileIndex = field(default_factory=lambda: FileIndex.begin(0))
    is_idle: bool = False
    """No packet since the last tick."""


class Writer:
    """All files of one relay."""

    def __init__(self, tell: Callable[[Report], None]) -> None:
        self._tell = tell
        self._open: dict[int, _Recording] = {}

    def do(self, operation: Operation, number: int, body: bytes) -> None:
        try:
            match operation:
                case Operation.OPEN:
                    self._open_file(number, msgspec.json.decode(body, type=OpenFile))
                case Operation.PACKET:
                    self._push(number, body)
                case Operation.TICK:
                    self._tick()
                case Operation.CLOSE:
                    self._close(number)
                case Operation.RECOVER:
                    wanted = msgspec.json.decode(body, type=RecoverFile)
                    self._tell(recover(number, Path(wanted.path)))
        except OSError as error:
            self._fail(number, error)
        except Exception as error:  # noqa: BLE001 # one stranger's packets; other rooms go on
            self._fail(number, OSError(errno.EINVAL, type(error).__name__))

    def close_all(self) -> None:
        for number in tuple(self._open):
            try:
                self._close(number)
            except OSError as error:
                self._fail(number, error)

    def _open_file(self, number: int, wanted: OpenFile) -> None:
        shape = Shape(
            wanted.video_codec, wanted.width, wanted.height, sound_channels=wanted.sound_channels
        )
        path = Path(wanted.path)
        if wanted.base_pts_us is None:
            self._open[number] = _Recording(path, Fragmenter(shape))
            return
        file = _open_locked(path)
        index = _read_index(file)
        if index is None:
            file.close()
            raise FileNotFoundError(errno.ENOENT, "nothing of it plays", str(path))
        file.truncate(index.size)
        _write_at(file, index.region_at, FileIndex.begin(0).region())
        fragmenter = Fragmenter(
            shape, base_pts_us=wanted.base_pts_us, first_number=index.fragments + 1
        )
        fragmenter.start_at(index.ends_at_us)
        self._open[number] = recording = _Recording(path, fragmenter, file, index)
        self._tell_begun(number, recording)

    def _push(self, number: int, message: bytes) -> None:
        recording = self._open.get(number)
        if recording is None:
            return
        try:
            header = parse_header(message)
        except PacketError:
            return
        recording.is_idle = False
        fragment = recording.fragmenter.push(header, message[HEADER_BYTES:])
        if recording.file is None and recording.fragmenter.head:
            self._begin(number, recording)
        if fragment is not None:
            self._write(number, recording, fragment)

    def _begin(self, number: int, recording: _Recording) -> None:
        recording.file = _open_locked(recording.path, is_new=True)
        head = recording.fragmenter.head
        recording.index = FileIndex.begin(len(head))
        _write_at(recording.file, 0, head + recording.index.region())
        self._tell_begun(number, recording)

    def _tell_begun(self, number: int, recording: _Recording) -> None:
        index = recording.index
        base_pts_us = recording.fragmenter.base_pts_us or 0
        self._tell(
            Begun(
                number,
                base_pts_us,
                index.region_at,
                index.size,
                index.ends_at_us,
                index.fragments,
                tuple(index.starts),
            )
        )

    def _write(self, number: int, recording: _Recording, fragment: Fragment) -> None:
        if recording.file is None:
            return
        index = recording.index
        _write_at(recording.file, index.size, fragment.data)
        wrote = Wrote(
            number,
            len(fragment.data),
            fragment.is_key,
            fragment.starts_at_us,
            fragment.ends_at_us,
        )
        index.add(
            wrote.size,
            is_key=wrote.is_key,
            starts_at_us=wrote.starts_at_us,
            ends_at_us=wrote.ends_at_us,
        )
        self._tell(wrote)

    def _tick(self) -> None:
        for number, recording in tuple(self._open.items()):
            if recording.is_idle:
                try:
                    self._flush(number, recording)
                except OSError as error:
                    self._fail(number, error)
            recording.is_idle = True

    def _flush(self, number: int, recording: _Recording) -> None:
        fragment = recording.fragmenter.flush()
        if fragment is not None:
            self._write(number, recording, fragment)

    def _close(self, number: int) -> None:
        recording = self._open.get(number)
        if recording is None:
            self._tell(Closed(number, 0, 0))
            return
        self._flush(number, recording)
        del self._open[number]
        if recording.file is not None:
            _finish(recording.file, recording.index)
        index = recording.index
        self._tell(Closed(number, index.size if index.fragments else 0, index.ends_at_us))

    def _fail(self, number: int, error: OSError) -> None:
        """What is whole stays: half a fragment behind it would stop some players."""
        recording = self._open.pop(number, None)
        if recording is not None and recording.file is not None:
            file, index = recording.file, recording.index
            with suppress(OSError):
                file.truncate(index.size)
                _write_at(file, index.region_at, index.region())
            with suppress(OSError):
                file.close()
        words = error.strerror or type(error).__name__
        self._tell(Failed(number, error.errno in _FULL, words))


def recover(number: int, path: Path) -> Closed:
    """Cut off what a killed writer left half done, and write the index. Raises OSError."""
    try:
        file = _open_locked(path)
    except FileNotFoundError:
        return Closed(number, 0, 0)
    index = _read_index(file)
    if index is None or not index.fragments:
        file.close()
        return Closed(number, 0, 0)
    file.truncate(index.size)
    _finish(file, index)
    return Closed(number, index.size, index.ends_at_us)


def _finish(file: FileIO, index: FileIndex) -> None:
    _write_at(file, index.region_at, index.region())
    os.fsync(file.fileno())
    file.close()


def _write_at(file: FileIO, place: int, data: bytes) -> None:
    """All of it. Nothing waits in a buffer, where a full disk would find it again at the end."""
    file.seek(place)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _open_locked(path: Path, *, is_new: bool = False) -> FileIO:
    """For this process alone: a killed relay's writer may still be closing it."""
    file = path.open("x+b" if is_new else "r+b", buffering=0)
    if sys.platform != "win32":
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
    return file


def _read_index(file: FileIO) -> FileIndex | None:
    """What is whole of a file; None where not even its head is."""
    size = file.seek(0, os.SEEK_END)
    found = read_top_boxes(file, size)
    head = [next(found, None) for _ in range(3)]
    kinds = [one.kind for one in head if one is not None]
    region = head[2]
    if kinds[:2] != [b"ftyp", b"moov"] or region is None or not is_region(region.kind, region.size):
        return None
    index = FileIndex.begin(region.start)
    if size < index.size:
        return None
    moof = b""
    for one in found:
        if one.start < region.start + INDEX_REGION_BYTES:
            continue
        if one.kind == b"moof" and one.size <= _FRAGMENT_HEAD_BYTES_MAX:
            file.seek(one.start)
            moof = file.read(one.size)
        elif one.kind == b"mdat" and moof:
            if not _add_fragment(index, moof, one.size):
                return index
            moof = b""
        else:
            return index
    return index


def _add_fragment(index: FileIndex, moof: bytes, data_bytes: int) -> bool:
    try:
        spans = read_fragment(moof)
    except ValueError:
        return False
    videos = [span for span in spans if span.track_id == VIDEO_TRACK]
    index.add(
        len(moof) + data_bytes,
        is_key=all(span.is_key for span in videos or spans),
        starts_at_us=min((span.starts_at_us for span in spans), default=0),
        ends_at_us=max((span.ends_at_us for span in spans), default=0),
    )
    return True
