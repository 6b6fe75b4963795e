"""The same storage tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from server.store.store import Store
from tests.integration.store.postgresql import create_database, find_binaries, run_cluster
from tests.server_parts import Parts

QUEUE_MAX = 100
_database_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    with run_cluster(binaries) as address:
        yield address


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    address: str = request.getfixturevalue("postgresql_address")
    return create_database(address, f"test_{next(_database_numbers)}")


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
