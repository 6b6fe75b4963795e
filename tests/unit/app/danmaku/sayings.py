"""Sayings as Hypothesis makes them, and a plain measure."""

from __future__ import annotations

from hypothesis import strategies

from app.danmaku.lanes import SCALES, Geometry, Mode
from app.danmaku.saying import Saying, clean_text

STAGE = Geometry(width=1280, height=720, font=24)
TEXTS = strategies.text(min_size=1, max_size=40).filter(lambda text: bool(clean_text(text)))
SAYINGS = strategies.builds(
    Saying,
    at_ms=strategies.integers(0, 60_000),
    text=TEXTS,
    mode=strategies.sampled_from(list(Mode)),
    color=strategies.integers(0, 0xFFFFFF),
    scale=strategies.sampled_from(list(SCALES.values())),
    said_at_unix_s=strategies.integers(0, 1 << 33),
    author=strategies.text(max_size=8),
)


def measure(words: str, font: float) -> float:
    return len(words) * font * 0.7 + 5
