"""Simulcast layers: the text that names them, their sizes and bit rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.media.errors import LayersInvalid
from wire.limits import LAYERS_MAX


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One quality of the picture. Layer 0 is the lowest."""

    layer: int
    name: str
    width: int
    height: int
    bit_rate_bps: int


_SIZES: Final = {
    "360p": (640, 360),
    "480p": (854, 480),
    "540p": (960, 540),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
}
_LADDER_BPS: Final = {
    "360p": 500_000,
    "480p": 800_000,
    "540p": 1_000_000,
    "720p": 2_000_000,
    "1080p": 4_500_000,
}
_ALONE_BPS: Final = {**_LADDER_BPS, "720p": 2_500_000}
"""720p has the room of the ladder's others when it is alone."""

LAYERS_DEFAULT: Final = "720p"
LADDER: Final = "720p,540p,360p"
LAYERS_AUTO: Final = "auto"
"""As much of the ladder as this machine can encode at once: see layer_trial."""


def parse_layers(text: str) -> tuple[LayerSpec, ...]:
    """`720p,360p` in any order, lowest first in the answer. Raises LayersInvalid."""
    names = [name.strip().lower() for name in text.split(",")]
    known = ", ".join(_SIZES)
    for name in names:
        if name not in _SIZES:
            raise LayersInvalid(f"unknown layer {name!r}: choose from {known}")
    if len(set(names)) != len(names):
        raise LayersInvalid(f"the layers {text!r} name one size twice")
    if len(names) > LAYERS_MAX:
        raise LayersInvalid(f"at most {LAYERS_MAX} layers, not {len(names)}")
    rates = _LADDER_BPS if len(names) > 1 else _ALONE_BPS
    ordered = sorted(names, key=lambda name: _SIZES[name][1])
    return tuple(
        LayerSpec(layer, name, *_SIZES[name], rates[name]) for layer, name in enumerate(ordered)
    )


def check_layers(layers: Sequence[LayerSpec]) -> None:
    """Raise LayersInvalid unless the layers are numbered 0, 1, ... and can be encoded."""
    if not 1 <= len(layers) <= LAYERS_MAX:
        raise LayersInvalid(f"a broadcast has 1 to {LAYERS_MAX} layers, not {len(layers)}")
    for index, spec in enumerate(layers):
        if spec.layer != index:
            raise LayersInvalid("layers are numbered from 0 without a gap, lowest quality first")
        if spec.width % 2 or spec.height % 2 or spec.width < 2 or spec.height < 2:
            raise LayersInvalid(f"layer {spec.name} of {spec.width}x{spec.height} is not even")
