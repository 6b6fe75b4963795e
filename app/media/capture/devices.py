"""What is plugged in and what is open, by the names that people know. Asked anew each time."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.media.capture.screen import list_monitors
from app.media.capture.window import list_windows
from app.media.errors import SourceNotFound
from app.media.sound_devices import list_devices

CAMERAS_MAX: Final = 8
CAMERAS: Final = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class Device:
    """`address` is a source's text, as `parse_source` takes it."""

    address: str
    name: str


def list_cameras(folder: Path = CAMERAS) -> tuple[Device, ...]:
    """By name; by number where the system does not tell one."""
    if not sys.platform.startswith("linux"):
        return (Device("camera:0", "camera 0"),)
    return tuple(
        Device(f"camera:{name or number}", name or f"camera {number}")
        for number, name in _read_cameras(folder)[:CAMERAS_MAX]
    )


def find_camera(device: int | str, folder: Path = CAMERAS) -> int:
    """The number of a camera now. Raises SourceNotFound."""
    if isinstance(device, int):
        return device
    cameras = _read_cameras(folder) if sys.platform.startswith("linux") else []
    for number, name in cameras:
        if name == device:
            return number
    raise SourceNotFound(f"the camera {device} is not there: plug it in, or choose testcard")


def list_microphones() -> tuple[Device, ...]:
    """Empty where PortAudio is missing. Blocks for some tens of milliseconds."""
    return tuple(Device(f"mic:{device.name}", device.name) for device in list_devices("input"))


def list_screens() -> tuple[Device, ...]:
    """Each by itself, named by its size; empty where there is one, or only all together."""
    monitors = list_monitors()
    if len(monitors) < 2:
        return ()
    return tuple(
        Device(f"screen:{number}", f"{area.width} x {area.height}")
        for number, area in enumerate(monitors)
    )


def list_open_windows() -> tuple[Device, ...]:
    """Windows of other programs, by title."""
    return tuple(
        Device(f"window:{window.id:#x} {window.title}", window.title) for window in list_windows()
    )


def has_screen() -> bool:
    """Whether `screen` can be captured here."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY"))


def _read_cameras(folder: Path) -> list[tuple[int, str]]:
    """Number and name, in the order of their numbers; each name once, "" where there is none.

    A camera has further nodes that give no picture (metadata): all but its first are passed over.
    """
    found: list[tuple[int, str]] = []
    counts: dict[str, int] = {}
    numbers = [entry.name.removeprefix("video") for entry in folder.glob("video*")]
    for number in sorted(int(number) for number in numbers if number.isdecimal()):
        entry = folder / f"video{number}"
        if _read(entry / "index") not in {"", "0"}:
            continue
        # A name of digits alone would be taken for a number.
        name = _read(entry / "name")
        name = f"camera {name}" if name.isdecimal() else name
        count = counts[name] = counts.get(name, 0) + 1
        found.append((number, f"{name} #{count}" if name and count > 1 else name))
    return found


def _read(path: Path) -> str:
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeError):
        return ""
    return "".join(sign for sign in text if sign.isprintable())


@dataclass(frozen=True, slots=True)
class Devices:
    """What a menu of sources offers; what is not given is looked for at once, which may block
    for some milliseconds."""

    cameras: tuple[Device, ...] = ()
    microphones: tuple[Device, ...] = ()
    has_screen: bool = False
    screens: tuple[Device, ...] = field(default_factory=list_screens)
    windows: tuple[Device, ...] = field(default_factory=list_open_windows)
