"""Where sound goes: a real device through PortAudio, or a clock that swallows it at the right pace.

Both read from an AudioRing and both can say which pts is heard at this moment.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

from app.media.errors import SourceNotFound
from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ
from app.media.playback.audio_ring import AudioRing
from app.media.sound_devices import SoundDevice, find_device, is_present

BLOCK_FRAMES: Final = 480
BLOCK_US: Final = BLOCK_FRAMES * 1_000_000 // SAMPLE_RATE_HZ
NULL_BLOCK_FRAMES: Final = 240
NULL_BLOCK_US: Final = NULL_BLOCK_FRAMES * 1_000_000 // SAMPLE_RATE_HZ
_NULL_MARGIN_US: Final = 10_000
_DEVICE_MARGIN_US: Final = 20_000
_WARM_UP_US: Final = 150_000
_SILENT_US_MAX: Final = 100_000
"""A device that has not called for so long has stopped; pictures go on without it."""
LOST_US_MIN: Final = 3_000_000
"""One that has not called for so long does not come back by itself."""
_REST_AFTER_US: Final = 4_000_000
"""Longer than anything that was written can last: from here on there is only silence to take."""
_REST_S: Final = 0.25
_LATE_US_MAX: Final = 500_000
"""A tick later than this (a suspended machine) is not caught up."""


class AudioOutput(Protocol):
    """A consumer of a ring."""

    ring: AudioRing

    @property
    def fill_wanted_us(self) -> int:
        """How much the feeder should keep in the ring."""

    @property
    def latency_us(self) -> int:
        """From leaving the ring to the ear."""

    def is_running(self, now_us: int) -> bool:
        """Whether it takes samples at a steady pace: only then may pictures follow it."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class NullAudioOutput:
    """Consumes in real time and sounds nowhere: for headless use and tests."""

    def __init__(self, *, monotonic_us: Callable[[], int], ring: AudioRing | None = None) -> None:
        self.ring = ring or AudioRing()
        self._monotonic_us = monotonic_us
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audio-null", daemon=True)

    @property
    def fill_wanted_us(self) -> int:
        return NULL_BLOCK_US + _NULL_MARGIN_US

    @property
    def latency_us(self) -> int:
        return 0

    def is_running(self, now_us: int) -> bool:
        return now_us >= 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        due_us = heard_us = self._monotonic_us()
        while not self._stopping.is_set():
            if self.ring.has_news.is_set():
                self.ring.has_news.clear()
                heard_us = due_us
            elif due_us - heard_us > _REST_AFTER_US:
                self.ring.has_news.wait(_REST_S)
                due_us = self._monotonic_us()
            now_us = self._monotonic_us()
            if now_us < due_us:
                self._stopping.wait((due_us - now_us) / 1_000_000)
                continue
            if now_us - due_us > _LATE_US_MAX:
                due_us = now_us
            self.ring.read(NULL_BLOCK_FRAMES, due_us)
            due_us += NULL_BLOCK_US


class DeviceAudioOutput:
    """A device by its name, or the system's default for "". Raises RuntimeError from the
    constructor where there is none. `ring` may be one that another output has drained so far."""

    def __init__(
        self, device: str = "", *, monotonic_us: Callable[[], int], ring: AudioRing | None = None
    ) -> None:
        self.ring = ring or AudioRing()
        self._monotonic_us = monotonic_us
        try:
            self._portaudio: Any = importlib.import_module("app.media.portaudio")
        except OSError as error:
            raise RuntimeError(f"no sound library: {error}") from None
        self._stream: Any = None
        self._device, self._stream = self._open(device)
        self._started_us = 0
        self._first_call_us: int | None = None
        self._last_call_us = 0
        self._ahead_us = 0
        """From a callback to the ear, as the device last said."""

    @property
    def name(self) -> str:
        """What the device is called; empty where only the system knows."""
        return self._device.name

    @property
    def fill_wanted_us(self) -> int:
        return BLOCK_US + _DEVICE_MARGIN_US

    @property
    def latency_us(self) -> int:
        return max(self._ahead_us, int(self._stream.latency * 1_000_000))

    def is_running(self, now_us: int) -> bool:
        # Some devices take their first blocks at once and then nothing for up to 2 s.
        first_us = self._first_call_us
        is_warm = first_us is not None and now_us - first_us > _WARM_UP_US
        return is_warm and now_us - self._last_call_us < _SILENT_US_MAX

    def is_lost(self, now_us: int) -> bool:
        """Whether the device is gone or has stopped for good. May take a millisecond."""
        last_us = max(self._started_us, self._last_call_us)
        return now_us - last_us > LOST_US_MIN or not is_present(self._device, "output")

    def start(self) -> None:
        self._started_us = self._monotonic_us()
        try:
            self._stream.start()
        except self._portaudio.PortAudioError as error:
            self.stop()
            raise RuntimeError(f"the sound output does not start: {error}") from None

    def stop(self) -> None:
        self._portaudio.close(self._stream)

    def _open(self, wanted: str) -> tuple[SoundDevice, Any]:
        try:
            try:
                return self._try_open(wanted)
            except self._portaudio.PortAudioError:
                if not self._portaudio.rescan():
                    raise
                return self._try_open(wanted)
        except (self._portaudio.PortAudioError, ValueError, SourceNotFound) as error:
            raise RuntimeError(f"no sound output: {error}") from None

    def _try_open(self, wanted: str) -> tuple[SoundDevice, Any]:
        device = find_device(wanted, "output")
        stream = self._portaudio.open_output(
            self._fill,
            device=device.index,
            server_name=device.server_name,
            samplerate=SAMPLE_RATE_HZ,
            channels=CHANNELS,
            blocksize=BLOCK_FRAMES,
            extra_settings=self._portaudio.make_settings(device.host_api),
        )
        return device, stream

    def _fill(self, out: Any, frames: int, times: Any, _status: object) -> None:
        ahead_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 < ahead_s < 1.0:
            ahead_s = self._stream.latency  # some hosts report nothing sensible
        now_us = self._monotonic_us()
        if self._first_call_us is None:
            self._first_call_us = now_us
        self._last_call_us = now_us
        self._ahead_us = int(ahead_s * 1_000_000)
        out[:] = self.ring.read(frames, now_us + self._ahead_us)
