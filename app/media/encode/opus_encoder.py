"""Opus packets of 20 ms out of a run of samples.

libopus delays sound by its look-ahead ("pre-skip", 6.5 ms): the packet made of samples n..n+959
decodes to samples n-312..n+647. A packet's pts is therefore the time of the sound that comes out
of it, and the first packet, whose sound begins before the run, is left out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext

from app.media.errors import EncoderFailed

SAMPLE_RATE_HZ: Final = 48_000
CHANNELS: Final = 2
FRAME_SAMPLES: Final = 960
FRAME_US: Final = 20_000
BIT_RATE_BPS: Final = 128_000
Samples = npt.NDArray[np.float32]
"""Shape (n, CHANNELS), full scale -1..1."""

_PRE_SKIP_OFFSET: Final = 10
"""Where OpusHead keeps the pre-skip, u16 little-endian, in samples of 48 kHz (RFC 7845, 5.1)."""


class EncodedSound(NamedTuple):
    payload: bytes
    pts_us: int


class OpusEncoder:
    """One run of sound; all calls from one thread. Raises EncoderFailed."""

    name = "libopus"

    def __init__(self, bit_rate_bps: int = BIT_RATE_BPS) -> None:
        try:
            self._context = _open(bit_rate_bps)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise EncoderFailed(f"the Opus encoder cannot be opened: {error}") from error
        head = self._context.extradata or b""
        pre_skip = int.from_bytes(head[_PRE_SKIP_OFFSET : _PRE_SKIP_OFFSET + 2], "little")
        self.pre_skip_us = pre_skip * 1_000_000 // SAMPLE_RATE_HZ
        self._pending: list[Samples] = []
        self._pending_samples = 0
        self._frames = 0
        self._start_us = 0

    def start_run(self, start_us: int) -> None:
        """The next sample pushed stands at `start_us`; an incomplete frame before it is dropped."""
        self._pending.clear()
        self._pending_samples = 0
        self._frames = 0
        self._start_us = start_us

    def push(self, samples: Samples) -> list[EncodedSound]:
        """Take float32 samples of shape (n, 2); give the packets that are complete."""
        self._pending.append(samples)
        self._pending_samples += len(samples)
        if self._pending_samples < FRAME_SAMPLES:
            return []
        run = np.concatenate(self._pending)
        whole = len(run) // FRAME_SAMPLES * FRAME_SAMPLES
        packets: list[EncodedSound] = []
        for first in range(0, whole, FRAME_SAMPLES):
            packets += self._encode(run[first : first + FRAME_SAMPLES])
        self._pending = [run[whole:]]
        self._pending_samples = len(run) - whole
        return packets

    def _encode(self, samples: Samples) -> list[EncodedSound]:
        clipped = np.ascontiguousarray(np.clip(samples, -1.0, 1.0), np.float32)
        frame = av.AudioFrame.from_ndarray(clipped.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        try:
            packets = self._context.encode(frame)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise EncoderFailed(f"the Opus encoder failed: {error}") from error
        pts_us = self._start_us + self._frames * FRAME_US - self.pre_skip_us
        self._frames += 1
        if self._frames == 1:
            return []
        return [EncodedSound(bytes(packet), pts_us) for packet in packets]


def _open(bit_rate_bps: int) -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "w")
    if not isinstance(context, AudioCodecContext):
        raise EncoderFailed("libopus is not an audio encoder")
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.format = "flt"
    context.bit_rate = bit_rate_bps
    context.time_base = Fraction(1, SAMPLE_RATE_HZ)
    context.options = {"frame_duration": "20", "application": "audio", "vbr": "constrained"}
    context.open()
    return context
