"""How many qualities this machine can encode at once: before going live, and while live. Pure.

What is left out first when the machine is too weak: the middle of the ladder, then its lowest
layer. The best one stays as long as anything does, for it is what the user chose; that it is too
wide for a viewer is healed by the viewer's own step down where a lower one is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.media.encode.layers import LADDER, LayerSpec, parse_layers

FRAME_SHARE_MAX: Final = 0.5
"""Of a picture's time, for encoding all qualities of it: the rest is for capture and scene."""

WEAKER: Final = ("720p,360p", "720p", "540p", "360p")
"""What is tried where the ladder is too much; the last is taken unseen."""

DROPPED_SHARE_MAX: Final = 0.05
OVERLOADED_S: Final = 3.0
"""So long above it: then a layer goes."""
SETTLE_S: Final = 5.0
"""After a change, before the next layer goes."""
RETRY_S: Final = 30.0
RETRY_S_MAX: Final = 480.0
"""A layer that had to go again soon is tried after twice as long."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The pre-flight's measurement."""

    layers: str
    """As `parse_layers` takes it."""
    encode_ms: float
    """One picture in all these qualities."""
    frame_ms: float
    tried: tuple[tuple[str, float], ...] = ()
    """What was measured, in order."""

    @property
    def specs(self) -> tuple[LayerSpec, ...]:
        return parse_layers(self.layers)

    @property
    def is_whole(self) -> bool:
        return self.layers == LADDER


def judge_machine(measure_ms: Callable[[tuple[LayerSpec, ...]], float], frame_ms: float) -> Verdict:
    """The most that fits. `measure_ms` encodes the layers at once and says how long a picture
    took."""
    tried: list[tuple[str, float]] = []
    for layers in (LADDER, *WEAKER):
        encode_ms = measure_ms(parse_layers(layers))
        tried.append((layers, encode_ms))
        if encode_ms <= frame_ms * FRAME_SHARE_MAX:
            break
    return Verdict(*tried[-1], frame_ms, tuple(tried))


def order_of_leaving(specs: Sequence[LayerSpec]) -> tuple[int, ...]:
    """Which layer goes first, second, ...; the best one never does."""
    ordered = sorted(spec.layer for spec in specs)
    return (*reversed(ordered[1:-1]), *(ordered[:1] if len(ordered) > 1 else ()))


class CpuBudget:
    """While live: says which layers are encoded. `observe` about once a second."""

    def __init__(self, specs: Sequence[LayerSpec]) -> None:
        self._specs = tuple(specs)
        self._order = order_of_leaving(specs)
        self._left_out = 0
        self._last: tuple[float, int, int] | None = None
        self._overloaded_since_s: float | None = None
        self._changed_at_s = self._bad_at_s = -1e9
        self._retried_at_s = -1e9
        self._retry_s = RETRY_S

    @property
    def specs(self) -> tuple[LayerSpec, ...]:
        """What this machine is to encode now."""
        gone = self._order[: self._left_out]
        return tuple(spec for spec in self._specs if spec.layer not in gone)

    @property
    def is_whole(self) -> bool:
        return not self._left_out

    def observe(self, now_s: float, *, frames: int, dropped: int) -> bool:
        """`frames` were captured so far, of which encoders were too slow for `dropped` (each layer
        counts its own). Whether `specs` is another now."""
        last, self._last = self._last, (now_s, frames, dropped)
        if last is None or frames <= last[1]:
            return False
        share = (dropped - last[2]) / ((frames - last[1]) * len(self.specs))
        if share <= DROPPED_SHARE_MAX:
            self._overloaded_since_s = None
            if share > 0:
                self._bad_at_s = now_s
            return self._take_back(now_s)
        self._bad_at_s = now_s
        if self._overloaded_since_s is None:
            self._overloaded_since_s = last[0]
        is_settled = now_s - self._changed_at_s >= SETTLE_S
        is_lasting = now_s - self._overloaded_since_s >= OVERLOADED_S
        if not (is_settled and is_lasting and self._left_out < len(self._order)):
            return False
        if now_s - self._retried_at_s < RETRY_S:
            self._retry_s = min(self._retry_s * 2, RETRY_S_MAX)
        self._left_out += 1
        self._changed_at_s = now_s
        self._overloaded_since_s = None
        return True

    def _take_back(self, now_s: float) -> bool:
        calm_since_s = max(self._bad_at_s, self._changed_at_s)
        if not self._left_out or now_s - calm_since_s < self._retry_s:
            return False
        self._left_out -= 1
        self._changed_at_s = self._retried_at_s = now_s
        return True
