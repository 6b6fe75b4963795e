"""Makes one unbroken run of samples out of blocks whose times jitter, drift, gap and overlap.

Pure. A block's pts is compared with where the run has got to. A large difference is a gap (filled
with silence) or an overlap (cut). A small one is smoothed over a window; what remains after that
is drift of the device's clock, and is worked off by stretching or squeezing blocks by one sample,
which nobody hears.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from app.media.capture.source import CHANNELS, SAMPLE_RATE_HZ, Samples

GAP_US_MAX: Final = 60_000
"""A block that is further from its place than this was not merely late."""

SILENCE_US_MAX: Final = 5_000_000
"""A longer gap is not filled: the run starts anew behind it."""

DRIFT_US_MAX: Final = 2_000
"""Smoothed difference above which blocks are stretched or squeezed."""

DRIFT_WINDOW_US: Final = 2_000_000

_US: Final = 1_000_000
_SAMPLE_US: Final = _US / SAMPLE_RATE_HZ


def samples_in(duration_us: int) -> int:
    """Whole samples, rounded, in a duration."""
    return round(duration_us * SAMPLE_RATE_HZ / _US)


def duration_us_of(samples: int) -> int:
    return round(samples * _US / SAMPLE_RATE_HZ)


class SoundTimeline:
    """The place of a run of samples on the broadcast's clock."""

    def __init__(
        self, start_us: int | None = None, *, silence_us_max: int = SILENCE_US_MAX
    ) -> None:
        self._start_us = start_us
        self._silence_us_max = silence_us_max
        self._samples = 0
        self._is_placed = False
        """Whether a block stands in the run yet: the first is placed exactly."""
        self._drift_us = 0.0
        self.restarts = 0
        """How often a gap was too long to fill."""
        self.samples_corrected = 0
        """Single samples put in or taken out against drift."""

    @property
    def end_us(self) -> int | None:
        """Where the next sample belongs; None before the first block of a run without a start."""
        if self._start_us is None:
            return None
        return self._start_us + duration_us_of(self._samples)

    def push(self, samples: Samples, pts_us: int) -> Samples:
        """What continues the run: (n, CHANNELS), with silence before it where a gap was."""
        end_us = self.end_us
        if end_us is None or pts_us - end_us > self._silence_us_max:
            self.restarts += end_us is not None
            self._start_us, self._samples, self._drift_us = pts_us, 0, 0.0
            self._is_placed = True
            return self._append(samples)
        error_us = pts_us - end_us
        if self._is_placed and abs(error_us) <= GAP_US_MAX:
            return self._append(self._without_drift(samples, error_us))
        self._drift_us = 0.0
        if error_us < 0:
            samples = samples[samples_in(-error_us) :]
            self._is_placed = self._is_placed or len(samples) > 0
            return self._append(samples)
        self._is_placed = True
        silence = np.zeros((samples_in(error_us), CHANNELS), np.float32)
        return self._append(np.concatenate((silence, samples)))

    def fill_until(self, pts_us: int) -> Samples:
        """Silence from the end of the run to an instant; empty when that is past."""
        if self._start_us is None:
            self._start_us = pts_us
        count = samples_in(pts_us - self._start_us) - self._samples
        return self._append(np.zeros((max(0, count), CHANNELS), np.float32))

    def shift(self, later_us: int) -> None:
        """Move the run to a later time."""
        if self._start_us is not None:
            self._start_us += later_us

    def _append(self, samples: Samples) -> Samples:
        self._samples += len(samples)
        return samples

    def _without_drift(self, samples: Samples, error_us: int) -> Samples:
        weight = min(1.0, len(samples) * _SAMPLE_US / DRIFT_WINDOW_US)
        self._drift_us += (error_us - self._drift_us) * weight
        if abs(self._drift_us) <= DRIFT_US_MAX or len(samples) < SAMPLE_RATE_HZ // 200:
            return samples
        step = 1 if self._drift_us > 0 else -1
        self._drift_us -= step * _SAMPLE_US
        self.samples_corrected += 1
        return _stretch(samples, len(samples) + step)


def _stretch(samples: Samples, count: int) -> Samples:
    """The same sound in `count` samples, by linear interpolation."""
    places = np.linspace(0, len(samples) - 1, count)
    before = np.arange(len(samples))
    channels = [np.interp(places, before, samples[:, index]) for index in range(samples.shape[1])]
    return np.stack(channels, axis=1).astype(np.float32)
