"""The window's settings on disk. Written at once, by replacing.

A broken file is told and kept beside it; what only another version knows is written back as it was.
"""

from __future__ import annotations

import contextlib
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
        self.preferences, self._passed_over = _read(path)
        self.is_written = True
        """False from a write that failed until one succeeds, which then has all."""

    def put(self, name: str, value: object) -> Preferences:
        """Raises BadInput."""
        self.preferences = self.preferences.put(name, value)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".new")
            text = msgspec.json.encode({**self._passed_over, **dict(self.preferences.chosen)})
            temporary.write_bytes(msgspec.json.format(text))
            temporary.replace(self._path)
            self.is_written = True
        except OSError as error:
            self.is_written = False
            _log.warning("settings cannot be written: %s", error)
        return self.preferences


def _read(path: Path) -> tuple[Preferences, dict[str, object]]:
    preferences, passed_over = Preferences(), dict[str, object]()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except FileNotFoundError:
        return preferences, passed_over
    except (OSError, msgspec.DecodeError) as error:
        _log.warning("settings cannot be read, the defaults are used: %s", error)
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".broken"))
        return preferences, passed_over
    for name, value in found.items():
        try:
            preferences = preferences.put(name, value)
        except BadInput as error:
            _log.warning("a setting is passed over: %s", error.message)
            passed_over[name] = value
    return preferences, passed_over
