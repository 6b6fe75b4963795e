"""All database work of the relay, off its loop, one transaction at a time.

SQLite: writes in one thread on the only writer connection, reads in two threads on read-only
ones. PostgreSQL: four threads and connections for both. At most `queue_max` pieces of work wait;
beyond that a caller is told "busy" at once instead of waiting behind them.

`work` is a plain function of a Session. It may run again from the start (PostgreSQL, when two
transactions cannot be put in an order), so it changes nothing outside its session.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session

from server.store import engine as engines
from server.store.migrate import migrate
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from server.store.engine import Wiped

T = TypeVar("T")

SERIALIZATION_TRIES_MAX: Final = 10
"""PostgreSQL: how often one piece of work may run before it fails."""
UNIQUE_TRIES_MAX: Final = 3
"""PostgreSQL tells a transaction that was late by a moment that its key is there already; when it
runs again it finds the row."""
_RETRY_PAUSE_S: Final = 0.005
_LOG_INTERVAL_S: Final = 5.0
"""A full disk fails every write; the log says so this often at most."""
_UNIQUE_STATE: Final = "23505"
_SERIALIZATION_STATES: Final = frozenset({"40001", "40P01"})

_log = structlog.get_logger(__name__)


def nothing_more(_session: Session) -> None:
    """For a transaction that others may add to: what they add where they add nothing."""


class Store:
    """The database. `read` and `write` belong to the loop; `close` waits for what is queued."""

    @classmethod
    def open(cls, url: str, *, queue_max: int) -> Self:
        """Open, check and bring up to date. Raises StoreError or SettingsError with one line."""
        parsed = engines.parse_url(url)
        path = engines.sqlite_path(parsed)
        writer = engines.create_writer(parsed)
        try:
            migrate(writer, path)
        except BaseException:
            writer.dispose()
            raise
        reader = engines.create_reader(path) if path is not None else writer
        return cls(writer, reader, queue_max=queue_max)

    def __init__(self, writer: Engine, reader: Engine, *, queue_max: int) -> None:
        self._writer = writer
        self._reader = reader
        self._queue_max = queue_max
        self._queued = 0
        self._lock = threading.Lock()
        self._logged_at_mono = -_LOG_INTERVAL_S
        if reader is writer:
            self._write_threads = ThreadPoolExecutor(
                engines.POSTGRESQL_CONNECTIONS, thread_name_prefix="store"
            )
            self._read_threads = self._write_threads
        else:
            self._write_threads = ThreadPoolExecutor(1, thread_name_prefix="store-write")
            self._read_threads = ThreadPoolExecutor(
                engines.READERS, thread_name_prefix="store-read"
            )

    @property
    def queue_depth(self) -> int:
        """Pieces of work that wait or run."""
        return self._queued

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that changes nothing."""
        return await self._submit(self._read_threads, lambda: self._run(self._reader, work))

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction. When this returns, its changes are on disk.

        Raises WireError: BUSY, STORAGE_FAILED, or what `work` raised (nothing is changed then).
        """
        return await self._submit(self._write_threads, lambda: self._run(self._writer, work))

    async def wipe(self, *, rewrite_bytes_max: int | None) -> Wiped:
        """Leave no trace of deleted rows in the files; see `engine.wipe`.

        Writes wait meanwhile, for a rewrite as long as the whole database takes to copy. Raises
        WireError.
        """
        return await self._submit(self._write_threads, lambda: self._wipe(rewrite_bytes_max))

    def _wipe(self, rewrite_bytes_max: int | None) -> Wiped:
        try:
            return engines.wipe(self._writer, rewrite_bytes_max=rewrite_bytes_max)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._storage_failed(error) from None

    def close(self) -> None:
        """Finish the queue and close the connections; SQLite folds its log into the file."""
        self._write_threads.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        if self._reader is not self._writer:
            self._reader.dispose()
        self._writer.dispose()

    async def _submit(self, threads: ThreadPoolExecutor, run: Callable[[], T]) -> T:
        with self._lock:
            if self._queued >= self._queue_max:
                raise WireError(
                    ErrorCode.BUSY, "the relay's database is busy", retry_after_ms=1_000
                )
            self._queued += 1
        try:
            future = threads.submit(run)
        except RuntimeError:
            self._on_done(None)
            raise WireError(ErrorCode.SHUTTING_DOWN, "the relay is shutting down") from None
        future.add_done_callback(self._on_done)
        return await asyncio.wrap_future(future)

    def _on_done(self, _future: Future[T] | None) -> None:
        with self._lock:
            self._queued -= 1

    def _run(self, engine: Engine, work: Callable[[Session], T]) -> T:
        """In a store thread: one transaction, run again where PostgreSQL asks for it."""
        for attempt in range(SERIALIZATION_TRIES_MAX):
            try:
                return _transact(engine, work)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                is_late = state == _UNIQUE_STATE and attempt < UNIQUE_TRIES_MAX - 1
                if state not in _SERIALIZATION_STATES and not is_late:
                    raise self._storage_failed(error) from None
                time.sleep(_RETRY_PAUSE_S * attempt)
            except SQLAlchemyError as error:
                raise self._storage_failed(error) from None
        raise WireError(ErrorCode.BUSY, "the relay's database is busy", retry_after_ms=1_000)

    def _storage_failed(self, error: SQLAlchemyError | sqlite3.Error) -> WireError:
        cause = getattr(error, "orig", None) or error
        is_full = "disk is full" in str(cause) or getattr(cause, "sqlstate", None) == "53100"
        now = time.monotonic()
        with self._lock:
            is_due = now - self._logged_at_mono >= _LOG_INTERVAL_S
            if is_due:
                self._logged_at_mono = now
        if is_due:
            # PostgreSQL's further lines quote the row, and rows are people's.
            detail = str(cause).partition("\n")[0][:200]
            _log.error("storage failed", error=type(cause).__name__, detail=detail)
        words = "the relay's disk is full" if is_full else "the relay could not store or read this"
        return WireError(ErrorCode.STORAGE_FAILED, words, retry_after_ms=5_000)


def _transact(engine: Engine, work: Callable[[Session], T]) -> T:
    session = Session(engine, expire_on_commit=False)
    try:
        with session.begin():
            return work(session)
    finally:
        # After a failed commit on a full disk even the rollback may fail; its words add nothing.
        with suppress(SQLAlchemyError):
            session.close()
