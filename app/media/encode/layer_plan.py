"""What each layer is while there are fewer bits than the user's qualities take. Pure.

The lowest layer is served first, for it is the one that everybody can watch; what is left goes up
the ladder, and a layer that would look worse than the one below is left out until there is enough
again. The lowest one steps down in itself: bit rate, then frame rate, then size, and back the same
way. Coming back takes a quarter more than staying, so that a rate between two steps does not swing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from app.media.encode.layers import LayerSpec

BITS_PER_PIXEL: Final = 0.022
"""Below it a moving picture falls to blocks at "veryfast": 608 kbit/s for 720p at 30 a second."""
HALF_RATE_SHARE: Final = 0.6
"""What half the pictures take: each differs more from the one before."""
BACK_SHARE: Final = 1.25
FRAME_RATE_MIN: Final = 12
SIZES: Final = (Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(1, 3))
SIDE_MIN: Final = 160
LEAST_BPS: Final = 80_000
"""No layer is encoded with less: nothing can be seen then."""


@dataclass(frozen=True, slots=True)
class LayerRun:
    """One layer as it is to be encoded."""

    layer: int
    width: int
    height: int
    bit_rate_bps: int
    frame_divisor: int = 1
    """Every so manyth picture is encoded."""

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.width, self.height, self.frame_divisor


class _Shape(NamedTuple):
    width: int
    height: int
    frame_divisor: int
    least_bps: int


def whole(specs: Sequence[LayerSpec]) -> tuple[LayerRun, ...]:
    """All that the user chose."""
    return tuple(LayerRun(spec.layer, spec.width, spec.height, spec.bit_rate_bps) for spec in specs)


def cap_bps(specs: Sequence[LayerSpec]) -> int:
    """What the layers take together."""
    return sum(spec.bit_rate_bps for spec in specs)


def least_bps(specs: Sequence[LayerSpec], frame_rate: float) -> int:
    """What the lowest layer takes in its worst shape."""
    return _shapes(_lowest(specs), frame_rate)[-1].least_bps


def plan_layers(
    bit_rate_bps: int,
    specs: Sequence[LayerSpec],
    *,
    frame_rate: float,
    before: Collection[LayerRun],
    steady_bps: int = 0,
) -> tuple[LayerRun, ...]:
    """The runs, lowest first. Their rates add up to no more than `bit_rate_bps`, where that is
    enough for the worst shape.

    `specs` are the layers that this machine can encode, in any order. `steady_bps` is what the
    rate will be again in a moment: shapes are chosen by it, and stay through the moment.
    """
    steady = max(bit_rate_bps, steady_bps)
    runs = _plan_steady(steady, specs, frame_rate, before)
    planned = sum(run.bit_rate_bps for run in runs)
    if planned <= bit_rate_bps:
        return runs
    return tuple(
        replace(run, bit_rate_bps=max(LEAST_BPS, run.bit_rate_bps * bit_rate_bps // planned))
        for run in runs
    )


def _plan_steady(
    bit_rate_bps: int, specs: Sequence[LayerSpec], frame_rate: float, before: Collection[LayerRun]
) -> tuple[LayerRun, ...]:
    ordered = sorted(specs, key=lambda spec: spec.layer)
    lowest = ordered[0]
    rate = min(lowest.bit_rate_bps, bit_rate_bps)
    runs = [_step_down(lowest, rate, frame_rate, before)]
    left = bit_rate_bps - rate
    active = {run.layer for run in before}
    if runs[0].shape == (lowest.width, lowest.height, 1):
        for spec in ordered[1:]:
            least = _shapes(spec, frame_rate)[0].least_bps
            if left < least * (1 if spec.layer in active else BACK_SHARE):
                break
            rate = min(spec.bit_rate_bps, left)
            runs.append(LayerRun(spec.layer, spec.width, spec.height, rate))
            left -= rate
    return tuple(runs)


def _step_down(
    spec: LayerSpec, rate_bps: int, frame_rate: float, before: Collection[LayerRun]
) -> LayerRun:
    shapes = _shapes(spec, frame_rate)
    shape_before = next((run.shape for run in before if run.layer == spec.layer), None)
    index_before = next(
        (index for index, shape in enumerate(shapes) if shape[:3] == shape_before), 0
    )
    chosen = shapes[-1]
    for index, shape in enumerate(shapes):
        if rate_bps >= shape.least_bps * (BACK_SHARE if index < index_before else 1):
            chosen = shape
            break
    rate = max(rate_bps, shapes[-1].least_bps)
    return LayerRun(spec.layer, chosen.width, chosen.height, rate, chosen.frame_divisor)


def _shapes(spec: LayerSpec, frame_rate: float) -> tuple[_Shape, ...]:
    """Best first: fewer pictures before smaller ones. The user's own rate always affords the
    first."""
    divisors = [divisor for divisor in (1, 2, 4) if frame_rate / divisor >= FRAME_RATE_MIN] or [1]
    steps = [(Fraction(1), divisor) for divisor in divisors]
    steps += [
        (size, divisors[-1])
        for size in SIZES[1:]
        if min(spec.width, spec.height) * size >= SIDE_MIN
    ]
    shapes = []
    for size, divisor in steps:
        width, height = _even(spec.width * size), _even(spec.height * size)
        share = HALF_RATE_SHARE ** divisors.index(divisor)
        least = int(width * height * frame_rate * BITS_PER_PIXEL * share)
        least = min(max(least, LEAST_BPS), spec.bit_rate_bps)
        shapes.append(_Shape(width, height, divisor, least))
    return tuple(shapes)


def _lowest(specs: Sequence[LayerSpec]) -> LayerSpec:
    return min(specs, key=lambda spec: spec.layer)


def _even(side: Fraction | int) -> int:
    return max(2, round(side / 2) * 2)
