"""Sound devices by the names that people know: what there is, and what a name stands for now.

With a sound server its list counts, else PortAudio's. A name is the identity: it finds a device
again that was plugged into another socket. Of two with the same name the second is "NAME #2".
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import msgspec

from app.media.errors import SourceNotFound
from app.media.sound_server import ServerDevices, ask_sound_server
from app.programs import is_packaged

Direction = Literal["input", "output"]

NO_DEVICE: Final = "auto_null"
"""The sink by which a sound server says that it has none."""
_HARDWARE: Final = re.compile(r"\s*\((?:plug)?hw:\d+(?:,\d+)?\)")
_SERVERS: Final = {"pulse": "PulseAudio", "pipewire": "PipeWire", "jack": "JACK"}
CHILD_TIMEOUT_S: Final = 5.0
_CHILD: Final = (
    "import json, sounddevice as s; "
    "print(json.dumps([list(s.query_devices()), list(s.query_hostapis())]))"
)
_Lists = tuple[list[dict[str, Any]], list[dict[str, Any]]]
_HOST_APIS: Final = ("Windows WASAPI", "Windows DirectSound", "MME")
"""Of Windows, the best first: the same devices stand under each, MME cuts their names."""


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """`index` is PortAudio's, None its default; `server_name` what the sound server calls it."""

    name: str
    index: int | None = None
    server_name: str = ""
    host_api: str = ""


def list_devices(direction: Direction) -> tuple[SoundDevice, ...]:
    """What can be chosen now; the system's default is not among them. Blocks for some tens of
    milliseconds. Empty where there is nothing, PortAudio included."""
    server = ask_sound_server()
    if server is not None:
        return server_devices(server, direction)
    try:
        portaudio = _portaudio()
        portaudio.rescan()
        devices, apis = portaudio.query_devices()
        if portaudio.has_streams():
            devices, apis = _ask_child() or (devices, apis)
    except Exception:  # noqa: BLE001 # a missing library or a broken driver: no devices
        return ()
    return portaudio_devices(devices, apis, direction, sys.platform)


def find_device(wanted: str | int | None, direction: Direction) -> SoundDevice:
    """The device of a name or a number, or the system's default for None and "".

    Raises SourceNotFound with a remedy, and OSError where PortAudio is missing.
    """
    portaudio = _portaudio()
    server = ask_sound_server()
    if server is None:
        return _find_without_server(portaudio, wanted, direction)
    found = server_devices(server, direction)
    if wanted in {None, ""}:
        return _find_default(server, direction)
    device = pick(found, wanted)
    if device is None:
        raise SourceNotFound(_explain_missing(wanted, found, direction))
    devices, _ = _query(portaudio)
    index = next((n for n, info in enumerate(devices) if info["name"] == "pulse"), None)
    return replace(device, index=index)


def is_present(device: SoundDevice, direction: Direction) -> bool:
    """False only when it is sure that a device is gone: of a default one, that there is none."""
    server = ask_sound_server()
    if server is None:
        return True  # the stream itself will tell
    if not device.server_name:
        default = server.default_sink if direction == "output" else server.default_source
        return not default.startswith(NO_DEVICE)
    names = [one.name for one in (server.sinks if direction == "output" else server.sources)]
    return device.server_name in names


def server_devices(server: ServerDevices, direction: Direction) -> tuple[SoundDevice, ...]:
    """Microphones first, then what the computer itself plays."""
    if direction == "output":
        found = [one for one in server.sinks if one.name != NO_DEVICE]
    else:
        found = [one for one in server.sources if not one.name.startswith(NO_DEVICE)]
        found.sort(key=lambda one: one.is_monitor)
    return _number(SoundDevice(one.description, server_name=one.name) for one in found)


def portaudio_devices(
    devices: Sequence[Mapping[str, Any]],
    apis: Sequence[Mapping[str, Any]],
    direction: Direction,
    platform: str,
) -> tuple[SoundDevice, ...]:
    """PortAudio's list without what is listed twice and without ALSA's many pseudo devices."""
    channels = f"max_{direction}_channels"
    found = [
        SoundDevice(str(info["name"]), index, host_api=str(apis[info["hostapi"]]["name"]))
        for index, info in enumerate(devices)
        if info[channels] > 0
    ]
    if platform == "win32":
        best = next((api for api in _HOST_APIS if any(one.host_api == api for one in found)), "")
        found = [one for one in found if one.host_api == best]
    elif platform.startswith("linux"):
        found = [
            replace(one, name=name)
            for one in found
            if (name := _name_of_alsa(one.name)) is not None
        ]
    return _number(found)


def pick(devices: Sequence[SoundDevice], wanted: str | int | None) -> SoundDevice | None:
    """By number, by name, or by what the server calls it."""
    if isinstance(wanted, int):
        return devices[wanted] if wanted < len(devices) else None
    return next((one for one in devices if wanted in {one.name, one.server_name}), None)


def _portaudio() -> Any:
    return importlib.import_module("app.media.portaudio")


def _query(portaudio: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Not empty: PortAudio lists nothing when the server was not there at its start."""
    try:
        devices, apis = portaudio.query_devices()
        if not devices and portaudio.rescan():
            devices, apis = portaudio.query_devices()
    except portaudio.PortAudioError as error:
        raise SourceNotFound(f"the sound system fails: {error}") from error
    return devices, apis


def _ask_child() -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """PortAudio's list as a process sees it that begins now: ours cannot be renewed while it plays.
    None where there is no Python to ask, as in the packaged program: the list is then the old one.
    """
    if is_packaged():
        return None
    try:
        answer = subprocess.run(  # our own interpreter and our own words
            [sys.executable, "-c", _CHILD],
            capture_output=True,
            timeout=CHILD_TIMEOUT_S,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        devices, apis = msgspec.json.decode(answer.stdout, type=_Lists)
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return None
    return devices, apis


def _find_default(server: ServerDevices, direction: Direction) -> SoundDevice:
    """By its real name, but without the server's: the default may change while it is used."""
    name = server.default_sink if direction == "output" else server.default_source
    every = server.sinks if direction == "output" else server.sources
    device = next((one for one in every if one.name == name), None)
    if device is None or device.name.startswith(NO_DEVICE):
        raise SourceNotFound(_explain_missing(None, (), direction))
    return SoundDevice(device.description)


def _find_without_server(
    portaudio: Any, wanted: str | int | None, direction: Direction
) -> SoundDevice:
    found: tuple[SoundDevice, ...] = ()
    for _ in range(2):
        devices, apis = _query(portaudio)
        found = portaudio_devices(devices, apis, direction, sys.platform)
        device = pick(found, wanted)
        if device is not None:
            return device
        default = next((api[f"default_{direction}_device"] for api in apis), -1)
        if wanted in {None, ""} and default >= 0:
            return SoundDevice(_name_of_alsa(devices[default]["name"]) or "")
        if not portaudio.rescan():
            break
    raise SourceNotFound(_explain_missing(wanted, found, direction))


def _name_of_alsa(name: str) -> str | None:
    """None for a plug-in of ALSA that is no device (dmix, surround51, ...)."""
    if _HARDWARE.search(name):
        return _HARDWARE.sub("", name).strip()
    return _SERVERS.get(name)


def _number(devices: Iterable[SoundDevice]) -> tuple[SoundDevice, ...]:
    """Each name once."""
    seen: dict[str, int] = {}
    numbered = []
    for device in devices:
        count = seen[device.name] = seen.get(device.name, 0) + 1
        numbered.append(device if count == 1 else replace(device, name=f"{device.name} #{count}"))
    return tuple(numbered)


def _explain_missing(
    wanted: str | int | None, found: Sequence[SoundDevice], direction: Direction
) -> str:
    what = "microphone" if direction == "input" else "loudspeaker"
    if not found and wanted in {None, ""}:
        remedy = ", or choose tone or none" if direction == "input" else ""
        return f"there is no {what}: plug one in{remedy}"
    names = ", ".join(f"{number}: {one.name}" for number, one in enumerate(found)) or "none"
    return f"the {what} {wanted} is not there (there are {names})"
