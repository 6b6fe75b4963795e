"""The one module that imports sounddevice: PortAudio's list of devices, and its streams.

PortAudio makes its list when it is initialised and never again. Initialising anew is the only way
to see what was plugged in since, and it ends every stream of the process (its documentation, and
the experience of all who use it: hot-plugging is an open wish since 2013). So all streams are
opened and closed here, under one lock that PortAudio needs anyway, and `rescan` does nothing while
one is open. With a sound server on Linux none of this matters: the server has the list.

Import it only when a device is wanted: loading PortAudio asks every sound driver of the machine.
"""

from __future__ import annotations

import ctypes.util
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.programs import is_packaged

_BUNDLED: Final = Path(sys.executable).parent / "_internal" / "libportaudio.so.2"
if is_packaged() and _BUNDLED.exists():
    # On Linux sounddevice asks the system's linker for PortAudio; the packaged program brings it.
    _find_library = ctypes.util.find_library
    ctypes.util.find_library = lambda name: (
        str(_BUNDLED) if name == "portaudio" else _find_library(name)
    )

import sounddevice  # noqa: E402 # it looks for the library while it is imported

PortAudioError: Final[type[Exception]] = sounddevice.PortAudioError
RESCAN_INTERVAL_S: Final = 3.0
_lock: Final = threading.RLock()
_streams: Final[dict[int, Any]] = {}
_scanned_s = [time.monotonic()]
"""When PortAudio made its list."""


def query_devices() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Devices and host APIs as PortAudio lists them. Raises PortAudioError."""
    with _lock:
        return list(sounddevice.query_devices()), list(sounddevice.query_hostapis())


def query_device(index: int | None, kind: str) -> dict[str, Any]:
    """One device, the default for None. Raises PortAudioError and ValueError."""
    with _lock:
        return dict(sounddevice.query_devices(index, kind))


def rescan() -> bool:
    """Make the list anew; False while a stream is open, or when it was made a moment ago."""
    with _lock:
        if _streams or time.monotonic() - _scanned_s[0] < RESCAN_INTERVAL_S:
            return False
        _scanned_s[0] = time.monotonic()
        sounddevice._terminate()  # noqa: SLF001 # there is no public way, its author names this one
        sounddevice._initialize()  # noqa: SLF001 # the same
        return True


def has_streams() -> bool:
    """Whether one is open: then the list may be old."""
    with _lock:
        return bool(_streams)


def open_output(
    callback: Callable[..., None], *, device: int | None, server_name: str, **options: Any
) -> Any:
    """A stream that is not started. Raises PortAudioError and ValueError."""
    with _lock, _variable("PULSE_SINK", server_name):
        return _keep(
            sounddevice.OutputStream(
                device=device, dtype="float32", latency="low", callback=callback, **options
            )
        )


def open_input(
    callback: Callable[..., None], *, device: int | None, server_name: str, **options: Any
) -> Any:
    """A stream that is not started. Raises PortAudioError and ValueError."""
    with _lock, _variable("PULSE_SOURCE", server_name):
        return _keep(
            sounddevice.InputStream(
                device=device, dtype="float32", latency="low", callback=callback, **options
            )
        )


def close(stream: Any) -> None:
    """At once, without playing what is left. A second time does nothing."""
    with _lock:
        if _streams.pop(id(stream), None) is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)


def make_settings(host_api: str) -> Any:
    """What a host API needs beyond the rest; None where nothing."""
    if host_api == "Windows WASAPI":
        return sounddevice.WasapiSettings(auto_convert=True)
    return None


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    """PulseAudio's plugin for ALSA asks the environment which device a new stream is for, and
    remembers it for as long as the stream lives. For the default nothing is set: the user may have
    set the variable, and a stream without a device follows the default where it goes."""
    before = os.environ.get(name)
    if value:
        os.environ[name] = value
    try:
        yield
    finally:
        if before is not None:
            os.environ[name] = before
        elif value:
            del os.environ[name]


def _keep(stream: Any) -> Any:
    _streams[id(stream)] = stream
    return stream


def _reserve(*names: str) -> None:
    """Make room in the environment now: libc would move it while another thread may read there."""
    for name in names:
        with _variable(name, "reserved"):
            pass


_reserve("PULSE_SINK", "PULSE_SOURCE")
