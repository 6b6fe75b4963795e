"""Playing sound a little faster or slower without changing its pitch: numpy only.

A piece as long as the best-matching lag (2.5 to 10 ms, about one period of a voice) is left out or
played twice, with a cross-fade of 5 ms over the seam, as in WebRTC's NetEQ.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Shape (frames, channels)."""

_FADE: Final = 240
_LAG_MIN: Final = 120
_LAG_MAX: Final = 480
_BLOCK_MIN: Final = _LAG_MAX + _FADE
_RAMP: Final = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)[:, np.newaxis]


class TimeStretch:
    """Carries the part of a period that is owed from block to block."""

    def __init__(self) -> None:
        self._owed_frames = 0.0

    def apply(self, block: Samples, tempo: float) -> Samples:
        """The block, shortened (tempo above 1) or lengthened, in the mean by that factor."""
        if tempo == 1.0 or len(block) < _BLOCK_MIN:
            self._owed_frames = 0.0
            return block
        self._owed_frames += len(block) * (1.0 - 1.0 / tempo)
        if self._owed_frames >= _FADE:
            lag = _find_lag(block)
            self._owed_frames -= lag
            seam = block[:_FADE] * (1.0 - _RAMP) + block[lag : lag + _FADE] * _RAMP
            return np.concatenate((seam, block[lag + _FADE :]))
        if self._owed_frames <= -_FADE:
            lag = _find_lag(block)
            self._owed_frames += lag
            seam = block[lag : lag + _FADE] * (1.0 - _RAMP) + block[:_FADE] * _RAMP
            return np.concatenate((block[:lag], seam, block[_FADE:]))
        return block


def _find_lag(block: Samples) -> int:
    mono = block.mean(axis=1)
    window = mono[_LAG_MIN : _LAG_MAX + _FADE]
    match = np.correlate(window, mono[:_FADE], mode="valid")
    squares = np.concatenate(([0.0], np.cumsum(window.astype(np.float64) ** 2)))
    energy = squares[_FADE:] - squares[:-_FADE]
    return _LAG_MIN + int(np.argmax(match / np.sqrt(energy + 1e-9)))
