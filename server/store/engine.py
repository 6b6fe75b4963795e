"""SQLAlchemy engines as the store needs them.

SQLite: one writer connection that alone checkpoints, and read-only connections that cannot. The
SQLite linked into common Pythons (3.40.1 among them) can corrupt a WAL database when two
connections write or checkpoint at once (fixed in 3.51.3), so there is never a second writer.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from server.errors import SettingsError
from server.text import is_storable
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

BUSY_TIMEOUT_MS: Final = 5_000
"""Another process (a backup) may hold the file for a moment."""
WAL_BYTES_MAX: Final = 64 * 1024 * 1024
"""What is left of the write-ahead log after a checkpoint."""
READERS: Final = 2
POSTGRESQL_CONNECTIONS: Final = 4
CONNECT_TIMEOUT_S: Final = 5


def parse_url(text: str) -> URL:
    """Raises SettingsError unless it names a SQLite file or a PostgreSQL database."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise SettingsError("the database address is not one that SQLAlchemy knows") from None
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise SettingsError("the SQLite address names no file: sqlite:////folder/file.db")
    elif backend != "postgresql":
        raise SettingsError(f"{backend} is not supported: use SQLite or postgresql+psycopg://...")
    return url


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def sqlite_url(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def create_writer(url: URL) -> Engine:
    """SQLite's only writer, or PostgreSQL's pool for reads and writes alike."""
    path = sqlite_path(url)
    if path is None:
        return _create_postgresql(url)
    engine = _create_sqlite(lambda: _connect_sqlite(path, read_only=False), size=1)
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def create_reader(path: Path) -> Engine:
    """Read-only connections to a SQLite file that a writer has open."""
    engine = _create_sqlite(lambda: _connect_sqlite(path, read_only=True), size=READERS)
    _begin_with(engine, "BEGIN")
    return engine


def open_read_only(path: Path) -> sqlite3.Connection:
    """A plain connection that cannot change or checkpoint the file: for backup and check."""
    return _connect_sqlite(path, read_only=True)


class Wiped(NamedTuple):
    """What came of it; it is complete when both are true."""

    is_log_empty: bool
    """False where a reader still needs the log: try again."""
    is_rewritten: bool

    @property
    def is_done(self) -> bool:
        return self.is_log_empty and self.is_rewritten


def wipe(writer: Engine, *, rewrite_bytes_max: int | None) -> Wiped:
    """Leave nothing of deleted rows in the files: rewrite SQLite's pages, and empty its log.

    `secure_delete` clears rows as they are deleted; copies of them may stand in pages that were
    split before, and only a rewrite is sure of those. It costs as much as copying the database, so
    one that is larger than `rewrite_bytes_max` (None: any) is not rewritten now. PostgreSQL frees
    the rows' places and writes over them as it goes on.
    """
    if writer.dialect.name == "postgresql":
        with writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return Wiped(is_log_empty=True, is_rewritten=True)
    raw = writer.raw_connection()
    try:
        cursor = raw.cursor()
        bytes_ = _ask(cursor, "PRAGMA page_count") * _ask(cursor, "PRAGMA page_size")
        is_rewritten = rewrite_bytes_max is None or bytes_ <= rewrite_bytes_max
        if is_rewritten:
            cursor.execute("VACUUM")
        is_log_empty = _ask(cursor, "PRAGMA wal_checkpoint(TRUNCATE)") == 0
        cursor.close()
    finally:
        raw.close()
    return Wiped(is_log_empty, is_rewritten)


def _ask(cursor: Any, statement: str) -> int:
    return int(cursor.execute(statement).fetchone()[0])


def _create_sqlite(connect: Callable[[], sqlite3.Connection], *, size: int) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        # What people write stands in parameters, and errors end in the log.
        hide_parameters=True,
    )
    event.listen(engine, "before_cursor_execute", _refuse_unstorable)
    return engine


def _connect_sqlite(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        # SQLAlchemy's pool hands a connection to one thread at a time.
        check_same_thread=False,
        # Transactions begin with the statement that `_begin_with` names, not when Python thinks.
        isolation_level=None,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )
    pragmas = ["foreign_keys=ON", "trusted_schema=OFF"]
    if read_only:
        pragmas += ["query_only=ON", "wal_autocheckpoint=0"]
    else:
        pragmas += ["journal_mode=WAL", "synchronous=FULL", f"journal_size_limit={WAL_BYTES_MAX}"]
        # What is deleted is overwritten, not only let go of.
        pragmas += ["secure_delete=ON"]
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _create_postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_size=POSTGRESQL_CONNECTIONS,
            max_overflow=0,
            hide_parameters=True,
            pool_pre_ping=True,
            # Writes must mean here what they mean under SQLite's single writer; the store runs
            # a transaction again when PostgreSQL finds that it cannot be put in an order.
            isolation_level="SERIALIZABLE",
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"PostgreSQL needs the package {error.name}: install livehouse[postgresql]"
        ) from None
    event.listen(engine, "before_cursor_execute", _refuse_unstorable)
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)

    event.listen(engine, "begin", on_begin)


def _refuse_unstorable(
    _connection: Any, _cursor: Any, _statement: str, parameters: Any, *_rest: Any
) -> None:
    """Half a surrogate pair raises deep inside the driver, NUL only in PostgreSQL's."""
    rows = parameters if isinstance(parameters, list) else (parameters,)
    for row in rows:
        for value in row.values() if isinstance(row, dict) else row or ():
            if isinstance(value, str) and not is_storable(value):
                raise WireError(
                    ErrorCode.INVALID_VALUE, "text with NUL or half a surrogate pair is refused"
                )
