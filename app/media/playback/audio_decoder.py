"""Opus packets to 48 kHz stereo float samples. Never raises on a packet's content.

`AudioDecoder` works within this process: for measuring, and where no child can be started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from app.media.playback.decoder_messages import SOUND_FRAMES_MAX
from app.media.playback.sound_codec import SAMPLE_RATE_HZ, SoundCodec
from app.media.playback.video_decoder import DECODE_ERRORS

if TYPE_CHECKING:
    import av

    from app.media.playback.time_stretch import Samples
    from wire.media_packet import MediaPacket

__all__ = ["CHANNELS", "SAMPLE_RATE_HZ", "AudioDecoder", "SoundDecoder", "to_stereo"]

CHANNELS: Final = 2


class SoundDecoder(Protocol):
    """What an `AudioPlayer` needs. `interrupt` comes from any thread, the rest from one."""

    errors: int

    @property
    def restarts(self) -> int:
        """How often a child had to be replaced."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def interrupt(self) -> None:
        """Whatever is being decoded is not wanted any more, and nothing will be."""

    def decode(self, packet: MediaPacket) -> Samples | None:
        """Samples of shape (frames, 2), or None where the packet gives none. Never raises."""


class AudioDecoder:
    """One thread."""

    def __init__(self) -> None:
        self._codec = SoundCodec()
        self.errors = 0
        self.restarts = 0

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        self._codec.reset()

    def interrupt(self) -> None:
        """A decoder within the process cannot be interrupted: that is why there is a child."""

    def decode(self, packet: MediaPacket) -> Samples | None:
        try:
            frames = self._codec.decode(packet.payload, packet.pts_us)
            blocks = [_to_samples(frame) for frame in frames]
        except DECODE_ERRORS:
            self.errors += 1
            self._codec.reset()
            return None
        return np.concatenate(blocks)[:SOUND_FRAMES_MAX] if blocks else None


def to_stereo(interleaved: np.ndarray[tuple[int, int], np.dtype[np.generic]]) -> Samples:
    """Of shape (frames, channels), 16-bit integers or floats."""
    samples = interleaved.astype(np.float32)
    if interleaved.dtype == np.int16:
        samples /= 32768.0
    if samples.shape[1] == 1:
        samples = np.repeat(samples, CHANNELS, axis=1)
    return np.ascontiguousarray(samples[:, :CHANNELS])


def _to_samples(frame: av.AudioFrame) -> Samples:
    data = frame.to_ndarray()
    is_planar = frame.format.is_planar
    return to_stereo(data.T if is_planar else data.reshape(-1, frame.layout.nb_channels))
