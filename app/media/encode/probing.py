"""Finds out which video encoders work on this machine, by encoding one picture with each.

That an encoder is compiled in says nothing: it needs its driver and its device. Answers are kept
for the life of the process. FFmpeg's own complaints about missing drivers are silenced meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import av
import av.logging

from app.media.encode.annex_b import has_parameter_sets
from app.media.encode.encoder_options import HARDWARE, SOFTWARE
from app.media.encode.video_encoder import AvVideoEncoder, EncoderSettings, VideoEncoder
from app.media.errors import EncoderFailed
from app.media.picture import BLACK, NEUTRAL, PIXEL_FORMAT, planes_of, tag_bt709

OpenEncoder = Callable[[str, EncoderSettings], VideoEncoder]

AUTO: Final = "auto"
_cache: dict[tuple[str, int, int], bool] = {}
_cache_lock = threading.Lock()


def list_candidates(codec: str, encoder: str = AUTO) -> tuple[str, ...]:
    """The encoders to try in order: hardware that PyAV was built with, software last.

    Raises EncoderFailed for an encoder or codec that PyAV does not have.
    """
    if codec not in SOFTWARE:
        raise EncoderFailed(f"unknown codec {codec!r}: choose from {', '.join(SOFTWARE)}")
    compiled = [name for name in HARDWARE[codec] if name in av.codecs_available]
    if encoder == AUTO:
        return (*compiled, SOFTWARE[codec])
    if encoder not in (*compiled, SOFTWARE[codec]):
        known = ", ".join((AUTO, *compiled, SOFTWARE[codec]))
        raise EncoderFailed(f"unknown {codec} encoder {encoder!r}: choose from {known}")
    return (encoder,) if encoder == SOFTWARE[codec] else (encoder, SOFTWARE[codec])


def find_working(
    candidates: Sequence[str],
    settings: EncoderSettings,
    *,
    open_encoder: OpenEncoder = AvVideoEncoder,
) -> str | None:
    """The first candidate that encodes a picture of these settings."""
    for name in candidates:
        if _works(name, settings, open_encoder):
            return name
    return None


def _works(name: str, settings: EncoderSettings, open_encoder: OpenEncoder) -> bool:
    if open_encoder is not AvVideoEncoder:
        return _try(name, settings, open_encoder)
    key = (name, settings.width, settings.height)
    with _cache_lock:
        if key not in _cache:
            _cache[key] = _try(name, settings, open_encoder)
        return _cache[key]


def _try(name: str, settings: EncoderSettings, open_encoder: OpenEncoder) -> bool:
    with _silenced():
        try:
            encoder = open_encoder(name, replace(settings, threads=1))
            image = _gray(settings.width, settings.height)
            pictures = encoder.encode(image, pts_us=0, force_keyframe=True)
            pictures += encoder.flush()
            encoder.close()
        except EncoderFailed:
            return False
    return bool(pictures) and has_parameter_sets(pictures[0].payload, settings.codec)


def _gray(width: int, height: int) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, PIXEL_FORMAT)
    tag_bt709(frame)
    for plane, value in zip(planes_of(frame), (BLACK, NEUTRAL, NEUTRAL), strict=True):
        plane[:] = value
    return frame


@contextmanager
def _silenced() -> Iterator[None]:
    level = av.logging.get_level()
    av.logging.set_level(av.logging.PANIC)
    try:
        yield
    finally:
        av.logging.set_level(level)
