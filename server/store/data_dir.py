"""The relay's folder: its lock, its secrets and where its database lies."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from typing import IO, TYPE_CHECKING, Final, Self

from server.errors import SettingsError
from server.store.engine import sqlite_url

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

DATABASE_FILE: Final = "livehouse.db"
LOCK_FILE: Final = "lock"
ROOM_KEY_SECRET_FILE: Final = "room-keys.secret"  # noqa: S105 # a file's name
SECRET_BYTES: Final = 32


class DataDir:
    """A folder that this process alone uses until `close`."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Make the folder where needed and lock it. Raises SettingsError with one line."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (path / LOCK_FILE).open("a+b")
        except OSError as error:
            raise SettingsError(f"cannot use the data folder {path}: {error.strerror}") from None
        try:
            _lock(lock)
        except OSError:
            lock.close()
            raise SettingsError(
                f"another relay is using the data folder {path}: stop it, or give --data-dir"
            ) from None
        return cls(path, lock)

    def __init__(self, path: Path, lock: IO[bytes]) -> None:
        self.path = path
        self._lock_file = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have the folder. May be called twice."""
        self._lock_file.close()

    @property
    def database_file(self) -> Path:
        return self.path / DATABASE_FILE

    def database_url(self, configured: str = "") -> str:
        """The configured address, or SQLite in this folder."""
        return configured or sqlite_url(self.database_file)

    def secret(self, name: str) -> bytes:
        """The secret kept in the file `name`, made at random the first time."""
        path = self.path / name
        try:
            if not path.exists():
                write_private(path, secrets.token_bytes(SECRET_BYTES))
            check_private(path)
            value = path.read_bytes()
        except OSError as error:
            raise SettingsError(f"cannot use the secret {path}: {error.strerror}") from None
        if len(value) != SECRET_BYTES:
            raise SettingsError(f"the secret {path} is damaged: remove it to get a new one")
        return value


def check_private(path: Path) -> None:
    """Refuse a secret that other users of this machine can read. Raises SettingsError."""
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingsError(f"other users can read the secret {path} (mode {mode:o}): chmod 600 it")


def write_private(path: Path, value: bytes) -> None:
    """Whole or not at all, and for the owner's eyes: a cut of power leaves no half secret."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
