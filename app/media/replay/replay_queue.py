"""Samples between the reader and the decoders of a replay: bounded in time and in bytes.

Not locked by itself: its owner holds the lock of the player.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from app.media.replay.fragments import Fragment, Sample

AHEAD_US_MAX: Final = 3_000_000
"""Read so far ahead of what is played, times the speed."""
BYTES_MAX: Final = 32 << 20
"""And no more than this, but always the fragment that is played."""


class Queued(NamedTuple):
    sample: Sample
    payload: bytes
    pts_us: int
    """Since the first packet."""


class ReplayQueue:
    """Of both tracks, in the order of the file."""

    def __init__(self) -> None:
        self.video: deque[Queued] = deque()
        self.audio: deque[Queued] = deque()
        self.bytes = 0
        self.video_end_us = 0
        """Up to here everything has been read, played or not."""
        self.audio_end_us = 0

    def clear(self, at_us: int) -> None:
        self.video.clear()
        self.audio.clear()
        self.bytes = 0
        self.video_end_us = self.audio_end_us = at_us

    def push(self, fragment: Fragment, data: bytes, origin_us: int, ids: tuple[int, int]) -> bool:
        """All samples whose bytes are there; False where some were cut off. `ids`: of the tracks
        of pictures and of sound."""
        start, is_whole = fragment.data_start, True
        for sample in fragment.samples:
            payload = data[sample.offset - start : sample.offset - start + sample.size]
            if len(payload) < sample.size:
                is_whole = False
                continue
            pts_us = sample.pts_us - origin_us
            queued = Queued(sample, payload, pts_us)
            end_us = pts_us + sample.duration_us
            if sample.track_id == ids[0]:
                self.video.append(queued)
                self.video_end_us = max(self.video_end_us, end_us)
            elif sample.track_id == ids[1]:
                self.audio.append(queued)
                self.audio_end_us = max(self.audio_end_us, end_us)
            else:
                continue
            self.bytes += len(payload)
        return is_whole

    def has_room(self, position_us: int, speed: float) -> bool:
        if self.bytes >= BYTES_MAX:
            return False
        return self.end_us - position_us < AHEAD_US_MAX * max(1.0, speed)

    @property
    def end_us(self) -> int:
        """Of what was read of both, where there are both."""
        ends = [one for one in (self.video_end_us, self.audio_end_us) if one > 0]
        return max(ends, default=0)

    def pop_video(self) -> Queued | None:
        return self._pop(self.video)

    def pop_audio(self) -> Queued | None:
        return self._pop(self.audio)

    def _pop(self, queue: deque[Queued]) -> Queued | None:
        if not queue:
            return None
        queued = queue.popleft()
        self.bytes -= len(queued.payload)
        return queued
