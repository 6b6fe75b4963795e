"""Byte ranges as a file that FFmpeg can read; a stretch of it may be left out.

A fragmented recording without an index leads nowhere but from fragment to fragment. With its first
part and what comes from a later fragment on, it is a file like any other: every fragment says its
own time.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

AHEAD_BYTES: Final = 1 << 20
"""Read at once; FFmpeg itself asks for 32 KB."""


class Ranges(Protocol):
    """A file here or at the relay. Raises OSError."""

    def measure(self) -> int:
        """How many bytes there are by now."""

    def read(self, offset: int, size: int) -> bytes:
        """So many, or fewer where it ends before."""

    def close(self) -> None: ...


class Gap(NamedTuple):
    """Bytes that are left out."""

    start: int
    end: int


class RangedFile(io.RawIOBase):
    """As long as the ranges were when it was made."""

    def __init__(self, ranges: Ranges, gap: Gap | None = None) -> None:
        super().__init__()
        self._ranges = ranges
        self._gap = gap if gap is not None and gap.end > gap.start else Gap(0, 0)
        self._size = ranges.measure() - (self._gap.end - self._gap.start)
        self._at = 0
        self._held = b""
        self._held_from = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        held = self._hold()
        size = min(len(view), len(held))
        view[:size] = held[:size]
        self._at += size
        return size

    def close(self) -> None:
        if not self.closed:
            self._ranges.close()
        super().close()

    def _hold(self) -> memoryview:
        """What is there from here on, some of it at least; empty at the end."""
        into = self._at - self._held_from
        if not 0 <= into < len(self._held):
            self._held, self._held_from, into = self._load(), self._at, 0
        return memoryview(self._held)[into:]

    def _load(self) -> bytes:
        at, gap = self._at, self._gap
        size = min(AHEAD_BYTES, self._size - at)
        if size <= 0:
            return b""
        if at >= gap.start:
            return self._ranges.read(at + gap.end - gap.start, size)
        return self._ranges.read(at, min(size, gap.start - at))
