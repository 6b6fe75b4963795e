"""How unlike others somebody behaves: the distance from what is usual, once enough is known.

A robust Mahalanobis distance: the middle and the spread of each figure are its median and its
median deviation, so that those who stand out do not make themselves usual; the correlation is taken
from the nearer half. It never acts alone: it adds at most two points to a score that has other
reasons.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.detection.rules import Thresholds

SAMPLES_MAX: Final = 5_000
"""The oldest are forgotten."""
LEARN_EVERY: Final = 250
DAY_S: Final = 86_400.0
FAR: Final = 4.0
"""In spreads of a usual figure, over all figures; beyond it is one point."""
VERY_FAR: Final = 7.0
_MAD_TO_SIGMA: Final = 1.4826
_RIDGE: Final = 0.1
"""So much of each figure stays its own: few samples make no correlation."""


class Sample(NamedTuple):
    """One person's last minute."""

    messages: float
    repeats: float
    refused: float
    joins: float
    letters: float
    """Of a message, on average."""


class Outliers:
    """Time is handed in, in seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=SAMPLES_MAX)
        self._began_s: float | None = None
        self._new = 0
        self._model: _Model | None = None

    def __len__(self) -> int:
        return len(self._samples)

    def add(self, sample: Sample, now_s: float, limits: Thresholds) -> None:
        if self._began_s is None:
            self._began_s = now_s
        self._samples.append(sample)
        self._new += 1
        days = (now_s - self._began_s) / DAY_S
        is_enough = len(self._samples) >= limits.samples_min and days >= limits.sample_days_min
        if is_enough and (self._model is None or self._new >= LEARN_EVERY):
            self._new, self._model = 0, _Model(np.array(self._samples))

    def points(self, sample: Sample) -> int:
        """0 to 2; 0 for as long as too little is known."""
        if self._model is None:
            return 0
        distance = self._model.distance(np.array(sample))
        return int(distance > FAR) + int(distance > VERY_FAR)


class _Model:
    """What is usual. Figures are counts, so their logarithms are looked at."""

    def __init__(self, samples: NDArray[np.float64]) -> None:
        logs = np.log1p(samples)
        self._middle = np.median(logs, axis=0)
        spread = np.median(np.abs(logs - self._middle), axis=0) * _MAD_TO_SIGMA
        # A figure that is nearly always the same says little by itself.
        self._spread = np.maximum(spread, 0.5)
        scaled = (logs - self._middle) / self._spread
        near = scaled[np.argsort((scaled**2).sum(axis=1))[: max(2, len(scaled) // 2)]]
        size = scaled.shape[1]
        deviation = np.maximum(near.std(axis=0), 1e-9)
        correlation = (near / deviation).T @ (near / deviation) / len(near)
        shrunk = (1 - _RIDGE) * np.clip(correlation, -1, 1) + _RIDGE * np.eye(size)
        np.fill_diagonal(shrunk, 1.0)
        self._inverse = np.linalg.pinv(shrunk, hermitian=True)

    def distance(self, sample: NDArray[np.float64]) -> float:
        scaled = (np.log1p(sample) - self._middle) / self._spread
        return float(np.sqrt(max(0.0, scaled @ self._inverse @ scaled)))
