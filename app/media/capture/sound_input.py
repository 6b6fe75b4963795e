"""An input device of PortAudio or of the sound server. Imported only when a microphone is used."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from app.media import portaudio
from app.media.errors import SourceNotFound
from app.media.sound_devices import SoundDevice, find_device, is_present

if TYPE_CHECKING:
    import numpy as np

    from app.media.capture.microphone import OnSamples

CHANNELS_MAX: Final = 2
AGE_S_MAX: Final = 0.5
"""Some drivers report nonsense for when a block was captured: more than this is not believed."""
PRESENCE_INTERVAL_S: Final = 0.25
"""A sound server moves the stream of an unplugged microphone to another one without a word: so
long at most is heard what nobody has chosen. Asking costs half a millisecond."""


class SoundInput:
    """A device by name or number, or the system's default for None. Raises SourceNotFound."""

    def __init__(self, wanted: str | int | None) -> None:
        self._on_samples: OnSamples | None = None
        self._asked_s = time.monotonic()
        try:
            self._open(wanted)
        except (portaudio.PortAudioError, ValueError) as error:
            if not portaudio.rescan():
                raise SourceNotFound(_explain(error)) from error
            try:
                self._open(wanted)
            except (portaudio.PortAudioError, ValueError) as again:
                raise SourceNotFound(_explain(again)) from again

    def start(self, on_samples: OnSamples) -> None:
        """Raises SourceNotFound when the device refuses to run."""
        self._on_samples = on_samples
        try:
            self._stream.start()
        except portaudio.PortAudioError as error:
            raise SourceNotFound(_explain(error)) from error

    def is_present(self) -> bool:
        """Whether what is heard is still the device that was chosen."""
        now_s = time.monotonic()
        if now_s - self._asked_s < PRESENCE_INTERVAL_S:
            return True
        self._asked_s = now_s
        return is_present(self._device, "input")

    def close(self) -> None:
        portaudio.close(self._stream)

    def _open(self, wanted: str | int | None) -> None:
        self._device: SoundDevice = find_device(wanted, "input")
        info = portaudio.query_device(self._device.index, "input")
        self.name = self._device.name or "microphone"
        self.sample_rate_hz = int(info["default_samplerate"])
        self.channels = min(CHANNELS_MAX, int(info["max_input_channels"]))
        self._stream = portaudio.open_input(
            self._callback,
            device=self._device.index,
            server_name=self._device.server_name,
            channels=self.channels,
            samplerate=self.sample_rate_hz,
            extra_settings=portaudio.make_settings(self._device.host_api),
        )

    def _callback(
        self,
        samples: np.ndarray[Any, np.dtype[np.float32]],
        frames: int,
        times: Any,  # cffi's PaStreamCallbackTimeInfo
        _status: object,
    ) -> None:
        """PortAudio's real-time thread: nothing here may wait."""
        age_s = times.currentTime - times.inputBufferAdcTime
        if not times.inputBufferAdcTime or not 0 <= age_s <= AGE_S_MAX:
            age_s = frames / self.sample_rate_hz
        if self._on_samples is not None:
            self._on_samples(samples, age_s)


def _explain(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"the microphone cannot be opened ({words}): choose another, tone or none"
