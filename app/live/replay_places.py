"""Where each recording was left, in a small file: the next time it goes on from there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

PLACES_MAX: Final = 300
"""The oldest is forgotten."""
_log: Final = logging.getLogger(__name__)


class ReplayPlaces:
    """Read once, written when a recording is left. A broken file is as good as none.

    `find` and `keep` belong to one thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places = _read(path)

    def find(self, replay_id: str) -> int:
        """In milliseconds; 0 where it was never left."""
        return self._places.get(replay_id, 0)

    def keep(self, replay_id: str, at_ms: int) -> None:
        """0: it was seen to the end, or hardly begun. `save` is to follow."""
        self._places.pop(replay_id, None)
        if at_ms > 0:
            self._places[replay_id] = at_ms
        while len(self._places) > PLACES_MAX:
            self._places.pop(next(iter(self._places)))

    def save(self) -> None:
        """On a thread that may wait for the disk."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            spare = self._path.with_suffix(".new")
            spare.write_bytes(msgspec.json.encode(dict(self._places)))
            spare.replace(self._path)
        except OSError as error:
            _log.warning("where a recording was left is not kept: %s", error)


def _read(path: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return {}
