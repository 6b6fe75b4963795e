"""What is in a recording: the test card's pictures, the sound, and whether it plays."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.media.capture.source import CHANNELS, SAMPLE_RATE_HZ
from app.media.capture.test_card import TestCardReading, read_blocks

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class RecordedCard:
    """One decoded picture of the test card."""

    pts_ms: float
    reading: TestCardReading


def read_cards(recording: Path) -> list[RecordedCard]:
    """Every picture, in the file's order. Fails on one that is not a whole card."""
    cards = []
    with av.open(str(recording)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            reading = read_blocks(frame.to_ndarray(format="gray"))
            assert reading is not None, f"no test card at {frame.time} s"
            cards.append(RecordedCard(frame.time * 1000, reading))
    return cards


def read_sound(recording: Path) -> tuple[np.ndarray, float]:
    """Samples at 48 kHz of shape (n, channels), and the time of the first in ms.

    Holes are zeros, so that an index is a time.
    """
    pieces: list[tuple[int, np.ndarray]] = []
    with av.open(str(recording)) as container:
        resampler = av.AudioResampler("flt", "stereo", SAMPLE_RATE_HZ)
        for frame in container.decode(audio=0):
            start = round(frame.time * SAMPLE_RATE_HZ)
            for piece in resampler.resample(frame):
                pieces.append((start, piece.to_ndarray().reshape(-1, CHANNELS)))
                start += piece.samples
    assert pieces, "no sound in the recording"
    first = pieces[0][0]
    last, end = pieces[-1]
    sound = np.zeros((last + len(end) - first, CHANNELS), np.float32)
    for start, samples in pieces:
        sound[start - first : start - first + len(samples)] = samples
    return sound, first / SAMPLE_RATE_HZ * 1000


def assert_in_order(cards: list[RecordedCard]) -> None:
    """Each picture is a later one than the picture before it, at a later time."""
    for before, after in pairwise(cards):
        assert after.pts_ms > before.pts_ms
        assert after.reading.captured_at_unix_us > before.reading.captured_at_unix_us, (
            f"the picture at {after.pts_ms:.0f} ms is older than the one before it"
        )


def assert_plays(recording: Path) -> None:
    """FFmpeg decodes both tracks and has nothing to say about it."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg on PATH")
    played = subprocess.run(
        ["ffmpeg", "-v", "error", "-xerror", "-i", str(recording), "-map", "0:v", "-map", "0:a",
         "-f", "null", "-"],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert (played.returncode, played.stderr.decode()) == (0, "")
