"""Copy, restore and check a SQLite database; copying and checking work beside a running relay."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import msgspec

from server.errors import StoreError
from server.store.engine import open_read_only
from server.store.migrations import HEAD, REVISIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BACKUP_FOLDER: Final = "backups"
"""Beside the database: copies from before a new version changed it."""
_PAGES_AT_ONCE: Final = 1_000
"""The copy lets the relay write between two such steps."""
_PROBLEMS_MAX: Final = 20


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `check` found. `problems` is empty for a good database."""

    ok: bool
    schema: str | None
    schema_expected: str
    problems: tuple[str, ...] = ()


def copy_database(
    source: Path, destination: Path, *, on_progress: Callable[[float], None] | None = None
) -> None:
    """A consistent copy in one file, by SQLite's online backup; complete or not there at all.

    `on_progress` is called in this thread with the share that is copied, 0 to 1.
    """
    if destination.exists():
        raise StoreError(f"{destination} exists already")
    if not destination.parent.is_dir():
        raise StoreError(f"there is no folder {destination.parent}")
    partial = destination.with_name(destination.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            closing(open_read_only(source)) as origin,
            closing(sqlite3.connect(partial)) as copy,
        ):
            origin.backup(copy, pages=_PAGES_AT_ONCE, progress=_teller(on_progress))
            # One file that needs no log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        report = check_database(partial)
        if not report.ok:
            raise StoreError(f"the copy is damaged ({report.problems[0]}); nothing was written")
        _sync_to_disk(partial)
        partial.replace(destination)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot copy {source} to {destination}: {error}") from None
    finally:
        partial.unlink(missing_ok=True)


def restore_database(
    backup: Path,
    destination: Path,
    *,
    force: bool,
    on_progress: Callable[[float], None] | None = None,
) -> None:
    """Put a checked backup in the database's place. The relay must be stopped: hold its lock."""
    if not backup.is_file():
        raise StoreError(f"there is no file {backup}")
    if destination.exists() and not force:
        raise StoreError(f"{destination} exists; --force replaces it")
    report = check_database(backup)
    if not report.ok:
        raise StoreError(f"{backup} is not a good backup: {report.problems[0]}")
    fresh = destination.with_name(destination.name + ".restored")
    fresh.unlink(missing_ok=True)
    copy_database(backup, fresh, on_progress=on_progress)
    for suffix in ("-wal", "-shm"):
        destination.with_name(destination.name + suffix).unlink(missing_ok=True)
    fresh.replace(destination)


def list_backups(folder: Path) -> tuple[Path, ...]:
    """The copies that were made by themselves, beside the database in `folder`; oldest first."""
    found = (folder / BACKUP_FOLDER).glob("*.db")
    return tuple(sorted(found, key=lambda path: (path.stat().st_mtime, path.name)))


def remove_old_backups(folder: Path, *, now_unix_ms: int, days: int) -> int:
    """Remove copies older than so many days (0: none). Returns how many."""
    if not days:
        return 0
    limit_s = now_unix_ms / 1000 - days * 86_400
    old = [path for path in list_backups(folder) if path.stat().st_mtime < limit_s]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def check_database(path: Path) -> CheckReport:
    """Integrity of pages and indexes, foreign keys, and the schema's version."""
    if not path.is_file():
        raise StoreError(f"there is no database {path}")
    problems: list[str] = []
    schema: str | None = None
    try:
        with closing(open_read_only(path)) as connection:
            rows = connection.execute(f"PRAGMA integrity_check({_PROBLEMS_MAX})").fetchall()
            problems += [row[0] for row in rows if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(_PROBLEMS_MAX)
            problems += [f"a row of {row[0]} points to no row of {row[2]}" for row in broken]
            schema = _read_schema(connection)
    except sqlite3.Error as error:
        problems.append(str(error))
    if schema is None and not problems:
        problems.append("it is not a Livehouse database")
    if schema is not None and schema not in {revision.REVISION for revision in REVISIONS}:
        problems.append(f"schema {schema} is not known to this program (up to {HEAD})")
    return CheckReport(
        ok=not problems, schema=schema, schema_expected=HEAD, problems=tuple(problems)
    )


def _teller(
    on_progress: Callable[[float], None] | None,
) -> Callable[[int, int, int], None] | None:
    """What SQLite calls after each step with its state and the pages left and in all."""
    if on_progress is None:
        return None

    def tell(_state: int, pages_left: int, pages: int) -> None:
        on_progress(1.0 - pages_left / pages if pages else 1.0)

    return tell


def _read_schema(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    return str(row[0]) if row else None


def _sync_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
