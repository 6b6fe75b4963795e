"""A recording at the relay, from a moment on: found with a few small reads, however long it is."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from app.media.clipping.ranged_file import AHEAD_BYTES, Gap, RangedFile
from app.media.clipping.recording import RecordingFile
from app.media.replay.fragment_finder import FragmentFinder
from app.media.replay.fragments import BrokenRecording

if TYPE_CHECKING:
    from app.media.replay.byte_source import ByteSource


def open_from(ranges: ByteSource, from_ms: int) -> RecordingFile:
    """Closes the ranges with the file, or when it raises OSError. What is no fragmented MP4 is read
    from its beginning."""
    try:
        gap, origin_us = _find(ranges, from_ms)
        file = io.BufferedReader(RangedFile(ranges, gap), AHEAD_BYTES)
    except OSError:
        ranges.close()
        raise
    return RecordingFile(file, origin_us)


def _find(ranges: ByteSource, from_ms: int) -> tuple[Gap | None, int | None]:
    finder = FragmentFinder(ranges)
    try:
        init = finder.open()
        fragment = finder.find(from_ms * 1000)
    except BrokenRecording:
        return None, None
    return Gap(init.end, fragment.offset), finder.origin_us
