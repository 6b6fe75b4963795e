"""What is plugged in, by the names that people know. Asked anew each time."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

CAMERAS_MAX = 8


@dataclass(frozen=True, slots=True)
class Device:
    """`address` is a source's text, as `parse_source` takes it."""

    address: str
    name: str


def list_cameras(folder: Path = Path("/sys/class/video4linux")) -> tuple[Device, ...]:
    """Where the system does not tell, the first camera, which may not be there."""
    if not sys.platform.startswith("linux"):
        return (Device("camera:0", "camera 0"),)
    found = []
    for entry in sorted(folder.glob("video*"))[:CAMERAS_MAX]:
        number = entry.name.removeprefix("video")
        if not number.isdigit():
            continue
        try:
            name = (entry / "name").read_text("utf-8").strip()
        except (OSError, UnicodeError):
            name = f"camera {number}"
        found.append(Device(f"camera:{number}", name))
    return tuple(found)


def list_microphones() -> tuple[Device, ...]:
    """None where PortAudio is missing. Blocks for some tens of milliseconds."""
    try:
        sounddevice = importlib.import_module("sounddevice")
        inputs = [info for info in sounddevice.query_devices() if info["max_input_channels"] > 0]
    except Exception:  # noqa: BLE001 # a missing library or a broken sound driver: no microphones
        return ()
    return tuple(Device(f"mic:{number}", str(info["name"])) for number, info in enumerate(inputs))


def has_screen() -> bool:
    """Whether `screen` can be captured here."""
    return sys.platform in {"win32", "darwin"} or bool(os.environ.get("DISPLAY"))
