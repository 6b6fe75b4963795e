"""Where session tokens rest: the system's keyring, or a file that only the user may read.

One entry a relay. Losing it means logging in again; nothing else is lost.
"""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

_SERVICE: Final = "livehouse"
_log: Final = logging.getLogger(__name__)


class Account(Struct, frozen=True, kw_only=True):
    """What lets this device in."""

    name: str
    token: str = ""
    device_token: str = ""
    password: str = ""
    """Only where the program itself made it up, on the relay hosted here."""

    def __repr__(self) -> str:
        return f"Account(name={self.name!r}, ***)"


class Vault:
    """Blocks (a keyring may ask its user): call it from a worker thread."""

    def __init__(self, folder: Path, *, uses_keyring: bool = True) -> None:
        self._path = folder / "accounts.json"
        self._uses_keyring = uses_keyring and _has_keyring()

    @property
    def is_keyring(self) -> bool:
        return self._uses_keyring

    def find(self, relay: str) -> Account | None:
        text = self._find_in_keyring(relay) if self._uses_keyring else None
        if text is None:
            return self._read_file().get(relay)
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(text, type=Account)
        return None

    def save(self, relay: str, account: Account) -> None:
        if self._uses_keyring and self._save_in_keyring(relay, account):
            return
        self._write_file({**self._read_file(), relay: account})

    def forget(self, relay: str) -> None:
        if self._uses_keyring:
            import keyring  # noqa: PLC0415 # loads the desktop's message bus
            from keyring.errors import KeyringError  # noqa: PLC0415 # the same

            with contextlib.suppress(KeyringError):
                keyring.delete_password(_SERVICE, relay)
        accounts = self._read_file()
        if accounts.pop(relay, None) is not None:
            self._write_file(accounts)

    def _find_in_keyring(self, relay: str) -> str | None:
        import keyring  # noqa: PLC0415 # as above
        from keyring.errors import KeyringError  # noqa: PLC0415 # as above

        try:
            return keyring.get_password(_SERVICE, relay)
        except KeyringError as error:
            _log.warning("the keyring does not answer: %s", error)
            return None

    def _save_in_keyring(self, relay: str, account: Account) -> bool:
        import keyring  # noqa: PLC0415 # as above
        from keyring.errors import KeyringError  # noqa: PLC0415 # as above

        try:
            keyring.set_password(_SERVICE, relay, msgspec.json.encode(account).decode())
        except KeyringError as error:
            _log.warning("the keyring took nothing, a file is used: %s", error)
            return False
        return True

    def _read_file(self) -> dict[str, Account]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Account])
        except (OSError, msgspec.DecodeError):
            return {}

    def _write_file(self, accounts: dict[str, Account]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(accounts))
        temporary.replace(self._path)


def _has_keyring() -> bool:
    """Whether there is one that keeps secrets; the null and the failing one do not."""
    try:
        import keyring  # noqa: PLC0415 # as above

        return float(keyring.get_keyring().priority) >= 1.0
    except Exception as error:  # noqa: BLE001 # any backend may break in any way while it loads
        _log.info("no keyring: %s", error)
        return False
