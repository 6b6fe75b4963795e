"""What can be captured here, as the texts that name it."""

from __future__ import annotations

from app.media.capture.devices import Devices, has_screen, list_cameras, list_microphones


def list_sources() -> tuple[str, ...]:
    """The texts for `--source` and `--audio`. Blocks for some tens of milliseconds."""
    found = Devices(list_cameras(), list_microphones(), has_screen=has_screen())
    devices = (*found.screens, *found.windows, *found.cameras, *found.microphones)
    addresses = tuple(device.address for device in devices)
    return ("screen", *addresses) if found.has_screen else addresses
