"""Where secrets rest: the system's keyring, or a file that only the user may read.

One entry a relay for the account, and one for each private room that opened there. Losing them
means logging in and asking for an invite again; nothing else is lost.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

_SERVICE: Final = "livehouse"
_STREAMS: Final = "studio streams"
_SCENE: Final = "studio scene"
"""No relay's name holds a space."""
_log: Final = logging.getLogger(__name__)
_Entry = TypeVar("_Entry", bound=Struct)


class Account(Struct, frozen=True, kw_only=True):
    """What lets this device in."""

    name: str
    token: str = ""
    device_token: str = ""
    password: str = ""
    """Only where the program itself made it up, on the relay hosted here."""

    def __repr__(self) -> str:
        return f"Account(name={self.name!r}, ***)"


class RoomKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What opens a private room."""

    invite: str = ""
    passphrase: str = ""
    invite_id: str = ""
    """Only where the invite was made here, to be given to others."""

    def __repr__(self) -> str:
        return "RoomKey(***)"


class StoredTarget(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service that broadcasts are also streamed to."""

    target_id: str
    name: str
    address: str
    key: str
    is_enabled: bool = True
    crop: str = ""

    def __repr__(self) -> str:
        return f"StoredTarget(name={self.name!r}, ***)"


class StoredStreams(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ways out and in of this device's Studio."""

    stream_key: str = ""
    """What OBS shows at the room's own port."""
    targets: tuple[StoredTarget, ...] = ()

    def __repr__(self) -> str:
        return f"StoredStreams({len(self.targets)} targets, ***)"


class StoredAddresses(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of network streams in the scene, by a name made here: some hold a password."""

    addresses: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"StoredAddresses({len(self.addresses)}, ***)"


class Vault:
    """Blocks (a keyring may ask its user): call it from a worker thread."""

    def __init__(self, folder: Path, *, uses_keyring: bool = True) -> None:
        self._path = folder / "accounts.json"
        self._uses_keyring = uses_keyring and _has_keyring()
        self._lock = threading.Lock()
        """Around reading, changing and writing the file."""

    @property
    def is_keyring(self) -> bool:
        return self._uses_keyring

    def find(self, relay: str) -> Account | None:
        return self._find(relay, Account)

    def save(self, relay: str, account: Account) -> None:
        self._save(relay, account)

    def find_room_key(self, relay: str, room_id: str) -> RoomKey | None:
        return self._find(f"{relay} {room_id}", RoomKey)

    def save_room_key(self, relay: str, room_id: str, key: RoomKey) -> None:
        self._save(f"{relay} {room_id}", key)

    def find_streams(self) -> StoredStreams:
        return self._find(_STREAMS, StoredStreams) or StoredStreams()

    def save_streams(self, streams: StoredStreams) -> None:
        self._save(_STREAMS, streams)

    def find_addresses(self) -> StoredAddresses:
        return self._find(_SCENE, StoredAddresses) or StoredAddresses()

    def save_addresses(self, addresses: StoredAddresses) -> None:
        self._save(_SCENE, addresses)

    def forget(self, relay: str) -> None:
        """The account; keys of rooms stay, whoever logs in."""
        if self._uses_keyring:
            import keyring  # noqa: PLC0415 # loads the desktop's message bus
            from keyring.errors import KeyringError  # noqa: PLC0415 # the same

            with contextlib.suppress(KeyringError):
                keyring.delete_password(_SERVICE, relay)
        with self._lock:
            entries = self._read_file()
            if entries.pop(relay, None) is not None:
                self._write_file(entries)

    def _find(self, name: str, kind: type[_Entry]) -> _Entry | None:
        text = self._find_in_keyring(name) if self._uses_keyring else None
        entry = text if text is not None else self._read_file().get(name)
        if entry is None:
            return None
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(entry, type=kind)
        return None

    def _save(self, name: str, entry: Struct) -> None:
        packed = msgspec.json.encode(entry)
        if self._uses_keyring and self._save_in_keyring(name, packed.decode()):
            return
        with self._lock:
            self._write_file({**self._read_file(), name: msgspec.Raw(packed)})

    def _find_in_keyring(self, name: str) -> str | None:
        import keyring  # noqa: PLC0415 # as above
        from keyring.errors import KeyringError  # noqa: PLC0415 # as above

        try:
            return keyring.get_password(_SERVICE, name)
        except KeyringError as error:
            _log.warning("the keyring does not answer: %s", error)
            return None

    def _save_in_keyring(self, name: str, text: str) -> bool:
        import keyring  # noqa: PLC0415 # as above
        from keyring.errors import KeyringError  # noqa: PLC0415 # as above

        try:
            keyring.set_password(_SERVICE, name, text)
        except KeyringError as error:
            _log.warning("the keyring took nothing, a file is used: %s", error)
            return False
        return True

    def _read_file(self) -> dict[str, msgspec.Raw]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, msgspec.Raw])
        except (OSError, msgspec.DecodeError):
            return {}

    def _write_file(self, entries: dict[str, msgspec.Raw]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(entries))
        temporary.replace(self._path)


def _has_keyring() -> bool:
    """Whether there is one that keeps secrets; the null and the failing one do not."""
    try:
        import keyring  # noqa: PLC0415 # as above

        return float(keyring.get_keyring().priority) >= 1.0
    except Exception as error:  # noqa: BLE001 # any backend may break in any way while it loads
        _log.info("no keyring: %s", error)
        return False
