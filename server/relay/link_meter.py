"""Measures over a few seconds: what a socket drained, and what each layer takes. Pure."""

from __future__ import annotations

from typing import Final

DRAIN_WINDOW_S: Final = 4.0
DRAIN_S_MIN: Final = 0.7
"""Over less a rate says nothing."""
RATE_WEIGHT: Final = 0.35
"""Of the newest second, in what a layer takes."""


class DrainMeter:
    """How many bits a second one socket took while it was full. Told once a second."""

    def __init__(self) -> None:
        self._samples: list[tuple[float, int]] = []

    @property
    def is_empty(self) -> bool:
        return not self._samples

    def add(self, now_s: float, sent_bytes: int) -> None:
        """It is full, and so much has left for it in all."""
        self._samples.append((now_s, sent_bytes))
        while now_s - self._samples[0][0] > DRAIN_WINDOW_S:
            self._samples.pop(0)

    def clear(self) -> None:
        """It takes everything: nothing is known of how much more it would."""
        self._samples.clear()

    def rate_bps(self, now_s: float, sent_bytes: int) -> float | None:
        """None while it was not full for long enough."""
        if not self._samples:
            return None
        since_s, bytes_then = self._samples[0]
        if now_s - since_s < DRAIN_S_MIN:
            return None
        return max(0, sent_bytes - bytes_then) * 8 / (now_s - since_s)


class LayerRates:
    """What comes in on each layer, smoothed."""

    def __init__(self) -> None:
        self.bps: dict[int, float] = {}
        self._bytes: dict[int, int] = {}
        self._since_s: float | None = None

    def add(self, layer: int, size: int) -> None:
        self._bytes[layer] = self._bytes.get(layer, 0) + size

    def tick(self, now_s: float) -> None:
        """Once a second."""
        if self._since_s is not None and now_s > self._since_s:
            for layer, size in self._bytes.items():
                new = size * 8 / (now_s - self._since_s)
                old = self.bps.get(layer, new)
                self.bps[layer] = old + (new - old) * RATE_WEIGHT
        self._since_s = now_s
        self._bytes = dict.fromkeys(self._bytes, 0)

    def clear(self) -> None:
        self.bps.clear()
        self._bytes.clear()
        self._since_s = None
