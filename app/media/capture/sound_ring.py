"""The ring between PortAudio's callback and the thread that drains it.

One writer, one reader, no lock: each side changes only its own counter, and a counter is changed
after the samples are in place. The writer never waits: what does not fit is counted as lost.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

MARKS_MAX: Final = 512
"""Callbacks whose times are kept until they are drained."""


class RingBlock(NamedTuple):
    samples: npt.NDArray[np.float32]
    """Shape (n, channels); the reader's own copy."""
    captured_us: int


class _Mark(NamedTuple):
    first: int
    samples: int
    captured_us: int


class SoundRing:
    """`write` belongs to the callback, `read` to the draining thread."""

    def __init__(self, capacity_samples: int, channels: int) -> None:
        self._samples = np.zeros((capacity_samples, channels), np.float32)
        self._marks: deque[_Mark] = deque(maxlen=MARKS_MAX)
        self._written = 0
        self._read = 0
        self.samples_lost = 0

    def write(self, samples: npt.NDArray[np.float32], captured_us: int) -> None:
        """Keep a block, shape (n, channels), whose first sample was captured at `captured_us`."""
        capacity = len(self._samples)
        count = len(samples)
        if count > capacity - (self._written - self._read) or len(self._marks) == MARKS_MAX:
            self.samples_lost += count
            return
        place = self._written % capacity
        head = min(count, capacity - place)
        self._samples[place : place + head] = samples[:head]
        self._samples[: count - head] = samples[head:]
        self._marks.append(_Mark(self._written, count, captured_us))
        self._written += count

    def read(self) -> RingBlock | None:
        """The oldest block, or None."""
        if not self._marks:
            return None
        mark = self._marks.popleft()
        capacity = len(self._samples)
        places = np.arange(mark.first, mark.first + mark.samples) % capacity
        samples = self._samples[places]
        self._read = mark.first + mark.samples
        return RingBlock(samples, mark.captured_us)
