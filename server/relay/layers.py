"""Which layer a subscriber gets. Pure: time is an argument.

A link that lagged goes one layer down at once; it may climb one layer after CALM_S without a lag,
and waits twice as long each time a climb failed soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from wire.commands import LayerChoice

CALM_S: Final = 10.0
CALM_S_MAX: Final = 160.0
FAILED_CLIMB_S: Final = 8.0
"""A lag this soon after a climb means that the climb was the cause."""


def nearest_layer(layers: Collection[int], wish: int) -> int:
    """The layer that exists and is nearest below the wish, else the lowest."""
    below = [layer for layer in layers if layer <= wish]
    return max(below) if below else min(layers)


@dataclass
class LayerChooser:
    """The choice of one subscriber. `current` is what it is sent; None while nothing is live."""

    wish: LayerChoice = "auto"
    current: int | None = None
    _calm_since_s: float = 0.0
    _climbed_at_s: float = -1e9
    _calm_s: float = CALM_S

    def start(self, layers: Collection[int], now_s: float) -> int:
        """The layer to begin with: the wish, or the best."""
        wish = max(layers) if self.wish == "auto" else self.wish
        self.current = nearest_layer(layers, wish)
        self._calm_since_s = now_s
        return self.current

    def choose(self, wish: LayerChoice, layers: Collection[int], now_s: float) -> int | None:
        """The user chose. Returns the layer to move to, None when it stays."""
        self.wish = wish
        self._calm_since_s = now_s
        if not layers or self.current is None:
            return None
        target = self.current if wish == "auto" else nearest_layer(layers, wish)
        return None if target == self.current else target

    def on_lag(self, layers: Collection[int], now_s: float) -> int | None:
        """The link lost video. Returns the lower layer to move to, None when there is none."""
        self._calm_since_s = now_s
        if now_s - self._climbed_at_s < FAILED_CLIMB_S:
            self._calm_s = min(self._calm_s * 2, CALM_S_MAX)
        if self.wish != "auto" or self.current is None:
            return None
        below = [layer for layer in layers if layer < self.current]
        return max(below) if below else None

    def on_calm(self, layers: Collection[int], now_s: float) -> int | None:
        """Asked now and then while the link flows. Returns the higher layer to try, or None."""
        if self.wish != "auto" or self.current is None or now_s - self._calm_since_s < self._calm_s:
            return None
        above = [layer for layer in layers if layer > self.current]
        if not above:
            return None
        self._calm_since_s = self._climbed_at_s = now_s
        return min(above)
