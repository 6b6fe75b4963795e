"""Opus packets to 48 kHz stereo float samples. Never raises on a packet's content."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError

if TYPE_CHECKING:
    from app.media.playback.time_stretch import Samples
    from wire.media_packet import MediaPacket

SAMPLE_RATE_HZ: Final = 48_000
CHANNELS: Final = 2
FRAMES_MAX: Final = 5760
"""120 ms, the longest packet that Opus allows."""


class AudioDecoder:
    """One thread."""

    def __init__(self) -> None:
        self._context: AudioCodecContext | None = None
        self.errors = 0

    def decode(self, packet: MediaPacket) -> Samples | None:
        """Samples of shape (frames, 2), or None where the packet is not Opus."""
        try:
            return self._decode(packet)
        except (FFmpegError, ValueError, MemoryError, EOFError):
            self.errors += 1
            self._context = None
            return None

    def reset(self) -> None:
        self._context = None

    def _decode(self, packet: MediaPacket) -> Samples | None:
        if not packet.payload:
            return None
        if self._context is None:
            self._context = _open()
        encoded = av.Packet(packet.payload)
        encoded.pts = packet.pts_us
        encoded.time_base = Fraction(1, 1_000_000)
        blocks = [_to_stereo(frame) for frame in self._context.decode(encoded)]
        if not blocks:
            return None
        return np.concatenate(blocks)[:FRAMES_MAX]


def _open() -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "r")
    if not isinstance(context, AudioCodecContext):
        raise TypeError("libopus is not an audio codec")
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.open()
    return context


def _to_stereo(frame: av.AudioFrame) -> Samples:
    """libopus gives interleaved 16-bit samples or floats, at the rate that was asked for."""
    data = frame.to_ndarray()
    channels = frame.layout.nb_channels
    interleaved = data.reshape(-1, channels) if not frame.format.is_planar else data.T
    if interleaved.dtype == np.int16:
        samples = interleaved.astype(np.float32) / 32768.0
    else:
        samples = interleaved.astype(np.float32)
    if channels == 1:
        samples = np.repeat(samples, CHANNELS, axis=1)
    return np.ascontiguousarray(samples[:, :CHANNELS])
