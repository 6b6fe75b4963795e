"""The relays that were joined before, in a small file. Nothing secret is in it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

RELAYS_MAX: Final = 12
ROOMS_MAX: Final = 8
"""Private rooms of one relay; each is asked after while Discover is in front."""
NAME_CHARACTERS_MAX: Final = 80
_log: Final = logging.getLogger(__name__)


class RememberedRelay(Struct, frozen=True, kw_only=True):
    """One relay; its certificate's pin goes with it."""

    url: str
    pin: str | None = None
    name: str = ""
    """For people: the title of the room that was entered there last."""
    rooms: tuple[str, ...] = ()
    """Ids of private rooms that have opened, the newest first: no list of the relay shows them."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    def is_same(self, other: RememberedRelay) -> bool:
        """A pinned relay is the same one under another address: routers give new ones."""
        return self.url == other.url or (self.pin is not None and self.pin == other.pin)


class _File(Struct, frozen=True, kw_only=True):
    relays: tuple[RememberedRelay, ...] = ()
    was_hosting: bool = False
    hosting_port: int = 0


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

    @property
    def hosting_port(self) -> int:
        """Where the relay of this computer listened last: links that were given out say so.
        0 before there was one."""
        return self._file.hosting_port

    def add(self, relay: RememberedRelay) -> None:
        """To the front, with what is known of it."""
        known = next((one for one in self.relays if one.is_same(relay)), relay)
        added = RememberedRelay(
            url=relay.url,
            pin=relay.pin,
            name=relay.name or known.name,
            rooms=relay.rooms or known.rooms,
        )
        others = tuple(one for one in self.relays if not one.is_same(relay))
        self._put(relays=(added, *others)[:RELAYS_MAX], was_hosting=False)

    def name(self, url: str, name: str) -> None:
        kept = " ".join(name.split())[:NAME_CHARACTERS_MAX]
        self._change(url, lambda relay: msgspec.structs.replace(relay, name=kept))

    def note_room(self, url: str, room_id: str) -> None:
        """A private room of the relay has opened."""

        def change(relay: RememberedRelay) -> RememberedRelay:
            others = tuple(known for known in relay.rooms if known != room_id)
            return msgspec.structs.replace(relay, rooms=(room_id, *others)[:ROOMS_MAX])

        self._change(url, change)

    def rooms_of(self, url: str) -> tuple[str, ...]:
        return next((relay.rooms for relay in self.relays if relay.url == url), ())

    def remove(self, url: str) -> None:
        others = tuple(relay for relay in self.relays if relay.url != url)
        self._put(relays=others)

    def host(self, port: int) -> None:
        self._put(was_hosting=True, hosting_port=port)

    def _change(self, url: str, change: Callable[[RememberedRelay], RememberedRelay]) -> None:
        relays = tuple(change(one) if one.url == url else one for one in self.relays)
        self._put(relays=relays)

    def _put(self, **changes: object) -> None:
        file = msgspec.structs.replace(self._file, **changes)
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
