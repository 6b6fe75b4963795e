"""What can be captured here, as the texts that name it."""

from __future__ import annotations

import json

from app.media.capture.devices import Devices, has_screen, list_cameras, list_microphones


def list_sources() -> tuple[str, ...]:
    """The texts for `--source` and `--audio`. Blocks for some tens of milliseconds."""
    found = Devices(list_cameras(), list_microphones(), has_screen=has_screen())
    devices = (*found.screens, *found.windows, *found.cameras, *found.microphones)
    addresses = tuple(device.address for device in devices)
    return ("screen", *addresses) if found.has_screen else addresses


def describe_sources(*, as_json: bool) -> str:
    """`livehouse devices`: one a line, or a list in JSON."""
    sources = list_sources()
    if as_json:
        return json.dumps(sources, ensure_ascii=False) + "\n"
    if not sources:
        return "no camera, screen or microphone was found; testcard and tone are always there\n"
    return "".join(f"{address}\n" for address in sources)
