"""A sound card without hardware: PulseAudio's null sinks, in a server of the tests' own.

What is played into one of them is what the microphone hears; the other is the loudspeaker, which is
listened to at its monitor. Nothing leads from the loudspeaker to the microphone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.e2e.programs import stop, wait_until

RATE_HZ: Final = 48_000
CHANNELS: Final = 2
START_TIMEOUT_S: Final = 30.0
_BEFORE_MICROPHONE: Final = "before_microphone"
_MICROPHONE: Final = "microphone"
_SPEAKER: Final = "speaker"
_PLUGIN: Final = "alsa-lib/libasound_module_pcm_pulse.so"
_ALSA: Final = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
_FULL_SCALE: Final = 32767


class SoundCard:
    """A running sound server; `environment` leads a program to it."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._modules: dict[str, str] = {}
        """What was plugged in, by the names of the sinks."""
        self._variables = {**os.environ, **self.environment}
        # Neither a display nor a bus: it would start a bus of its own and leave it behind.
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            self._variables.pop(name, None)

    @contextmanager
    def running(self) -> Iterator[None]:
        Path(self.environment["ALSA_CONFIG_PATH"]).write_text(_ALSA, "utf-8")
        try:
            self.start_server()
            yield
        finally:
            self.stop_server()

    def start_server(self) -> None:
        """Returns when it answers."""
        log_path = self._folder / "pulseaudio.log"
        microphone = f"source_name={_MICROPHONE} master={_BEFORE_MICROPHONE}.monitor"
        socket = self._folder / "native"
        with log_path.open("ab") as log:
            server = self._server = subprocess.Popen(
                [
                    "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes",
                    "--exit-idle-time=-1", "--log-target=stderr",
                    f"--load=module-null-sink sink_name={_SPEAKER} rate={RATE_HZ}",
                    f"--load=module-null-sink sink_name={_BEFORE_MICROPHONE} rate={RATE_HZ}",
                    f"--load=module-remap-source {microphone}",
                    f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}",
                ],
                env=self._variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(
            lambda: self._answers() or server.poll() is not None,
            START_TIMEOUT_S,
            "the sound server's start",
        )
        assert server.poll() is None, log_path.read_text()
        self._control("set-default-sink", _SPEAKER)
        self._control("set-default-source", _MICROPHONE)

    def stop_server(self) -> None:
        if self._server is not None:
            stop(self._server)

    @contextmanager
    def device(self, name: str, description: str) -> Iterator[None]:
        """Another sink beside the default one, with its monitor."""
        self.plug(name, description)
        try:
            yield
        finally:
            self.unplug(name)

    def plug(self, name: str, description: str) -> None:
        self._modules[name] = self._control(
            "load-module", "module-null-sink", f"sink_name={name}", f"rate={RATE_HZ}",
            f"sink_properties=\"device.description='{description}'\"",
        )  # fmt: skip

    def unplug(self, name: str) -> None:
        """Nothing where it is unplugged already."""
        if (module := self._modules.pop(name, None)) is not None:
            self._control("unload-module", module)

    @contextmanager
    def playing(self, sound: Path, *, sink: str = _BEFORE_MICROPHONE) -> Iterator[None]:
        """A file is played into a sink, until the block ends or the file does."""
        player = subprocess.Popen(
            ["paplay", f"--device={sink}", str(sound)], env=self._variables,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield
        finally:
            stop(player)

    @contextmanager
    def listening(self, to: Path, *, sink: str = _SPEAKER) -> Iterator[None]:
        """What a sink's monitor hears, as raw samples in a file; see `read_heard`."""
        with to.open("wb") as file:
            listener = subprocess.Popen(
                [
                    "parec", f"--device={sink}.monitor", "--format=s16le", f"--rate={RATE_HZ}",
                    f"--channels={CHANNELS}", "--latency-msec=20",
                ],
                env=self._variables, stdout=file,
            )  # fmt: skip
        try:
            wait_until(lambda: to.stat().st_size > 0, START_TIMEOUT_S, "the monitor's first sound")
            yield
        finally:
            stop(listener)

    def _control(self, *words: str) -> str:
        answer = subprocess.run(
            ["pactl", *words], env=self._variables, capture_output=True, text=True, check=True,
            timeout=10,
        )  # fmt: skip
        return answer.stdout.strip()

    def _answers(self) -> bool:
        info = subprocess.run(
            ["pactl", "info"], env=self._variables, capture_output=True, check=False, timeout=10
        )
        return info.returncode == 0


def find_what_lacks() -> str:
    """What this machine would need for a sound card; empty where nothing lacks."""
    missing = [
        name for name in ("pulseaudio", "pactl", "paplay", "parec") if shutil.which(name) is None
    ]
    if missing:
        return f"needs PulseAudio: {', '.join(missing)} not on PATH"
    if not any(Path("/usr").glob(f"lib*/{_PLUGIN}")) and not any(
        Path("/usr").glob(f"lib/*/{_PLUGIN}")
    ):
        return "needs ALSA's plugin for PulseAudio (libasound2-plugins)"
    return ""


@contextmanager
def running_sound_card() -> Iterator[SoundCard]:
    """Skips the test where the machine cannot do it."""
    if lacks := find_what_lacks():
        pytest.skip(lacks)
    # Not pytest's folder: the path of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="livehouse-sound-") as folder:
        card = SoundCard(Path(folder))
        with card.running():
            yield card


def write_tone(path: Path, *, hz: float, level: float, seconds: float) -> None:
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    tone = np.round(np.sin(2 * np.pi * hz * time_s) * level * _FULL_SCALE).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.repeat(tone[:, None], CHANNELS, axis=1).tobytes())


def read_heard(path: Path) -> np.ndarray:
    """Samples of -1..1, shape (n, channels)."""
    data = path.read_bytes()
    whole = len(data) // (2 * CHANNELS) * 2 * CHANNELS
    samples = np.frombuffer(data[:whole], "<i2").reshape(-1, CHANNELS)
    return samples.astype(np.float32) / _FULL_SCALE
