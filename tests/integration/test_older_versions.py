"""A newer program reads what each older one wrote: tests/fixtures has a folder for each."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.live.preferences_file import PreferencesFile
from server import maintenance
from server.store.migrations import HEAD

FIXTURES = Path(__file__).parents[1] / "fixtures"
VERSIONS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())
# Of a setting that this program does not know.
STRANGE = {"a_setting_of_tomorrow"}
QUERIES = {
    "users": "SELECT count(*) FROM users",
    "messages": "SELECT count(*) FROM messages",
    "broadcasts": "SELECT count(*) FROM broadcasts",
    "ledger_transfers": "SELECT count(*) FROM ledger_transfers",
    "ledger_entries": "SELECT count(*) FROM ledger_entries",
    "follows": "SELECT count(*) FROM follows",
}


def _count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(QUERIES[table]).fetchone()
    return int(rows[0])


@pytest.mark.parametrize("version", VERSIONS)
def test_house_when_of_an_older_version_then_backed_up_migrated_and_whole(
    version: str, tmp_path: Path
) -> None:
    file = tmp_path / "livehouse.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((FIXTURES / version / "house.sql").read_text(encoding="utf-8"))
    before = {table: _count(file, table) for table in QUERIES}
    (old,) = sqlite3.connect(file).execute("SELECT version_num FROM alembic_version").fetchone()

    assert maintenance.migrate(tmp_path, "") == HEAD

    report = maintenance.check(tmp_path, "")
    assert report.ok, report.problems
    assert {table: _count(file, table) for table in QUERIES} == before
    copies = [path.name for path in (tmp_path / "backups").glob("*.db")] if old != HEAD else []
    assert [name.startswith(f"before-migration-{old}-") for name in copies] == [True] * (
        old != HEAD
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_settings_when_of_an_older_version_then_each_is_kept(version: str) -> None:
    file = FIXTURES / version / "settings.json"
    written = json.loads(file.read_text(encoding="utf-8"))
    chosen = dict(PreferencesFile(file).preferences.chosen)
    assert {name: chosen.get(name) for name in written if name not in STRANGE} == {
        name: value for name, value in written.items() if name not in STRANGE
    }
