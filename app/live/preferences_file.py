"""The window's settings on disk. Written at once, by replacing; a broken file is told and kept."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec

from app.errors import BadInput
from app.state.preferences import Preferences

_log: Final = logging.getLogger(__name__)


class PreferencesFile:
    """On the GUI thread: the file has three lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.preferences = _read(path)

    def put(self, name: str, value: object) -> Preferences:
        """Raises BadInput."""
        self.preferences = self.preferences.put(name, value)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".new")
            text = msgspec.json.encode(dict(self.preferences.chosen))
            temporary.write_bytes(msgspec.json.format(text))
            temporary.replace(self._path)
        except OSError as error:
            _log.warning("settings cannot be written: %s", error)
        return self.preferences


def _read(path: Path) -> Preferences:
    preferences = Preferences()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        return preferences
    except (OSError, msgspec.DecodeError) as error:
        _log.warning("settings cannot be read, the defaults are used: %s", error)
        return preferences
    for name, value in found.items():
        try:
            preferences = preferences.put(name, value)
        except BadInput as error:
            _log.warning("a setting is passed over: %s", error.message)
    return preferences
