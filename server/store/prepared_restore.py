"""A backup that takes the database's place at the next start: asked for while the relay runs.

The running relay only writes down which one. At the start, before anything opens the database, the
backup is checked, the present database is kept as one more backup, and only then replaced. The note
goes last, so a cut of power in between repeats the whole: every step may be done twice.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from server.errors import StoreError
from server.store.backup import check_database, copy_database, restore_database
from server.store.data_dir import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from server.store.data_dir import DataDir

BACKUP_DIR: Final = "backups"
BACKUP_SUFFIX: Final = ".db"
NOTE_FILE: Final = "restore-at-start"
_NOTE_BYTES_MAX: Final = 1_000

_log = structlog.get_logger(__name__)


def list_backups(data_dir: Path) -> list[Path]:
    """The relay's own, the newest first."""
    found = [
        path
        for path in (data_dir / BACKUP_DIR).glob(f"*{BACKUP_SUFFIX}")
        if path.is_file() and not path.is_symlink()
    ]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def find_backup(data_dir: Path, name: str) -> Path | None:
    """By its name alone: a name is never a way to another folder."""
    return next((path for path in list_backups(data_dir) if path.name == name), None)


def backup_path(data_dir: Path, word: str, now: dt.datetime) -> Path:
    """A new name in the folder, which is made where needed."""
    folder = data_dir / BACKUP_DIR
    folder.mkdir(mode=0o700, exist_ok=True)
    stem = f"{word}-{now:%Y%m%d-%H%M%S}"
    path = folder / f"{stem}{BACKUP_SUFFIX}"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}{BACKUP_SUFFIX}"
        number += 1
    return path


def prepare(data_dir: Path, name: str) -> None:
    """Note it for the next start; an empty name takes the note away. Raises StoreError."""
    note = data_dir / NOTE_FILE
    if not name:
        note.unlink(missing_ok=True)
        return
    path = find_backup(data_dir, name)
    if path is None:
        raise StoreError(f"there is no backup {name}")
    report = check_database(path)
    if not report.ok:
        raise StoreError(f"this is not a good backup: {report.problems[0]}")
    write_private(note, name.encode())


def prepared(data_dir: Path) -> str:
    """The backup that is noted; empty where none is."""
    try:
        with (data_dir / NOTE_FILE).open("rb") as file:
            return file.read(_NOTE_BYTES_MAX).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def carry_out(data_dir: DataDir, database: Path, now: dt.datetime) -> str:
    """At the start, with the folder's lock held. What was restored; empty where nothing was.

    A backup that is gone or damaged is passed over: the relay starts with what it has.
    """
    name = prepared(data_dir.path)
    if not name:
        return ""
    try:
        _restore(data_dir.path, name, database, now)
    except StoreError as error:
        _log.error("the prepared restore was not done", reason=str(error))
        name = ""
    with suppress(OSError):
        (data_dir.path / NOTE_FILE).unlink()
    if name:
        _log.info("restored", backup=name)
    return name


def _restore(folder: Path, name: str, database: Path, now: dt.datetime) -> None:
    """Raises StoreError."""
    backup = find_backup(folder, name)
    if backup is None:
        raise StoreError(f"there is no backup {name}")
    if database.exists():
        copy_database(database, backup_path(folder, "before-restore", now))
    restore_database(backup, database, force=True)
