"""Backups, checks and prepared restores of SQLite while the relay's services run."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.store import prepared_restore
from server.store.data_dir import DataDir
from server.store.store import Store
from tests.server_parts import Parts
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from wire.admin_events import JobInfo, Storage

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def open_parts(folder: Path, *, first_id: int = 1) -> Parts:
    database = folder / "livehouse.db"
    store = Store.open(f"sqlite:///{database}", queue_max=100)
    return Parts(store, first_id=first_id, data_dir=folder, database=database)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    made = open_parts(tmp_path)
    yield made
    await made.close()


async def finish(parts: Parts) -> tuple[Storage, JobInfo]:
    await parts.admin.storage.close()
    seen = await parts.admin.storage.look()
    assert seen.job is not None
    return seen, seen.job


async def test_backup_when_started_then_one_more_file_and_its_name_is_told(parts: Parts) -> None:
    await parts.register("Ada")
    parts.admin.storage.start("backup")
    with pytest.raises(WireError) as caught:
        parts.admin.storage.start("check")
    assert caught.value.code is ErrorCode.WRONG_STATE
    seen, job = await finish(parts)
    assert (job.state, job.done_permille) == ("done", 1_000)
    assert [one.name for one in seen.backups] == [job.words]
    assert seen.backups[0].bytes > 0
    assert seen.database_bytes > 0
    assert 0 < seen.disk_free_bytes <= seen.disk_total_bytes
    assert seen.recordings is not None
    assert seen.recordings.bytes_max > 0


async def test_check_when_good_then_done_without_words(parts: Parts) -> None:
    parts.admin.storage.start("check")
    _, job = await finish(parts)
    assert (job.kind, job.state, job.words) == ("check", "done", "")


async def test_backup_when_the_folder_cannot_be_made_then_failed_in_words(
    parts: Parts, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("in the way")
    parts.admin.storage.start("backup")
    _, job = await finish(parts)
    assert job.state == "failed"
    assert job.words


async def test_backup_when_due_then_made_by_itself_and_only_then(parts: Parts) -> None:
    assert await parts.admin.storage.back_up_if_due()
    seen, _ = await finish(parts)
    # The file's time is the real clock's: the services' stands where it was.
    newest_ms = seen.backups[0].made_at_unix_ms
    parts.time.unix_us = (newest_ms + 23 * 3_600_000) * 1_000
    assert not await parts.admin.storage.back_up_if_due()
    parts.time.unix_us = (newest_ms + 25 * 3_600_000) * 1_000
    assert await parts.admin.storage.back_up_if_due()
    await parts.admin.storage.close()


async def test_backups_when_too_many_then_the_oldest_of_its_own_go(
    parts: Parts, tmp_path: Path
) -> None:
    await parts.house.change("Root", "backups_kept", "2")
    foreign = prepared_restore.backup_path(tmp_path, "mine", NOW)
    foreign.write_bytes(b"not the relay's own")
    for _ in range(4):
        parts.time.pass_s(60)
        parts.admin.storage.start("backup")
        await parts.admin.storage.close()
    names = [one.name for one in (await parts.admin.storage.look()).backups]
    assert len([name for name in names if name.startswith("livehouse-")]) == 2
    assert foreign.name in names


@pytest.mark.parametrize("name", ["../livehouse.db", "/etc/passwd", "nothing.db", ".."])
async def test_names_when_they_lead_elsewhere_then_not_found(parts: Parts, name: str) -> None:
    for ask in (parts.admin.storage.delete, parts.admin.storage.prepare_restore):
        with pytest.raises(WireError) as caught:
            await ask(name)
        assert caught.value.code is ErrorCode.NOT_FOUND


async def test_delete_when_prepared_then_refused_until_it_is_not(parts: Parts) -> None:
    parts.admin.storage.start("backup")
    _, job = await finish(parts)
    storage = parts.admin.storage
    await storage.prepare_restore(job.words)
    assert (await storage.look()).restores == job.words
    with pytest.raises(WireError) as caught:
        await storage.delete(job.words)
    assert caught.value.code is ErrorCode.WRONG_STATE
    await storage.prepare_restore("")
    await storage.delete(job.words)
    assert (await storage.look()).backups == ()


async def test_prepare_when_the_backup_is_damaged_then_refused(
    parts: Parts, tmp_path: Path
) -> None:
    broken = prepared_restore.backup_path(tmp_path, "broken", NOW)
    broken.write_bytes(b"no database at all, but long enough to look like something" * 40)
    with pytest.raises(WireError) as caught:
        await parts.admin.storage.prepare_restore(broken.name)
    assert caught.value.code is ErrorCode.INVALID_VALUE


async def test_restore_when_prepared_then_done_at_the_next_start_and_the_present_is_kept(
    tmp_path: Path,
) -> None:
    parts = open_parts(tmp_path)
    await parts.register("Ada")
    parts.admin.storage.start("backup")
    _, job = await finish(parts)
    await parts.register("Bob")
    await parts.admin.storage.prepare_restore(job.words)
    await parts.close()
    with DataDir.open(tmp_path) as data_dir:
        assert prepared_restore.carry_out(data_dir, data_dir.database_file, NOW) == job.words
        assert prepared_restore.carry_out(data_dir, data_dir.database_file, NOW) == ""
    again = open_parts(tmp_path, first_id=1_000)
    listed = await again.admin.users.list_page(search="", kind="all", online=(), offset=0, limit=10)
    assert [one.user.name for one in listed.users] == ["Ada"]
    kept = [path.name for path in prepared_restore.list_backups(tmp_path)]
    assert "before-restore-20260102-030405.db" in kept
    await again.close()


async def test_restore_when_the_backup_is_gone_then_the_relay_starts_with_what_it_has(
    tmp_path: Path,
) -> None:
    parts = open_parts(tmp_path)
    await parts.register("Ada")
    parts.admin.storage.start("backup")
    _, job = await finish(parts)
    await parts.admin.storage.prepare_restore(job.words)
    await parts.close()
    (tmp_path / "backups" / job.words).unlink()
    with DataDir.open(tmp_path) as data_dir:
        assert prepared_restore.carry_out(data_dir, data_dir.database_file, NOW) == ""
        assert prepared_restore.prepared(tmp_path) == ""
    again = open_parts(tmp_path, first_id=1_000)
    assert await again.accounts.create_user(name="Bob", password="correct horse", is_admin=True)
    await again.close()
