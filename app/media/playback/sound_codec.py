"""FFmpeg's Opus decoder, and nothing else that the decoder child would have to load."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
from av.audio.codeccontext import AudioCodecContext

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE_RATE_HZ: Final = 48_000
MICROSECONDS: Final = Fraction(1, 1_000_000)


class SoundCodec:
    """Raises DECODE_ERRORS. One thread."""

    def __init__(self) -> None:
        self._context: AudioCodecContext | None = None

    def decode(self, payload: bytes, pts_us: int) -> Sequence[av.AudioFrame]:
        """Frames of 48 kHz, interleaved, in 16-bit integers or floats."""
        if not payload:
            return ()
        if self._context is None:
            self._context = _open()
        encoded = av.Packet(payload)
        encoded.pts = pts_us
        encoded.time_base = MICROSECONDS
        return self._context.decode(encoded)

    def reset(self) -> None:
        self._context = None


def _open() -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "r")
    if not isinstance(context, AudioCodecContext):
        raise TypeError("libopus is not an audio codec")
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.open()
    return context
