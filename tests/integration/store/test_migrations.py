from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import server.accounts.tables
import server.admin.tables
import server.broadcasts.tables
import server.chat.tables
import server.draws.tables
import server.feedback.tables
import server.follows.tables
import server.gifts.tables
import server.ledger.tables
import server.polls.tables
import server.privacy.tables
import server.recording.tables
import server.reports.tables
import server.rooms.tables  # noqa: F401 # they register their tables
from server.errors import StoreError
from server.store import migrate, migrations
from server.store.backup import check_database
from server.store.migrations import r0015_size
from server.store.store import Store


def test_migrations_when_run_then_the_tables_are_those_of_the_features(
    open_store: Callable[[], Store], database_url: str
) -> None:
    open_store()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert difference == []


def test_open_when_run_again_then_nothing_to_do(open_store: Callable[[], Store]) -> None:
    store = open_store()
    store.close()
    again = open_store()
    assert migrate.migrate(again._writer, None) == 0


def test_open_when_the_schema_is_newer_then_refused(
    open_store: Callable[[], Store], database_url: str
) -> None:
    open_store().close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"schema 9999.*made by a newer Livehouse"):
        open_store()


def test_open_when_the_schema_is_older_then_backed_up_and_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Next:
        REVISION = "9000"

        @staticmethod
        def upgrade(op: object) -> None:
            op.execute("CREATE TABLE added (id INTEGER PRIMARY KEY)")

    file = tmp_path / "a.db"
    Store.open(f"sqlite:///{file}", queue_max=10).close()
    revisions = (*migrations.REVISIONS, Next)
    monkeypatch.setattr(migrate, "REVISIONS", revisions)
    Store.open(f"sqlite:///{file}", queue_max=10).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT * FROM added")
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert version == "9000"
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name.startswith(f"before-migration-{migrations.HEAD}-")


def test_open_when_a_step_fails_then_the_database_is_as_before(
    open_store: Callable[[], Store], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Good:
        REVISION = "9000"

        @staticmethod
        def upgrade(op: object) -> None:
            op.execute("CREATE TABLE whole (id INTEGER)")

    class Broken:
        REVISION = "9001"

        @staticmethod
        def upgrade(op: object) -> None:
            op.execute("CREATE TABLE half (id INTEGER)")
            op.execute("SELECT * FROM no_such_table")

    open_store().close()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "REVISIONS", (*migrations.REVISIONS, Good, Broken))
        with pytest.raises(StoreError, match=rf"from schema {migrations.HEAD} to 9001.*as it was"):
            open_store()
    open_store().close()
    engine = create_engine(database_url)
    assert not {"whole", "half"} & {*sa.inspect(engine).get_table_names()}
    assert migrate.read_revision(engine) == migrations.HEAD
    engine.dispose()


def test_open_when_a_step_fails_then_the_copy_from_before_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        REVISION = "9000"

        @staticmethod
        def upgrade(_op: object) -> None:
            raise KeyError("a mistake of ours")

    file = tmp_path / "a.db"
    Store.open(f"sqlite:///{file}", queue_max=10).close()
    monkeypatch.setattr(migrate, "REVISIONS", (*migrations.REVISIONS, Broken))
    with pytest.raises(StoreError) as caught:
        Store.open(f"sqlite:///{file}", queue_max=10)
    (copy,) = (tmp_path / "backups").iterdir()
    assert str(copy) in str(caught.value)
    assert check_database(copy).ok


def test_message_when_it_is_from_before_sizes_then_is_a_normal_one() -> None:
    engine = create_engine("sqlite://")
    old = sa.MetaData()
    for name in ("messages", "held_messages"):
        sa.Table(name, old, sa.Column("id", sa.String(), primary_key=True))
    old.create_all(engine)
    with engine.begin() as connection:
        for table in old.sorted_tables:
            connection.execute(table.insert().values(id="from long ago"))
        r0015_size.upgrade(Operations(MigrationContext.configure(connection)))
        for name in old.tables:
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            assert connection.execute(table.select()).all() == [("from long ago", "normal")]
    engine.dispose()
