"""A foreign encoder's sound to 48 kHz stereo. One thread."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.resampler import AudioResampler

from app.media.capture.source import SAMPLE_RATE_HZ
from app.media.errors import SourceUnsupported
from app.media.ingest.arrivals import ArrivedSound

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SETUP_BYTES_MAX: Final = 256
_US: Final = 1_000_000
_TIME_BASE: Final = Fraction(1, _US)


class SoundDecoder:
    """AAC whose set-up came apart, as in FLV. Raises SourceUnsupported when it cannot be opened."""

    def __init__(self, setup: bytes) -> None:
        if not 2 <= len(setup) <= SETUP_BYTES_MAX:
            raise SourceUnsupported("the sound's setup does not parse")
        context = av.CodecContext.create("aac", "r")
        if not isinstance(context, AudioCodecContext):
            raise SourceUnsupported("there is no AAC decoder")
        try:
            context.extradata = setup
            context.open()
        except (av.FFmpegError, ValueError) as error:
            raise SourceUnsupported(f"the sound cannot be decoded: {error}") from None
        self._context = context
        self._resampling = Resampling()
        self.errors = 0

    def decode(self, data: bytes, pts_us: int) -> list[ArrivedSound]:
        """What is damaged is left out and counted."""
        packet = av.Packet(data)
        packet.pts = packet.dts = pts_us
        packet.time_base = _TIME_BASE
        try:
            frames = self._context.decode(packet)
            return [sound for frame in frames for sound in self._resampling.push(frame, pts_us)]
        except (av.FFmpegError, ValueError):
            self.errors += 1
            return []


class Resampling:
    """Frames of any rate and layout to ours, placed by the time that is given with them."""

    def __init__(self) -> None:
        self._resampler = _new_resampler()

    def push(self, frame: AudioFrame, pts_us: int) -> list[ArrivedSound]:
        """Raises FFmpegError. A sound that changes its rate or layout goes on with the new one."""
        frame.pts = None
        try:
            pieces = self._resampler.resample(frame)
        except ValueError:
            self._resampler = _new_resampler()
            pieces = self._resampler.resample(frame)
        sounds = []
        for piece in pieces:
            samples = np.ascontiguousarray(piece.to_ndarray().reshape(-1, 2), np.float32)
            sounds.append(ArrivedSound(samples, pts_us))
            pts_us += len(samples) * _US // SAMPLE_RATE_HZ
        return sounds


def _new_resampler() -> AudioResampler:
    return AudioResampler(format="flt", layout="stereo", rate=SAMPLE_RATE_HZ)
