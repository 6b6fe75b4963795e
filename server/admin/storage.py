"""Database, disk and backups, seen and kept while the relay runs.

Copying and checking go on in a thread, one at a time; the page asks how far they are. Restoring is
only prepared here: it is done at the next start (server/store/prepared_restore.py), since nothing
that is in memory could survive its database.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.admin import queries
from server.admin.rules import BACKUP_EVERY_HOURS, BACKUPS_KEPT
from server.background import BackgroundTasks
from server.errors import StoreError
from server.store import prepared_restore
from server.store.backup import check_database, copy_database
from server.store.migrations import HEAD
from server.store.prepared_restore import BACKUP_SUFFIX
from wire.admin_events import BackupInfo, JobInfo, Storage
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.admin.service import HouseSettings
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.admin_commands import JobKind
    from wire.replay_events import RecordingShare

LOOK_S: Final = 600.0
"""How often it is asked whether a backup is due."""
BACKUPS_SHOWN_MAX: Final = 100
_WORDS_MAX: Final = 400
_OWN: Final = "livehouse"
"""What the relay's own backups begin with. Others in the folder are never removed by themselves."""

_log = structlog.get_logger(__name__)


class StorageKeeper:
    """Event loop's thread only; what touches the disk is done in threads."""

    def __init__(
        self,
        store: Store,
        *,
        data_dir: Path,
        database: Path | None,
        settings: HouseSettings,
        clocks: Clocks,
    ) -> None:
        """`database` is SQLite's file; None for PostgreSQL."""
        self._store = store
        self._data_dir = data_dir
        self._database = database
        self._settings = settings
        self._clocks = clocks
        self.look_at_recordings: Callable[[], Awaitable[RecordingShare]] | None = None
        self._job: JobInfo | None = None
        self._tasks = BackgroundTasks()

    async def close(self) -> None:
        """Wait for the copy that is under way: half of one is removed by itself."""
        while len(self._tasks):
            await self._tasks.wait_any()

    async def run(self) -> None:
        """Make a backup whenever one is due, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.back_up_if_due()

    async def back_up_if_due(self) -> bool:
        hours = self._settings.number(BACKUP_EVERY_HOURS)
        if not hours or self._database is None or self._is_busy():
            return False
        newest = await asyncio.to_thread(self._newest_own_unix_ms)
        if self._clocks.unix_ms() - newest < hours * 3_600_000:
            return False
        self._start("backup")
        return True

    async def look(self) -> Storage:
        seen = await asyncio.to_thread(self._look)
        if self.look_at_recordings is not None:
            seen = msgspec.structs.replace(seen, recordings=await self.look_at_recordings())
        if self._database is not None:
            return seen
        size = await self._store.read(queries.postgresql_bytes)
        return msgspec.structs.replace(seen, database_bytes=size)

    def start(self, kind: JobKind) -> None:
        """Raises WireError(WRONG_STATE) while another is under way, or where there is no file."""
        if self._database is None:
            raise WireError(
                ErrorCode.WRONG_STATE, "this relay's database is PostgreSQL: use pg_dump"
            )
        if self._is_busy():
            raise WireError(ErrorCode.WRONG_STATE, "a backup or a check is under way")
        self._start(kind)

    async def delete(self, name: str) -> None:
        """Raises WireError: NOT_FOUND, STORAGE_FAILED, WRONG_STATE for the prepared one."""
        if name == await asyncio.to_thread(prepared_restore.prepared, self._data_dir):
            raise WireError(ErrorCode.WRONG_STATE, "this backup is prepared for the next start")
        path = await asyncio.to_thread(prepared_restore.find_backup, self._data_dir, name)
        if path is None:
            raise no_such_backup()
        try:
            await asyncio.to_thread(path.unlink)
        except OSError as error:
            raise WireError(ErrorCode.STORAGE_FAILED, f"{error.strerror}") from None

    async def prepare_restore(self, name: str) -> None:
        """Raises WireError: NOT_FOUND, INVALID_VALUE for a damaged one, WRONG_STATE."""
        if self._database is None:
            raise WireError(
                ErrorCode.WRONG_STATE, "this relay's database is PostgreSQL: use pg_restore"
            )
        if (
            name
            and await asyncio.to_thread(prepared_restore.find_backup, self._data_dir, name) is None
        ):
            raise no_such_backup()
        try:
            await asyncio.to_thread(prepared_restore.prepare, self._data_dir, name)
        except StoreError as error:
            raise WireError(ErrorCode.INVALID_VALUE, str(error), field="name") from None
        except OSError as error:
            raise WireError(ErrorCode.STORAGE_FAILED, f"{error.strerror}") from None

    # --- within -------------------------------------------------------------------------------

    def _is_busy(self) -> bool:
        return self._job is not None and self._job.state == "running"

    def _start(self, kind: JobKind) -> None:
        self._note(kind, 0.0)
        self._tasks.start(self._run_job(kind), name=kind)

    async def _run_job(self, kind: JobKind) -> None:
        loop = asyncio.get_running_loop()

        def tell(share: float) -> None:
            loop.call_soon_threadsafe(self._note, kind, share)

        try:
            if kind == "backup":
                words = await asyncio.to_thread(self._back_up, tell)
                await asyncio.to_thread(self._remove_oldest)
            else:
                words = await asyncio.to_thread(self._check)
        except (StoreError, OSError) as error:
            _log.warning("storage job failed", kind=kind, error=str(error))
            self._finish(kind, "failed", str(error))
        else:
            self._finish(kind, "failed" if kind == "check" and words else "done", words)

    def _note(self, kind: JobKind, share: float) -> None:
        if share and not self._is_busy():
            return  # told late, after the end
        self._job = JobInfo(
            kind=kind,
            state="running",
            done_permille=min(999, round(share * 1_000)),
            at_unix_ms=self._clocks.unix_ms(),
        )

    def _finish(self, kind: JobKind, state: str, words: str) -> None:
        self._job = JobInfo(
            kind=kind,
            state="done" if state == "done" else "failed",
            done_permille=1_000,
            words=words[:_WORDS_MAX],
            at_unix_ms=self._clocks.unix_ms(),
        )

    # --- in a thread --------------------------------------------------------------------------

    def _back_up(self, tell: Callable[[float], None]) -> str:
        if self._database is None:
            raise StoreError("there is no file to copy")
        path = prepared_restore.backup_path(self._data_dir, _OWN, self._now())
        copy_database(self._database, path, on_progress=tell)
        return path.name

    def _check(self) -> str:
        if self._database is None:
            raise StoreError("there is no file to check")
        report = check_database(self._database)
        return "; ".join(report.problems)

    def _remove_oldest(self) -> None:
        kept = self._settings.number(BACKUPS_KEPT)
        noted = prepared_restore.prepared(self._data_dir)
        own = [path for path in prepared_restore.list_backups(self._data_dir) if _is_own(path)]
        for path in own[kept:]:
            if path.name != noted:
                path.unlink(missing_ok=True)

    def _newest_own_unix_ms(self) -> int:
        """0 where there is none."""
        for path in prepared_restore.list_backups(self._data_dir):
            if _is_own(path):
                return path.stat().st_mtime_ns // 1_000_000
        return 0

    def _look(self) -> Storage:
        usage = shutil.disk_usage(self._data_dir)
        return Storage(
            database="postgresql" if self._database is None else "sqlite",
            data_dir=str(self._data_dir),
            database_bytes=_size_of(self._database),
            disk_free_bytes=usage.free,
            disk_total_bytes=usage.total,
            schema=HEAD,
            backups=tuple(
                BackupInfo(
                    name=path.name,
                    bytes=path.stat().st_size,
                    made_at_unix_ms=path.stat().st_mtime_ns // 1_000_000,
                )
                for path in prepared_restore.list_backups(self._data_dir)[:BACKUPS_SHOWN_MAX]
            ),
            job=self._job,
            restores=prepared_restore.prepared(self._data_dir),
        )

    def _now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._clocks.unix_ms() / 1_000, dt.UTC)


def no_such_backup() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such backup", field="name")


def _is_own(path: Path) -> bool:
    return path.name.startswith(f"{_OWN}-") and path.name.endswith(BACKUP_SUFFIX)


def _size_of(database: Path | None) -> int:
    """SQLite's file and the log beside it."""
    if database is None:
        return 0
    parts = (database, database.with_name(database.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.is_file())
