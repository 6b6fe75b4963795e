"""Which encoders of this machine work: each is tried with one picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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


def describe_encoders(*, as_json: bool) -> str:
    """`livehouse encoders`: a table, or a list in JSON."""
    rows = probe_encoders()
    if as_json:
        return json.dumps([asdict(row) for row in rows]) + "\n"
    return "".join(
        f"{row.codec:5} {row.name:16} {'works' if row.works else 'does not work here'}\n"
        for row in rows
    )


def _settings(codec: str) -> EncoderSettings:
    return EncoderSettings(
        codec=codec, width=1280, height=720, frame_rate=Fraction(30), bit_rate_bps=2_500_000
    )
