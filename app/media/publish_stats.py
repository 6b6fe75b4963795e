"""What a publish pipeline has done so far: frozen snapshots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LayerStats:
    layer: int
    name: str
    width: int
    """As it is encoded now."""
    height: int
    encoder: str
    bit_rate_bps: int
    """What the encoder is told now."""
    frames_encoded: int
    frames_dropped: int
    """Raw pictures that the encoder was too slow for."""
    keyframes: int
    bytes: int
    encode_ms_p50: float
    """Fitting and encoding one picture, over the last pictures."""
    encode_ms_p95: float
    delay_ms_p50: float
    """From a picture's capture to its packet."""
    delay_ms_p95: float
    frame_rate: float = 0.0
    """Nominal, as it is encoded now."""
    is_active: bool = True
    """Whether it is encoded now."""


@dataclass(frozen=True, slots=True)
class PublishStats:
    frames_captured: int
    frames_encoded: int
    """Of the layer that encoded most."""
    frames_dropped: dict[str, int]
    """By cause: `source_late` (never captured), `too_fast` (above 60 a second), `encoder_slow`."""
    fps: float
    """Captured pictures a second, over the last two seconds."""
    encode_ms_p50: float
    encode_ms_p95: float
    """Of the slowest layer."""
    bytes: int
    """Payload of all packets, pictures and sound."""
    encoders: tuple[str, ...]
    audio_packets: int
    audio_bytes: int
    audio_blocks: int
    audio_blocks_lost: int
    audio_samples_lost: int
    video_source: str
    """State: running, no_signal, ended, stopped."""
    audio_source: str
    """The same, or `none`."""
    layers: tuple[LayerStats, ...] = field(default=())


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0..1) of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)
