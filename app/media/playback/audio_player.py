"""Sound from packets to the output's ring, in step with the playout clock. One thread.

Rules, in this order, each time that the ring runs low:

1. Not settled, or the output does not run: nothing sounds, and pictures go by the plain clock.
2. Not started, or more than `JUMP_US` off: start so that the first sample is heard at its due time.
3. A packet is there: play it, a little faster or slower where the clock says so. A hole before it
   is filled with silence, an overlap is cut.
4. No packet, but pictures go on: silence that keeps time, so that the pictures do not wait.
5. Nothing at all: stand still. What comes later is played from there and caught up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ, SoundDecoder
from app.media.playback.jitter_buffer import JitterBuffer
from app.media.playback.time_stretch import Samples, TimeStretch
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    from app.media.playback.audio_output import AudioOutput
    from app.media.playback.av_sync import PlayoutClock

SILENCE_FRAMES: Final = 480
TOLERANCE_US: Final = 4_000
"""Differences of a packet's pts from where sound stands that are not worth a cut."""
PREROLL_US: Final = 80_000
"""Opus needs some packets before it sounds right: decode these before the start, unheard."""
STARVED_FILL_US: Final = 4_000
_POLL_S: Final = 0.004
_REST_S: Final = 0.25
_LOOKS_BEFORE_REST: Final = 500
"""Two seconds: longer than anything that was delayed on purpose still plays."""
_FADE: Final = np.linspace(0.0, 1.0, 96, dtype=np.float32)[:, np.newaxis]


class AudioPlayer:
    """Owns the sound track's buffer. `lock` is the one that guards buffer and clock."""

    def __init__(
        self,
        *,
        clock: PlayoutClock,
        lock: threading.RLock,
        output: AudioOutput,
        monotonic_us: Callable[[], int],
        newest_video_pts_us: Callable[[], int | None],
        decoder: SoundDecoder,
    ) -> None:
        self._clock = clock
        self._lock = lock
        self._output = output
        self._monotonic_us = monotonic_us
        self._newest_video_pts_us = newest_video_pts_us
        self.buffer = JitterBuffer()
        self._decoder = decoder
        self._stretch = TimeStretch()
        self._next_pts_us: int | None = None
        """Where the next written sample stands; None while nothing plays."""
        self._is_after_hole = True
        self._stopping = threading.Event()
        self._has_news = threading.Event()
        """A packet came, of sound or of anything, since the thread last looked."""
        self._thread = threading.Thread(target=self._run, name="audio-player", daemon=True)
        self.concealed_us = 0
        self.late_packets = 0

    def start(self) -> None:
        self._output.start()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._has_news.set()
        self._decoder.interrupt()
        self._thread.join()
        self._output.stop()

    @property
    def decode_errors(self) -> int:
        return self._decoder.errors

    @property
    def decoder_restarts(self) -> int:
        return self._decoder.restarts

    def push(self, packet: MediaPacket) -> None:
        """With the lock held."""
        self.buffer.push(packet)

    def wake(self) -> None:
        """A packet of any kind has come. Any thread."""
        self._has_news.set()

    def restart(self) -> None:
        """The timeline jumps: be silent until the clock has settled. With the lock held."""
        self._next_pts_us = None
        self._output.ring.clear()

    def heard_pts_us(self, now_us: int) -> int | None:
        """What the output lets hear now; None while sound does not lead."""
        return self._output.ring.heard_pts_us(now_us) if self._next_pts_us is not None else None

    def _run(self) -> None:
        self._decoder.start()
        try:
            self._fill()
        finally:
            self._decoder.stop()

    def _fill(self) -> None:
        ring = self._output.ring
        looks = 0
        while not self._stopping.is_set():
            with self._lock:
                has_lead = self._output.fill_wanted_us + self._output.latency_us
                self._clock.set_lead(Kind.AUDIO, has_lead)
            while ring.fill_us < self._output.fill_wanted_us and self._feed():
                pass
            looks = 0 if self._has_news.is_set() else looks + 1
            self._has_news.clear()
            if looks < _LOOKS_BEFORE_REST or self.buffer.peek() is not None:
                self._stopping.wait(_POLL_S)
            else:  # nothing is live: looking 250 times a second would cost 1 % of a core
                self._has_news.wait(_REST_S)

    def _feed(self) -> bool:
        """Write one block; False when there is nothing to write now."""
        with self._lock:
            now_us = self._monotonic_us()
            if not self._clock.settle(now_us):
                return False
            if not self._output.is_running(now_us):
                if self._next_pts_us is not None:
                    self.restart()
                return False
            heard_at_us = now_us + self._output.ring.fill_us + self._output.latency_us
            target_us = self._clock.target_position_us(heard_at_us)
            if (
                self._next_pts_us is None
                or abs(target_us - self._next_pts_us) > self._clock.jump_us
            ):
                return self._begin(target_us)
            released = self.buffer.pop(lambda _: True)
            tempo = self._clock.tempo(self._next_pts_us, heard_at_us)
        if released is None:
            return self._conceal()
        self._play(released.packet, tempo)
        return True

    def _begin(self, target_us: int) -> bool:
        """Set out at the target; packets before it are decoded, unheard, or passed over."""
        newest_us = self.buffer.newest_pts_us
        if newest_us is None or newest_us < target_us - PREROLL_US:
            self.buffer.clear()
            self._next_pts_us = None
            return False
        while (packet := self.buffer.peek()) is not None and packet.pts_us < target_us:
            self.buffer.pop(lambda _: True)
            if packet.pts_us >= target_us - PREROLL_US:
                self._decoder.decode(packet)
        self._stretch = TimeStretch()
        self._next_pts_us = target_us
        self._is_after_hole = True
        return True

    def _conceal(self) -> bool:
        """No packet in time."""
        expected_us = self._next_pts_us
        if expected_us is None or self._output.ring.fill_us > STARVED_FILL_US:
            return False
        newest_video_us = self._newest_video_pts_us()
        if newest_video_us is None or newest_video_us <= expected_us:
            return False
        self._write_silence(SILENCE_FRAMES)
        return True

    def _play(self, packet: MediaPacket, tempo: float) -> None:
        block = self._decoder.decode(packet)
        expected_us = self._next_pts_us
        if block is None or expected_us is None:
            return
        ahead_us = packet.pts_us - expected_us
        if ahead_us > self._clock.jump_us:
            self._next_pts_us = packet.pts_us
        elif ahead_us > TOLERANCE_US:
            self._write_silence(ahead_us * SAMPLE_RATE_HZ // 1_000_000)
        elif ahead_us < -TOLERANCE_US:
            cut = -ahead_us * SAMPLE_RATE_HZ // 1_000_000
            if cut >= len(block):
                self.late_packets += 1
                return
            block = block[cut:]
        else:
            self._next_pts_us = packet.pts_us
        self._write(block, tempo)

    def _write(self, block: Samples, tempo: float) -> None:
        if self._next_pts_us is None:
            return
        duration_us = len(block) * 1_000_000 // SAMPLE_RATE_HZ
        played = self._stretch.apply(block, tempo)
        if self._is_after_hole and len(played) >= len(_FADE):
            played = played.copy()
            played[: len(_FADE)] *= _FADE
        self._is_after_hole = False
        self._output.ring.write(played, self._next_pts_us, duration_us)
        self._next_pts_us += duration_us

    def _write_silence(self, frames: int) -> None:
        if self._next_pts_us is None:
            return
        duration_us = frames * 1_000_000 // SAMPLE_RATE_HZ
        silence = np.zeros((frames, CHANNELS), np.float32)
        self._output.ring.write(silence, self._next_pts_us, duration_us)
        self._next_pts_us += duration_us
        self.concealed_us += duration_us
        self._is_after_hole = True
