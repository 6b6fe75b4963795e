"""Bring a database to the newest schema, or say in one line why not."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from server.errors import StoreError
from server.store.backup import BACKUP_FOLDER, CheckReport, copy_database
from server.store.engine import create_writer, parse_url
from server.store.migrations import HEAD, REVISIONS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine


_version_table: Final = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
)


def migrate(engine: Engine, sqlite_file: Path | None) -> int:
    """Run the steps that are missing; a SQLite file is copied first. Returns how many ran.

    All of them or none: they are one transaction. Raises StoreError for a damaged or newer
    database, one that cannot be reached, and a step that fails.
    """
    try:
        if sqlite_file is not None:
            _check_sqlite(engine)
        current = read_revision(engine)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(_describe(error, sqlite_file)) from None
    if not _missing(current):
        return 0
    copy = None
    if current is not None and sqlite_file is not None:
        copy = _back_up(sqlite_file, current)
    try:
        with engine.begin() as connection:
            return _upgrade(connection)
    except Exception as error:
        if current is None and isinstance(error, (SQLAlchemyError, sqlite3.Error)):
            raise StoreError(_describe(error, sqlite_file)) from None
        raise StoreError(_describe_failure(error, current, copy)) from error


def read_revision(engine: Engine) -> str | None:
    """The schema's revision; None for an empty database."""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    if len(heads) > 1:
        raise StoreError("the database names more than one schema version")
    return heads[0] if heads else None


def check_schema(database_url: str) -> CheckReport:
    """For PostgreSQL, which looks after its own integrity: the schema's version."""
    engine = create_writer(parse_url(database_url))
    try:
        schema = read_revision(engine)
    except SQLAlchemyError as error:
        raise StoreError(_describe(error, None)) from None
    finally:
        engine.dispose()
    problems = () if schema == HEAD else (f"the schema is {schema}, this program's is {HEAD}",)
    return CheckReport(ok=not problems, schema=schema, schema_expected=HEAD, problems=problems)


def _missing(current: str | None) -> list[int]:
    names = [revision.REVISION for revision in REVISIONS]
    if current is None:
        return list(range(len(names)))
    if current not in names:
        raise StoreError(
            f"the database has schema {current}, this program knows up to {HEAD}: "
            "it was made by a newer Livehouse; use that one, or restore a backup"
        )
    return list(range(names.index(current) + 1, len(names)))


def _upgrade(connection: Connection) -> int:
    _lock_for_migration(connection)
    context = MigrationContext.configure(connection)
    # Another relay may have done it while this one waited for the lock.
    heads = context.get_current_heads()
    missing = _missing(heads[0] if heads else None)
    for index in missing:
        REVISIONS[index].upgrade(Operations(context))
    _version_table.create(connection, checkfirst=True)
    connection.execute(_version_table.delete())
    connection.execute(_version_table.insert().values(version_num=REVISIONS[-1].REVISION))
    return len(missing)


def _lock_for_migration(connection: Connection) -> None:
    """Two relays that start at once on one PostgreSQL run each step once."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7788001)"))


def _check_sqlite(engine: Engine) -> None:
    with engine.connect() as connection:
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if verdict != "ok":
        words = " ".join(str(verdict).split())
        raise StoreError(f"the database is damaged ({words}): restore a backup")


def _back_up(sqlite_file: Path, revision: str) -> Path:
    folder = sqlite_file.parent / BACKUP_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy = folder / f"before-migration-{revision}-{stamp}.db"
    copy_database(sqlite_file, copy)
    return copy


def _describe(error: SQLAlchemyError | sqlite3.Error, sqlite_file: Path | None) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split())[:200]
    if sqlite_file is not None:
        if isinstance(cause, sqlite3.DatabaseError) and "not a database" in words:
            return f"{sqlite_file} is not a Livehouse database"
        return f"the database {sqlite_file} cannot be used: {words}"
    return f"the PostgreSQL database cannot be used: {words}"


def _describe_failure(error: Exception, current: str | None, copy: Path | None) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split())[:200] or type(cause).__name__
    kept = f" A copy of it is {copy}." if copy is not None else ""
    return (
        f"the database could not be brought from schema {current or 'none'} to "
        f"{REVISIONS[-1].REVISION} ({words}). It is as it was: go on with the version of Livehouse "
        f"that used it before, and report this.{kept}"
    )
