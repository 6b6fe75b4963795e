"""Several sounds into one, on the studio's clock: gain, mute, noise suppression, meters.

Channels lie in rings by the time of their samples; a thread mixes what is MIX_DELAY_US old, 10 ms
at a time. What comes later than that is lost and counted; a channel that gives nothing is silent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from app.media.capture.source import (
    CHANNELS,
    JOIN_TIMEOUT_S,
    SAMPLE_RATE_HZ,
    AudioBlock,
    Samples,
    SourceState,
)
from app.media.noise_suppressor import DELAY_SAMPLES, NoiseSuppressor

if TYPE_CHECKING:
    from app.media.capture.source import AudioSource
    from app.media.clock import MediaClock

BLOCK_SAMPLES: Final = SAMPLE_RATE_HZ // 100
MIX_DELAY_US: Final = 80_000
"""A microphone's own delay, the noise filter's 25 ms, and some for a busy machine."""

RING_SAMPLES: Final = SAMPLE_RATE_HZ
JOIN_SAMPLES_MAX: Final = SAMPLE_RATE_HZ // 500
"""Blocks within 2 ms of the one before are taken to follow it: pts are whole microseconds."""

GAIN_DB_MIN: Final = -60.0
GAIN_DB_MAX: Final = 20.0
SILENCE_DB: Final = -90.0
LATE_US_MAX: Final = 500_000
_US: Final = 1_000_000
_PEAK_FALL_DB: Final = 0.2
"""A block of 10 ms: 20 dB a second, as studio meters fall."""
_RMS_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Level:
    """In dB of full scale; SILENCE_DB is nothing at all."""

    peak_db: float = SILENCE_DB
    rms_db: float = SILENCE_DB


class Meter:
    """Peak with a fall, RMS over about 100 ms."""

    def __init__(self) -> None:
        self._peak_db = SILENCE_DB
        self._power = 0.0

    def push(self, samples: Samples) -> None:
        peak = float(np.abs(samples).max(initial=0.0))
        self._peak_db = max(to_db(peak), self._peak_db - _PEAK_FALL_DB, SILENCE_DB)
        power = float(np.square(samples).mean()) if samples.size else 0.0
        self._power += (power - self._power) * _RMS_SHARE

    @property
    def level(self) -> Level:
        return Level(round(self._peak_db, 1), round(to_db(self._power**0.5), 1))


class _Channel:
    def __init__(self, source: AudioSource) -> None:
        self.source = source
        self.gain_db = 0.0
        self.is_muted = False
        self.is_microphone = False
        self.suppressor: NoiseSuppressor | None = None
        self.meter = Meter()
        self.samples_late = 0
        self._ring = np.zeros((RING_SAMPLES, CHANNELS), np.float32)
        self._end: int | None = None
        self._taken = 0
        self._factor = 0.0

    def set_suppressor(self, suppressor: NoiseSuppressor | None) -> None:
        self.suppressor = suppressor
        self._end = None  # the next block stands for itself: the filter's delay comes or goes

    def write(self, block: AudioBlock) -> None:
        samples = block.samples
        first = round(block.pts_us * SAMPLE_RATE_HZ / _US)
        if self.suppressor is not None:
            samples = self.suppressor.push(samples)
            first -= DELAY_SAMPLES
        if self._end is not None and abs(first - self._end) <= max(JOIN_SAMPLES_MAX, DELAY_SAMPLES):
            first = self._end
        late = max(0, min(len(samples), self._taken - first))
        self.samples_late += late
        samples = samples[late:][-RING_SAMPLES:]
        if not len(samples):
            self._end = first + late if late else first
            return
        start = first + late
        self._ring[np.arange(start, start + len(samples)) % RING_SAMPLES] = samples
        self._end = start + len(samples)

    def forget(self) -> None:
        """Nobody took what was written: it must not be heard a turn of the ring later."""
        self._ring[:] = 0.0

    def take(self, first: int, *, is_silenced: bool) -> Samples:
        places = np.arange(first, first + BLOCK_SAMPLES) % RING_SAMPLES
        samples = self._ring[places]
        self._ring[places] = 0.0
        self._taken = first + BLOCK_SAMPLES
        factor = 0.0 if self.is_muted or is_silenced else 10 ** (self.gain_db / 20)
        # From the old gain to the new within the block: a step would click.
        ramp = np.linspace(self._factor, factor, BLOCK_SAMPLES, dtype=np.float32)[:, None]
        self._factor = factor
        result: Samples = samples * ramp
        self.meter.push(result)
        return result


class Mixer:
    """All methods from any thread; none waits longer than a block takes to mix."""

    def __init__(self, clock: MediaClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._channels: dict[str, _Channel] = {}
        self._outputs: tuple[Callable[[AudioBlock], None], ...] = ()
        self._is_held = False
        self._meter = Meter()
        self._stopping = threading.Event()
        self._has_work = threading.Event()
        """Somebody listens, or there are channels whose meters are seen."""
        self._is_metered = True
        self._thread: threading.Thread | None = None
        self.blocks_skipped = 0

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="mix-sound", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Bounded; stops the sources of all channels too."""
        with self._lock:
            self._stopping.set()
            self._has_work.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
        for key in list(self._channels):
            self.remove(key)

    def add(
        self,
        key: str,
        source: AudioSource,
        *,
        is_microphone: bool = False,
        gain_db: float = 0.0,
        is_muted: bool = False,
    ) -> None:
        """Takes the source over and starts it, from its first moment as it is to be."""
        channel = _Channel(source)
        channel.is_microphone = is_microphone
        channel.gain_db = min(GAIN_DB_MAX, max(GAIN_DB_MIN, gain_db))
        channel.is_muted = is_muted
        with self._lock:
            self._channels[key] = channel
            self._rest_or_work()

        def on_block(block: AudioBlock) -> None:
            with self._lock:
                channel.write(block)

        source.start(on_block)

    def remove(self, key: str) -> None:
        with self._lock:
            channel = self._channels.pop(key, None)
            self._rest_or_work()
        if channel is not None:
            channel.source.stop()

    def set_gain(self, key: str, gain_db: float) -> None:
        with self._lock:
            if (channel := self._channels.get(key)) is not None:
                channel.gain_db = min(GAIN_DB_MAX, max(GAIN_DB_MIN, gain_db))

    def set_muted(self, key: str, *, muted: bool) -> None:
        with self._lock:
            if (channel := self._channels.get(key)) is not None:
                channel.is_muted = muted

    def set_noise_suppressed(self, key: str, *, suppressed: bool) -> None:
        with self._lock:
            channel = self._channels.get(key)
            if channel is not None and suppressed is (channel.suppressor is None):
                channel.set_suppressor(NoiseSuppressor() if suppressed else None)

    def hold_microphones(self, *, held: bool) -> None:
        """Push-to-mute: every microphone is silent while it is held."""
        self._is_held = held

    def state_of(self, key: str) -> SourceState:
        """Of a channel's source; STOPPED where there is no such channel."""
        with self._lock:
            channel = self._channels.get(key)
        return channel.source.state if channel is not None else SourceState.STOPPED

    def levels(self) -> dict[str, Level]:
        with self._lock:
            return {key: channel.meter.level for key, channel in self._channels.items()}

    @property
    def master_level(self) -> Level:
        return self._meter.level

    def connect(self, on_block: Callable[[AudioBlock], None]) -> None:
        with self._lock:
            self._outputs = (*self._outputs, on_block)
            self._rest_or_work()

    def disconnect(self, on_block: Callable[[AudioBlock], None]) -> None:
        with self._lock:
            self._outputs = tuple(output for output in self._outputs if output != on_block)
            self._rest_or_work()

    def mix(self, first: int) -> AudioBlock:
        """The block that begins at sample `first` of the clock; called in order."""
        with self._lock:
            total: Samples = np.zeros((BLOCK_SAMPLES, CHANNELS), np.float32)
            for channel in self._channels.values():
                silenced = self._is_held and channel.is_microphone
                total += channel.take(first, is_silenced=silenced)
        limited = limit(total)
        self._meter.push(limited)
        return AudioBlock(limited, first * _US // SAMPLE_RATE_HZ)

    def set_metered(self, *, metered: bool) -> None:
        """Whether anybody sees the levels. Where not, and nobody listens, nothing is mixed."""
        with self._lock:
            self._is_metered = metered
            self._rest_or_work()

    def _rest_or_work(self) -> None:
        """With the lock held."""
        is_seen = self._is_metered and bool(self._channels)
        if is_seen or self._outputs or self._stopping.is_set():
            self._has_work.set()
        else:
            self._has_work.clear()

    def _run(self) -> None:
        block_us = BLOCK_SAMPLES * _US // SAMPLE_RATE_HZ
        block = max(0, self._clock.now_us() - MIX_DELAY_US) // block_us
        while True:
            if not self._has_work.is_set():
                self._has_work.wait()
                block = max(block, (self._clock.now_us() - MIX_DELAY_US) // block_us)
                with self._lock:
                    for channel in self._channels.values():
                        channel.forget()
            due_us = (block + 1) * block_us + MIX_DELAY_US
            now_us = self._clock.now_us()
            if now_us - due_us > LATE_US_MAX:
                self.blocks_skipped += (now_us - due_us) // block_us
                block += (now_us - due_us) // block_us
                continue
            if self._stopping.wait(max(0, due_us - now_us) / _US):
                return
            mixed = self.mix(block * BLOCK_SAMPLES)
            for output in self._outputs:
                output(mixed)
            block += 1


def to_db(amplitude: float) -> float:
    return max(SILENCE_DB, 20 * float(np.log10(amplitude))) if amplitude > 0 else SILENCE_DB


def limit(samples: Samples) -> Samples:
    """Straight up to 0.8, then bent so that it never passes full scale."""
    size = np.abs(samples)
    if size.max(initial=0.0) <= 0.8:
        return samples
    bent = 0.8 + 0.2 * np.tanh((size - 0.8) / 0.2)
    return np.where(size > 0.8, np.sign(samples) * bent, samples).astype(np.float32)
