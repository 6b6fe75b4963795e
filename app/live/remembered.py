"""The relays that were joined before, in a small file. Nothing secret is in it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

RELAYS_MAX: Final = 12
_log: Final = logging.getLogger(__name__)


class RememberedRelay(Struct, frozen=True, kw_only=True):
    """One relay; its certificate's pin goes with it."""

    url: str
    pin: str | None = None


class _File(Struct, frozen=True, kw_only=True):
    relays: tuple[RememberedRelay, ...] = ()
    was_hosting: bool = False


class Remembered:
    """Read once, written at every change. A broken file is as good as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _read(path)

    @property
    def relays(self) -> tuple[RememberedRelay, ...]:
        """The newest first."""
        return self._file.relays

    @property
    def was_hosting(self) -> bool:
        """Whether the last choice was to host here."""
        return self._file.was_hosting

    def add(self, relay: RememberedRelay) -> None:
        others = tuple(known for known in self._file.relays if known.url != relay.url)
        self._write(_File(relays=(relay, *others)[:RELAYS_MAX], was_hosting=False))

    def host(self) -> None:
        self._write(_File(relays=self._file.relays, was_hosting=True))

    def _write(self, file: _File) -> None:
        if file == self._file:
            return
        self._file = file
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".new")
            temporary.write_bytes(msgspec.json.format(msgspec.json.encode(file)))
            temporary.replace(self._path)
        except OSError as error:
            _log.warning("the relays cannot be remembered: %s", error)


def _read(path: Path) -> _File:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError):
        return _File()
