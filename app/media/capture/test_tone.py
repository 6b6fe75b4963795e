"""The test tone: a quiet hum with a click at each whole second, and the click's finder.

Pure: the sound of any instant is a function of its place on the broadcast's clock, so it meets the
test card's flash whatever started first.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from app.media.capture.source import CHANNELS, SAMPLE_RATE_HZ, Samples

CLICK_HZ: Final = 2_000
CLICK_MS: Final = 10
CLICK_LEVEL: Final = 0.7
HUM_HZ: Final = 440
HUM_LEVEL: Final = 0.03
CLICK_THRESHOLD: Final = 0.25
"""Above the hum with its coding noise, below the click."""

_CLICK_SAMPLES: Final = SAMPLE_RATE_HZ * CLICK_MS // 1000


def make_tone(first_sample: int, count: int) -> Samples:
    """Sound from sample number `first_sample` of the broadcast's clock; shape (count, 2)."""
    place = np.arange(first_sample, first_sample + count, dtype=np.int64) % SAMPLE_RATE_HZ
    time_s = place.astype(np.float64) / SAMPLE_RATE_HZ
    # Both pitches are whole numbers of hertz: every second is alike and joins without a step.
    sound = HUM_LEVEL * np.sin(2 * np.pi * HUM_HZ * time_s)
    click = CLICK_LEVEL * np.sin(2 * np.pi * CLICK_HZ * time_s)
    sound = np.where(place < _CLICK_SAMPLES, click, sound).astype(np.float32)
    return np.repeat(sound[:, None], CHANNELS, axis=1)


def find_clicks(samples: Samples) -> list[int]:
    """Where clicks begin, as indices into `samples` (shape (n, channels)), in order."""
    loud = np.flatnonzero(np.abs(samples[:, 0]) > CLICK_THRESHOLD)
    if not loud.size:
        return []
    apart = np.flatnonzero(np.diff(loud) > SAMPLE_RATE_HZ // 10)
    starts = np.concatenate(([loud[0]], loud[apart + 1]))
    return [int(start) for start in starts]
