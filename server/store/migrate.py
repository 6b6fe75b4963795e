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

    Raises StoreError for a damaged or newer database, or one that cannot be reached.
    """
    try:
        if sqlite_file is not None:
            _check_sqlite(engine)
        current = read_revision(engine)
        missing = _missing(current)
        if missing and current is not None and sqlite_file is not None:
            _back_up(sqlite_file, current)
        for revision in missing:
            _upgrade(engine, revision)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(_describe(error, sqlite_file)) from None
    return len(missing)


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


def _upgrade(engine: Engine, index: int) -> None:
    revision = REVISIONS[index]
    with engine.begin() as connection:
        _lock_for_migration(connection)
        context = MigrationContext.configure(connection)
        if revision.REVISION in context.get_current_heads():
            return
        revision.upgrade(Operations(context))
        _version_table.create(connection, checkfirst=True)
        connection.execute(_version_table.delete())
        connection.execute(_version_table.insert().values(version_num=revision.REVISION))


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


def _back_up(sqlite_file: Path, revision: str) -> None:
    folder = sqlite_file.parent / BACKUP_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy_database(sqlite_file, folder / f"before-migration-{revision}-{stamp}.db")


def _describe(error: SQLAlchemyError | sqlite3.Error, sqlite_file: Path | None) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause).split())[:200]
    if sqlite_file is not None:
        if isinstance(cause, sqlite3.DatabaseError) and "not a database" in words:
            return f"{sqlite_file} is not a Livehouse database"
        return f"the database {sqlite_file} cannot be used: {words}"
    return f"the PostgreSQL database cannot be used: {words}"
