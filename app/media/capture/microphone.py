"""A microphone, through PortAudio.

The callback only fills a ring. A thread drains it every 10 ms, resamples, and lays the sound on the
broadcast's clock: jitter smoothed, drift of the device's clock worked off, gaps and a lost device
filled with silence, so that the sound's time never stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from app.media.capture.sound_ring import SoundRing
from app.media.capture.sound_timeline import SoundTimeline, duration_us_of
from app.media.capture.source import (
    JOIN_TIMEOUT_S,
    REOPEN_INTERVAL_S,
    SAMPLE_RATE_HZ,
    SIGNAL_TIMEOUT_S,
    AudioBlock,
    AudioSourceInfo,
    Samples,
    SourceState,
)
from app.media.errors import SourceError
from app.media.events import PipelineEvent, SourceLost, SourceRestored

if TYPE_CHECKING:
    from app.media.clock import MediaClock

DRAIN_INTERVAL_S: Final = 0.01
RING_S: Final = 2
START_TIMEOUT_S: Final = 3.0
"""Some devices give their first sound after 2 s: no reason to call them lost, or to open anew."""

SILENCE_MARGIN_US: Final = 100_000
"""Silence for a lost device stays so far behind now: the device's return overlaps less."""

_US: Final = 1_000_000

OnSamples = Callable[[npt.NDArray[np.float32], float], None]
"""Float32 of shape (n, channels), and how many seconds ago the first of them was captured."""


class InputStream(Protocol):
    """An open device that calls back with samples from its own thread until it is closed."""

    @property
    def name(self) -> str: ...

    @property
    def sample_rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    def start(self, on_samples: OnSamples) -> None: ...

    def is_present(self) -> bool:
        """False when the device is gone, also while something calls back in its place."""
        ...

    def close(self) -> None: ...


class Microphone:
    """An AudioSource around a device that `open_stream` opens, at first in the constructor."""

    def __init__(
        self,
        open_stream: Callable[[], InputStream],
        *,
        clock: MediaClock,
        on_event: Callable[[PipelineEvent], None],
    ) -> None:
        self._open_stream = open_stream
        self._stream: InputStream | None = open_stream()
        self.info = AudioSourceInfo(self._stream.name)
        self.state = SourceState.STOPPED
        self._clock = clock
        self._on_event = on_event
        self._timeline = SoundTimeline()
        self._lost_before = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._heard_us = 0
        self._opened_us = 0
        self._tried_us = 0
        self._use(self._stream)

    @property
    def samples_lost(self) -> int:
        return self._lost_before + self._ring.samples_lost

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self.state = SourceState.RUNNING
        self._heard_us = self._opened_us = self._clock.now_us()
        if self._stream is not None:
            self._stream.start(self._make_callback(self._ring))
        self._thread = threading.Thread(
            target=self._run, args=(on_block,), name="capture-sound", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
        self._close_stream()
        self.state = SourceState.STOPPED

    def _use(self, stream: InputStream) -> None:
        self._ring = SoundRing(RING_S * stream.sample_rate_hz, stream.channels)
        self._resampler = _Resampler(stream.sample_rate_hz, stream.channels)

    def _make_callback(self, ring: SoundRing) -> OnSamples:
        now_us = self._clock.now_us

        def on_samples(samples: npt.NDArray[np.float32], age_s: float) -> None:
            ring.write(samples, now_us() - int(age_s * _US))

        return on_samples

    def _run(self, on_block: Callable[[AudioBlock], None]) -> None:
        while not self._stopping.wait(DRAIN_INTERVAL_S):
            now_us = self._clock.now_us()
            if self._stream is not None and not self._stream.is_present():
                self._drop_stream()
            if heard := self._drain():
                self._heard_us = now_us
                self._set_signal(present=True)
                self._give(np.concatenate(heard), on_block)
            if now_us - self._heard_us > SIGNAL_TIMEOUT_S * _US:
                self._give(self._timeline.fill_until(now_us - SILENCE_MARGIN_US), on_block)
                if self._stream is None or now_us - self._opened_us > START_TIMEOUT_S * _US:
                    self._set_signal(present=False)
                    self._reopen(now_us)

    def _drop_stream(self) -> None:
        """Nothing more of what came in the place of the chosen device."""
        self._close_stream()
        while self._ring.read() is not None:
            pass
        self._set_signal(present=False, reason="it was unplugged")

    def _drain(self) -> list[Samples]:
        """What has come since the last time; a device may call back every millisecond."""
        heard: list[Samples] = []
        while (block := self._ring.read()) is not None:
            samples, captured_us = self._resampler.convert(block.samples, block.captured_us)
            heard.append(self._timeline.push(samples, captured_us))
        return heard

    def _give(self, samples: Samples, on_block: Callable[[AudioBlock], None]) -> None:
        end_us = self._timeline.end_us
        if len(samples) and end_us is not None:
            on_block(AudioBlock(samples, end_us - duration_us_of(len(samples))))

    def _set_signal(self, *, present: bool, reason: str = "it gives no sound") -> None:
        state = SourceState.RUNNING if present else SourceState.NO_SIGNAL
        if state is self.state:
            return
        self.state = state
        name = self.info.name
        self._on_event(SourceRestored(name) if present else SourceLost(name, reason))

    def _reopen(self, now_us: int) -> None:
        if now_us - self._tried_us < REOPEN_INTERVAL_S * _US:
            return
        self._tried_us = now_us
        self._close_stream()
        try:
            stream = self._open_stream()
            self._lost_before += self._ring.samples_lost
            self._use(stream)
            self._stream = stream
            self._opened_us = now_us
            stream.start(self._make_callback(self._ring))
        except SourceError:
            self._close_stream()

    def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


class _Resampler:
    """To 48 kHz stereo; the delay of the filter is taken off the time."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._rate_hz = sample_rate_hz
        self._layout = "mono" if channels == 1 else "stereo"
        self._resampler: AudioResampler | None = None
        if sample_rate_hz != SAMPLE_RATE_HZ:
            self._resampler = AudioResampler("flt", "stereo", SAMPLE_RATE_HZ)
        self._taken = 0
        self._made = 0

    def convert(self, samples: npt.NDArray[np.float32], captured_us: int) -> tuple[Samples, int]:
        """Samples of shape (n, channels) and the time of the first; the same for what comes out."""
        pair = samples[:, :2] if samples.shape[1] > 1 else np.repeat(samples, 2, axis=1)
        pair = np.ascontiguousarray(pair, np.float32)
        if self._resampler is None:
            return pair, captured_us
        frame = av.AudioFrame.from_ndarray(pair.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = self._rate_hz
        made = [piece.to_ndarray().reshape(-1, 2) for piece in self._resampler.resample(frame)]
        behind_us = self._taken * _US // self._rate_hz - self._made * _US // SAMPLE_RATE_HZ
        self._taken += len(pair)
        if not made:
            return np.zeros((0, 2), np.float32), captured_us
        result = np.concatenate(made).astype(np.float32)
        self._made += len(result)
        return result, captured_us - behind_us
