"""Samples on their way to the ear, and which pts is heard when. numpy only; time is an argument.

One thread writes, the output's callback reads. The callback does nothing but copy under a lock that
no one holds for longer than a copy of 20 ms.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from app.media.playback.time_stretch import Samples

CAPACITY_FRAMES: Final = 4 * SAMPLE_RATE_HZ
"""4 s: room for the longest hole filled with silence; mostly it holds some tens of milliseconds."""
_SEGMENTS_MAX: Final = 512


class _Segment(NamedTuple):
    start: int
    """Index of the first sample, counted since the ring was made."""
    frames: int
    pts_us: int
    duration_us: int
    """Media time that the samples stand for: not their length where the tempo is not 1."""


class AudioRing:
    """Mono-producer, mono-consumer; every method may be called from any thread."""

    def __init__(self) -> None:
        self._samples = np.zeros((CAPACITY_FRAMES, CHANNELS), np.float32)
        self._lock = threading.Lock()
        self._written = 0
        self._read = 0
        self._segments: deque[_Segment] = deque(maxlen=_SEGMENTS_MAX)
        self._mark_index = 0
        self._mark_us: int | None = None
        """When the sample at `_mark_index` is heard."""
        self.has_news = threading.Event()
        """Something was written; for a reader who rests meanwhile, and clears it."""
        self.starved_frames = 0
        self.gain = 1.0
        """The volume that is wanted, from 0 to 1; reached within one read, without a click."""
        self._gain_now = 1.0

    @property
    def fill_us(self) -> int:
        with self._lock:
            return (self._written - self._read) * 1_000_000 // SAMPLE_RATE_HZ

    def write(self, samples: Samples, pts_us: int, duration_us: int) -> None:
        """Append; what does not fit is lost (the feeder never lets it come to that)."""
        with self._lock:
            frames = min(len(samples), CAPACITY_FRAMES - (self._written - self._read))
            if frames <= 0:
                return
            at = self._written % CAPACITY_FRAMES
            first = min(frames, CAPACITY_FRAMES - at)
            self._samples[at : at + first] = samples[:first]
            self._samples[: frames - first] = samples[first:frames]
            self._segments.append(_Segment(self._written, frames, pts_us, duration_us))
            self._written += frames
        self.has_news.set()

    def read(self, frames: int, heard_at_us: int) -> Samples:
        """Always `frames` samples, the missing ones silent; the first is heard at `heard_at_us`."""
        out = np.zeros((frames, CHANNELS), np.float32)
        with self._lock:
            available = min(frames, self._written - self._read)
            at = self._read % CAPACITY_FRAMES
            first = min(available, CAPACITY_FRAMES - at)
            out[:first] = self._samples[at : at + first]
            out[first:available] = self._samples[: available - first]
            if available:
                self._mark_index = self._read
                self._mark_us = heard_at_us
            self._read += available
            if self._written:
                self.starved_frames += frames - available
        gain, self._gain_now = self._gain_now, self.gain
        if gain != 1.0 or self._gain_now != 1.0:
            out *= np.linspace(gain, self._gain_now, frames, dtype=np.float32)[:, np.newaxis]
        return out

    def heard_pts_us(self, now_us: int) -> int | None:
        """The pts heard now; None before the first sample. It stands still while starved."""
        with self._lock:
            if self._mark_us is None or not self._segments:
                return None
            index = self._mark_index + (now_us - self._mark_us) * SAMPLE_RATE_HZ / 1_000_000
            index = min(index, float(self._read))
            segment = self._segments[0]
            for candidate in reversed(self._segments):
                segment = candidate
                if candidate.start <= index:
                    break
            share = (index - segment.start) / segment.frames
            return int(segment.pts_us + min(share, 1.0) * segment.duration_us)

    def clear(self) -> None:
        """Forget what is not heard yet."""
        with self._lock:
            self._read = self._written
            self._segments.clear()
            self._mark_us = None
