"""Where a file may be begun at: kept while it grows, written into its head at its end. Pure.

With it a player finds any moment of hours with one read; without, it has to walk through thousands
of fragments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from server.recording.boxes import HEAD_BYTES, VIDEO_TIMESCALE, IndexEntry, index_region

INDEX_REGION_BYTES: Final = 64 * 1024
"""Three hours with a keyframe every 2 s; of longer ones every second or fourth is found."""
START_EVERY_US: Final = 2_000_000
"""Keyframes nearer to each other share an entry."""


@dataclass
class FileIndex:
    """`region_at` is where in the file the place for the index lies; `size` is what is whole."""

    region_at: int
    size: int
    ends_at_us: int = 0
    fragments: int = 0
    starts: list[tuple[int, int]] = field(default_factory=list)
    """Of each entry: its place in the file, and its time."""

    @classmethod
    def begin(cls, head_bytes: int) -> FileIndex:
        return cls(region_at=head_bytes, size=head_bytes + INDEX_REGION_BYTES)

    def add(self, size: int, *, is_key: bool, starts_at_us: int, ends_at_us: int) -> None:
        """One more fragment is whole."""
        is_due = not self.starts or starts_at_us - self.starts[-1][1] >= START_EVERY_US
        if not self.starts or (is_key and is_due):
            self.starts.append((self.size, starts_at_us))
        self.size += size
        self.ends_at_us = max(self.ends_at_us, ends_at_us)
        self.fragments += 1

    def region(self) -> bytes:
        """What stands in the place for the index, as of now."""
        if not self.starts:
            return index_region([], INDEX_REGION_BYTES)
        ends = [*self.starts[1:], (self.size, self.ends_at_us)]
        return index_region(
            [
                IndexEntry(end - start, _ticks(ends_at) - _ticks(starts_at))
                for (start, starts_at), (end, ends_at) in zip(self.starts, ends, strict=True)
            ],
            INDEX_REGION_BYTES,
        )


def is_region(kind: bytes, size: int) -> bool:
    """Whether a box stands at the beginning of the place for the index."""
    return kind in {b"free", b"sidx"} and HEAD_BYTES <= size <= INDEX_REGION_BYTES


def _ticks(time_us: int) -> int:
    return time_us * VIDEO_TIMESCALE // 1_000_000
