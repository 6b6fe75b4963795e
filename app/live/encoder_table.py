"""Which encoders of this machine work: each is tried with one picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.media.encode.probing import find_working, list_candidates
from app.media.encode.video_encoder import EncoderSettings

CODECS: Final = ("h264", "h265")


@dataclass(frozen=True, slots=True)
class EncoderRow:
    codec: str
    name: str
    works: bool


def probe_encoders() -> tuple[EncoderRow, ...]:
    """Best first, of each codec."""
    return tuple(
        EncoderRow(codec, name, find_working((name,), _settings(codec)) is not None)
        for codec in CODECS
        for name in list_candidates(codec)
    )


def _settings(codec: str) -> EncoderSettings:
    return EncoderSettings(
        codec=codec, width=1280, height=720, frame_rate=Fraction(30), bit_rate_bps=2_500_000
    )
