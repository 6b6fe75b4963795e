"""The sound server's own list of devices (PulseAudio, or PipeWire in its place), through libpulse.

On a desktop Linux PortAudio sees one device, "pulse", whatever is plugged in: the real names are
the server's. Read by ctypes because three calls of a library that is there whenever the server is
do not justify another dependency. Every call connects anew and is bounded by TIMEOUT_S; nothing
is kept between calls, so any thread may ask.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

TIMEOUT_S: Final = 1.0
DEVICES_MAX: Final = 64
NAME_CHARS_MAX: Final = 200

_LIBRARY: Final = "libpulse.so.0"
_NO_AUTOSPAWN: Final = 1
_READY: Final = 4
_FAILED: Final = 5
_DONE: Final = 1

_StateCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
_InfoCallback = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_ServerCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class ServerDevice:
    """A sink or a source."""

    name: str
    """The server's: unique, and the same after another plugging."""
    description: str
    """For people."""
    is_monitor: bool = False
    """A source that hears what a sink plays."""


@dataclass(frozen=True, slots=True)
class ServerDevices:
    """What the server has at this moment."""

    sinks: tuple[ServerDevice, ...] = ()
    sources: tuple[ServerDevice, ...] = ()
    default_sink: str = ""
    default_source: str = ""


class _DeviceInfo(ctypes.Structure):
    """The beginning of pa_sink_info and of pa_source_info, which are alike so far."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("index", ctypes.c_uint32),
        ("description", ctypes.c_char_p),
    )


class _ServerInfo(ctypes.Structure):
    """The beginning of pa_server_info; a sample specification has 12 bytes."""

    _fields_ = (
        ("user_name", ctypes.c_char_p),
        ("host_name", ctypes.c_char_p),
        ("server_version", ctypes.c_char_p),
        ("server_name", ctypes.c_char_p),
        ("sample_spec", ctypes.c_uint32 * 3),
        ("default_sink_name", ctypes.c_char_p),
        ("default_source_name", ctypes.c_char_p),
    )


def ask_sound_server() -> ServerDevices | None:
    """None where no server answers in time, and on systems that have none."""
    library = _load()
    if library is None:
        return None
    connection = _Connection(library)
    try:
        return connection.ask() if connection.is_ready() else None
    finally:
        connection.close()


def _load() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return None
    pointer = ctypes.c_void_p
    signatures: dict[str, tuple[Any, list[Any]]] = {
        "pa_mainloop_new": (pointer, []),
        "pa_mainloop_free": (None, [pointer]),
        "pa_mainloop_get_api": (pointer, [pointer]),
        "pa_mainloop_prepare": (ctypes.c_int, [pointer, ctypes.c_int]),
        "pa_mainloop_poll": (ctypes.c_int, [pointer]),
        "pa_mainloop_dispatch": (ctypes.c_int, [pointer]),
        "pa_context_new": (pointer, [pointer, ctypes.c_char_p]),
        "pa_context_unref": (None, [pointer]),
        "pa_context_connect": (ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int, pointer]),
        "pa_context_disconnect": (None, [pointer]),
        "pa_context_get_state": (ctypes.c_int, [pointer]),
        "pa_context_get_sink_info_list": (pointer, [pointer, _InfoCallback, pointer]),
        "pa_context_get_source_info_list": (pointer, [pointer, _InfoCallback, pointer]),
        "pa_context_get_server_info": (pointer, [pointer, _ServerCallback, pointer]),
        "pa_operation_get_state": (ctypes.c_int, [pointer]),
        "pa_operation_cancel": (None, [pointer]),
        "pa_operation_unref": (None, [pointer]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class _Connection:
    """One main loop and one context, run by the calling thread."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._pa = library
        self._until_s = time.monotonic() + TIMEOUT_S
        self._loop = library.pa_mainloop_new()
        self._context = library.pa_context_new(
            library.pa_mainloop_get_api(self._loop), b"Livehouse (devices)"
        )
        library.pa_context_connect(self._context, None, _NO_AUTOSPAWN, None)

    def is_ready(self) -> bool:
        """Waits for the server's greeting."""
        return self._run(lambda: self._state() >= _READY) and self._state() == _READY

    def ask(self) -> ServerDevices | None:
        sinks: list[ServerDevice] = []
        sources: list[ServerDevice] = []
        defaults = ["", ""]

        def on_server(_context: int, info: int, _data: int) -> None:
            if info:
                server = ctypes.cast(info, ctypes.POINTER(_ServerInfo)).contents
                defaults[:] = _text(server.default_sink_name), _text(server.default_source_name)

        on_sink, on_source = _make_collector(sinks), _make_collector(sources)
        on_server_kept = _ServerCallback(on_server)
        operations = [
            self._pa.pa_context_get_sink_info_list(self._context, on_sink, None),
            self._pa.pa_context_get_source_info_list(self._context, on_source, None),
            self._pa.pa_context_get_server_info(self._context, on_server_kept, None),
        ]
        try:
            if not all(operations) or not self._run(lambda: self._are_done(operations)):
                return None
        finally:
            for operation in filter(None, operations):
                # Cancelled, it never calls back into what this function holds.
                self._pa.pa_operation_cancel(operation)
                self._pa.pa_operation_unref(operation)
        return ServerDevices(tuple(sinks), tuple(sources), *defaults)

    def close(self) -> None:
        self._pa.pa_context_disconnect(self._context)
        self._pa.pa_context_unref(self._context)
        self._pa.pa_mainloop_free(self._loop)

    def _state(self) -> int:
        return int(self._pa.pa_context_get_state(self._context))

    def _are_done(self, operations: list[int]) -> bool:
        states = [self._pa.pa_operation_get_state(operation) for operation in operations]
        return all(state == _DONE for state in states)

    def _run(self, is_done: Callable[[], bool]) -> bool:
        """Turns the loop until something is so; False when the time is over or the link broke."""
        while not is_done():
            left_us = int((self._until_s - time.monotonic()) * 1_000_000)
            if left_us <= 0 or self._state() >= _FAILED:
                return False
            if self._pa.pa_mainloop_prepare(self._loop, left_us) < 0:
                return False
            if self._pa.pa_mainloop_poll(self._loop) < 0:
                return False
            if self._pa.pa_mainloop_dispatch(self._loop) < 0:
                return False
        return True


def _make_collector(found: list[ServerDevice]) -> Any:  # a ctypes callback
    def on_info(_context: int, info: int, is_last: int, _data: int) -> None:
        if is_last or not info or len(found) >= DEVICES_MAX:
            return
        device = ctypes.cast(info, ctypes.POINTER(_DeviceInfo)).contents
        name = _text(device.name)
        description = _text(device.description) or name
        found.append(ServerDevice(name, description, is_monitor=name.endswith(".monitor")))

    return _InfoCallback(on_info)


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")[:NAME_CHARS_MAX]
