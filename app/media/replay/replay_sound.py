"""The sound of a replay: from samples to the output's ring, at the chosen speed. One thread.

Sound sets out exactly where the clock stands and leads it from there. A hole in the recording is
silence; while pictures go on without sound, so does the silence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ
from app.media.replay.sample_decoder import sound_packet
from app.media.replay.speed_filter import SpeedFilter

if TYPE_CHECKING:
    from app.media.playback.audio_decoder import SoundDecoder
    from app.media.playback.audio_output import AudioOutput
    from app.media.playback.time_stretch import Samples
    from app.media.replay.replay_clock import ReplayClock
    from app.media.replay.replay_queue import ReplayQueue

TOLERANCE_US: Final = 30_000
"""Differences between where sound should be and where it is that are not worth a cut."""
SILENCE_US: Final = 20_000
HOLE_US_MAX: Final = 2_000_000
"""A longer one is not filled, but jumped over with the clock."""
_POLL_S: Final = 0.005
_REST_S: Final = 0.1
_FADE: Final = np.linspace(0.0, 1.0, 96, dtype=np.float32)[:, np.newaxis]


class ReplaySound:
    """`lock` guards the queue, the clock and what is here."""

    def __init__(
        self,
        *,
        output: AudioOutput,
        decoder: SoundDecoder,
        clock: ReplayClock,
        queue: ReplayQueue,
        lock: threading.RLock,
        monotonic_us: Callable[[], int],
    ) -> None:
        self._output = output
        self._clock = clock
        self._queue = queue
        self._lock = lock
        self._monotonic_us = monotonic_us
        self._decoder = decoder
        self._filter = SpeedFilter()
        self._taken_us: int | None = None
        """Up to here sound was taken from the queue; None: it has not set out."""
        self._written_us = 0.0
        """Up to here it was written to the ring."""
        self._is_after_hole = True
        self._jumps = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay-sound", daemon=True)

    def start(self) -> None:
        self._output.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._decoder.interrupt()
        self._thread.join()
        self._output.stop()

    @property
    def errors(self) -> int:
        return self._decoder.errors

    def set_volume(self, volume: float) -> None:
        self._output.ring.gain = volume

    def jump(self) -> None:
        """Nothing of before is heard. With the lock held."""
        self._jumps += 1
        self._taken_us = None
        self._output.ring.clear()

    def heard_us(self, now_us: int) -> int | None:
        """The moment that is heard now; None while sound does not lead. With the lock held."""
        if self._taken_us is None or not self._output.is_running(now_us):
            return None
        return self._output.ring.heard_pts_us(now_us)

    def _run(self) -> None:
        self._decoder.start()
        try:
            self._keep_filled()
        finally:
            self._decoder.stop()

    def _keep_filled(self) -> None:
        ring = self._output.ring
        while not self._stopping.is_set():
            is_fed = False
            while ring.fill_us < self._output.fill_wanted_us and self._feed():
                is_fed = True
            self._stopping.wait(_POLL_S if is_fed or self._clock.is_running else _REST_S / 4)

    def _feed(self) -> bool:
        """Write a block; False when there is nothing to write now."""
        with self._lock:
            now_us = self._monotonic_us()
            if not self._clock.is_running or not self._output.is_running(now_us):
                return False
            speed, jumps = self._clock.speed, self._jumps
            if self._taken_us is None:
                self._begin(now_us)
            if self._filter.speed != speed:
                self._filter = SpeedFilter(speed)
                self._taken_us = int(self._written_us)
            taken_us = self._taken_us or 0
            queued = self._queue.pop_audio()
            if queued is None:
                is_alone = self._queue.video_end_us > taken_us + 2 * SILENCE_US
                if not is_alone or self._output.ring.fill_us > SILENCE_US // 4:
                    return False
        block = _silence(SILENCE_US)
        if queued is not None:
            decoded = self._decoder.decode(sound_packet(queued.payload, queued.pts_us))
            if decoded is None:
                return True
            fitted = self._fit(decoded, queued.pts_us, taken_us)
            if fitted is None:
                return True
            block = fitted
        self._write(block, speed, jumps)
        return True

    def _begin(self, now_us: int) -> None:
        """Set out so that the first sample is heard when the clock is there. Lock held."""
        ahead_us = self._output.latency_us + self._output.ring.fill_us
        start_us = self._clock.position_us(now_us + ahead_us)
        self._taken_us, self._written_us = start_us, float(start_us)
        self._filter = SpeedFilter(self._clock.speed)
        self._is_after_hole = True

    def _fit(self, block: Samples, pts_us: int, taken_us: int) -> Samples | None:
        """The block with silence before it, or cut, or None where it is all too late."""
        ahead_us = pts_us - taken_us
        if ahead_us > TOLERANCE_US:
            self._is_after_hole = True
            return np.concatenate((_silence(min(ahead_us, HOLE_US_MAX)), block))
        if ahead_us < -TOLERANCE_US:
            cut = -ahead_us * SAMPLE_RATE_HZ // 1_000_000
            return block[cut:] if cut < len(block) else None
        return block

    def _write(self, block: Samples, speed: float, jumps: int) -> None:
        if self._is_after_hole and len(block) >= len(_FADE):
            block = block.copy()
            block[: len(_FADE)] *= _FADE
            self._is_after_hole = False
        played = self._filter.apply(block)
        duration_us = len(played) * 1_000_000 * speed / SAMPLE_RATE_HZ
        with self._lock:
            if jumps != self._jumps or self._taken_us is None:
                return  # a jump came between
            self._taken_us += len(block) * 1_000_000 // SAMPLE_RATE_HZ
            if len(played):
                self._output.ring.write(played, int(self._written_us), int(duration_us))
                self._written_us += duration_us


def _silence(duration_us: int) -> Samples:
    return np.zeros((duration_us * SAMPLE_RATE_HZ // 1_000_000, CHANNELS), np.float32)
