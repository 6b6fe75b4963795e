"""The broadcast's Opus as AAC, once for all targets. One thread of its own.

From the packets and not from the raw sound: what is pushed is then exactly what the room hears,
with the same times, and nothing of the mixer is touched. It costs 1 ms a second of sound.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from app.media.capture.sound_timeline import SoundTimeline
from app.media.errors import DecoderFailed, EncoderFailed
from app.media.pushing.push_queue import PushItem

if TYPE_CHECKING:
    from app.media.capture.source import Samples
    from wire.media_packet import MediaPacket

SAMPLE_RATE_HZ: Final = 48_000
FRAME_SAMPLES: Final = 1024
BIT_RATE_BPS: Final = 160_000
PACKETS_QUEUED_MAX: Final = 250
"""5 s. Drop rule: the oldest goes; its time becomes silence."""

JOIN_TIMEOUT_S: Final = 2.0
_US: Final = 1_000_000


class AacEncoder:
    """A run of sound; all calls from one thread. Raises EncoderFailed when there is none."""

    def __init__(self) -> None:
        context = av.CodecContext.create("aac", "w")
        if not isinstance(context, AudioCodecContext):
            raise EncoderFailed("there is no AAC encoder")
        context.sample_rate = SAMPLE_RATE_HZ
        context.layout = "stereo"
        context.format = "fltp"
        context.bit_rate = BIT_RATE_BPS
        context.time_base = Fraction(1, SAMPLE_RATE_HZ)
        context.open()
        self._context = context
        self.setup = bytes(context.extradata or b"")
        """AudioSpecificConfig."""
        self._timeline = SoundTimeline()
        self._restarts = -1
        self._pending = np.zeros((0, 2), np.float32)
        self._next = 0
        """Where the next frame begins, in samples of the broadcast's clock."""

    def push(self, samples: Samples, pts_us: int) -> list[tuple[bytes, int]]:
        """(frame, pts in microseconds) of what is complete."""
        run = self._timeline.push(samples, pts_us)
        if self._timeline.restarts != self._restarts:
            self._restarts = self._timeline.restarts
            self._pending = self._pending[:0]
            self._next = pts_us * SAMPLE_RATE_HZ // _US
        run = np.concatenate((self._pending, run))
        frames: list[tuple[bytes, int]] = []
        while len(run) >= FRAME_SAMPLES:
            frames += self._encode(run[:FRAME_SAMPLES])
            run = run[FRAME_SAMPLES:]
        self._pending = run
        return frames

    def _encode(self, samples: Samples) -> list[tuple[bytes, int]]:
        planes = np.ascontiguousarray(np.clip(samples, -1.0, 1.0).T, np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._next
        self._next += FRAME_SAMPLES
        return [
            (bytes(packet), packet.pts * _US // SAMPLE_RATE_HZ)
            for packet in self._context.encode(frame)
            if packet.pts is not None
        ]


class SoundPusher:
    """`push` may be called from any one thread and never blocks; `on_item` comes on the thread."""

    def __init__(self, on_item: Callable[[PushItem], None]) -> None:
        self._on_item = on_item
        self._encoder = AacEncoder()
        self._decoder: AudioCodecContext | None = None
        self._queue: deque[MediaPacket] = deque(maxlen=PACKETS_QUEUED_MAX)
        self._changed = threading.Condition()
        self._stopping = False
        self.errors = 0
        self._thread = threading.Thread(target=self._run, name="push-sound", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def push(self, packet: MediaPacket) -> None:
        with self._changed:
            self._queue.append(packet)
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(JOIN_TIMEOUT_S)

    def _run(self) -> None:
        while (packet := self._wait()) is not None:
            try:
                self._convert(packet)
            except (av.FFmpegError, ValueError):
                self.errors += 1
                self._decoder = None

    def _wait(self) -> MediaPacket | None:
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            return None if self._stopping else self._queue.popleft()

    def _convert(self, packet: MediaPacket) -> None:
        if self._decoder is None:
            self._decoder = _open_opus()
        pts_us = packet.pts_us
        for frame in self._decoder.decode(av.Packet(packet.payload)):
            samples = _to_samples(frame)
            for body, frame_us in self._encoder.push(samples, pts_us):
                self._on_item(PushItem("audio", frame_us, body, self._encoder.setup))
            pts_us += len(samples) * _US // SAMPLE_RATE_HZ


def _open_opus() -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "r")
    if not isinstance(context, AudioCodecContext):
        raise DecoderFailed("there is no Opus decoder")
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.open()
    return context


def _to_samples(frame: av.AudioFrame) -> Samples:
    data = frame.to_ndarray()
    interleaved = data.T if frame.format.is_planar else data.reshape(-1, 2)
    if interleaved.dtype == np.int16:
        return interleaved.astype(np.float32) / 32768.0
    return np.ascontiguousarray(interleaved, np.float32)
