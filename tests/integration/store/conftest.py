"""The same storage tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from server.store.store import Store
from tests.integration.store.postgresql import (
    clear_database,
    create_database,
    find_binaries,
    run_cluster,
)
from tests.server_parts import Parts

QUEUE_MAX = 100
POSTGRESQL_TEMPLATE = "template_of_tests"
_database_numbers = itertools.count(1)
_used_databases: list[str] = []
"""On PostgreSQL, by name; the last one serves the next test."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new house's file: copied, it is there in a hundredth of the time that all steps take."""
    file = tmp_path_factory.mktemp("template") / "new.db"
    Store.open(f"sqlite:///{file}", queue_max=QUEUE_MAX).close()
    return file


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    with run_cluster(binaries) as address:
        template = create_database(address, POSTGRESQL_TEMPLATE)
        Store.open(template, queue_max=QUEUE_MAX).close()
        yield address


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new house's database."""
    if request.param == "sqlite":
        file = tmp_path / "test.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    address: str = request.getfixturevalue("postgresql_address")
    if _used_databases and clear_database(address, _used_databases[-1]):
        return address.format(database=_used_databases[-1])
    _used_databases.append(f"test_{next(_database_numbers)}")
    return create_database(address, _used_databases[-1], POSTGRESQL_TEMPLATE)


@pytest.fixture
def open_store(database_url: str) -> Iterator[Callable[[], Store]]:
    """Opens the test's database, any number of times; closes what is left."""
    opened: list[Store] = []

    def open_it() -> Store:
        store = Store.open(database_url, queue_max=QUEUE_MAX)
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
async def parts(open_store: Callable[[], Store]) -> AsyncIterator[Parts]:
    parts = Parts(open_store())
    yield parts
    await parts.close()
