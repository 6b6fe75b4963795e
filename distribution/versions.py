"""What the systems want to know of a program: its version, its name, why it asks for the camera."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parent.parent / "pyproject.toml"
VERSION: Final[str] = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]

USAGE_TEXTS: Final = {
    "CFBundleName": "Livehouse",
    "CFBundleDisplayName": "Livehouse",
    "LSMinimumSystemVersion": "14.0",
    "NSHighResolutionCapable": True,
    "NSCameraUsageDescription": "Your camera is shown to your viewers while you are live.",
    "NSMicrophoneUsageDescription": "Your voice is heard by your viewers while you are live.",
    "NSScreenCaptureUsageDescription": "Your screen is shown to your viewers when you choose it.",
    "NSLocalNetworkUsageDescription": "Livehouse reaches relays in your own network.",
    "CFBundleLocalizations": ["en", "zh-Hans"],
    "CFBundleURLTypes": [
        {"CFBundleURLName": "Livehouse invite", "CFBundleURLSchemes": ["livehouse"]}
    ],
}
"""For macOS, which ends a program that opens a camera without having said why."""


def windows_version_file(name: str, description: str) -> str:
    """The text that PyInstaller makes a VERSIONINFO resource of."""
    numbers = (*(int(part) for part in VERSION.split(".")[:3]), 0)
    strings = {
        "CompanyName": "The Livehouse authors",
        "FileDescription": description,
        "FileVersion": VERSION,
        "InternalName": name,
        "LegalCopyright": "The Livehouse authors, MIT",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "Livehouse",
        "ProductVersion": VERSION,
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, "
        "flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)), "
        f"kids=[StringFileInfo([StringTable('040904B0', [{table}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
