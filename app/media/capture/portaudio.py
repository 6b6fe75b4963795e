"""PortAudio's input devices, through sounddevice. Imported only when a microphone is used: loading
PortAudio asks every sound driver of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sounddevice

from app.media.errors import SourceNotFound

if TYPE_CHECKING:
    import numpy as np

    from app.media.capture.microphone import OnSamples

CHANNELS_MAX: Final = 2
AGE_S_MAX: Final = 0.5
"""Some drivers report nonsense for when a block was captured: more than this is not believed."""


class PortAudioInput:
    """The n-th input device, or the system's default for None. Raises SourceNotFound."""

    def __init__(self, device: int | None) -> None:
        index = _find_device(device)
        try:
            info = sounddevice.query_devices(index, "input")
            self.name = f"microphone {info['name']}"
            self.sample_rate_hz = int(info["default_samplerate"])
            self.channels = min(CHANNELS_MAX, int(info["max_input_channels"]))
            self._on_samples: OnSamples | None = None
            self._stream = sounddevice.InputStream(
                device=index,
                channels=self.channels,
                samplerate=self.sample_rate_hz,
                dtype="float32",
                latency="low",
                callback=self._callback,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SourceNotFound(_explain(error)) from error

    def start(self, on_samples: OnSamples) -> None:
        """Raises SourceNotFound when the device refuses to run."""
        self._on_samples = on_samples
        try:
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise SourceNotFound(_explain(error)) from error

    def close(self) -> None:
        self._stream.close(ignore_errors=True)

    def _callback(
        self,
        samples: np.ndarray[Any, np.dtype[np.float32]],
        frames: int,
        times: Any,  # cffi's PaStreamCallbackTimeInfo
        _status: sounddevice.CallbackFlags,
    ) -> None:
        """PortAudio's real-time thread: nothing here may wait."""
        age_s = times.currentTime - times.inputBufferAdcTime
        if not times.inputBufferAdcTime or not 0 <= age_s <= AGE_S_MAX:
            age_s = frames / self.sample_rate_hz
        if self._on_samples is not None:
            self._on_samples(samples, age_s)


def _find_device(number: int | None) -> int | None:
    """PortAudio's index of the n-th device that has inputs."""
    try:
        inputs = [
            index
            for index, info in enumerate(sounddevice.query_devices())
            if info["max_input_channels"] > 0
        ]
    except sounddevice.PortAudioError as error:
        raise SourceNotFound(_explain(error)) from error
    if not inputs:
        raise SourceNotFound("there is no microphone: plug one in, or choose tone or none")
    if number is None:
        return None
    if number >= len(inputs):
        raise SourceNotFound(f"microphone {number} is not there: there are {len(inputs)}")
    return inputs[number]


def _explain(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"the microphone cannot be opened ({words}): choose another, tone or none"
