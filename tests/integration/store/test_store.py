from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from server.accounts.tables import User
from server.errors import SettingsError, StoreError
from server.store.store import Store
from wire.errors import ErrorCode, WireError


def make_user(name: str) -> User:
    return User(
        id=f"id-{name}", name=name, name_folded=name, name_skeleton=name, created_at_unix_ms=1
    )


def add_user(name: str) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        session.add(make_user(name))

    return work


def read_names(session: Session) -> list[str]:
    return sorted(user.name for user in session.exec(select(User)).all())


async def test_write_when_it_returns_then_another_store_reads_it(
    open_store: Callable[[], Store],
) -> None:
    store = open_store()
    await store.write(add_user("ada"))
    store.close()
    assert await open_store().read(read_names) == ["ada"]


async def test_write_when_work_raises_then_nothing_is_changed(
    open_store: Callable[[], Store],
) -> None:
    store = open_store()

    def work(session: Session) -> None:
        session.add(make_user("ada"))
        session.flush()
        raise WireError(ErrorCode.FORBIDDEN, "no")

    with pytest.raises(WireError, match="no"):
        await store.write(work)
    assert await store.read(read_names) == []


@pytest.mark.parametrize("bad", ["\ud800", "a\udfffb", "nul\0"])
async def test_write_when_text_cannot_be_stored_then_refused_and_the_store_lives_on(
    open_store: Callable[[], Store], bad: str
) -> None:
    store = open_store()
    with pytest.raises(WireError) as caught:
        await store.write(add_user(bad))
    assert caught.value.code is ErrorCode.INVALID_VALUE
    await store.write(add_user("ada"))
    assert await store.read(read_names) == ["ada"]


async def test_write_when_the_database_fails_then_words_without_sql(
    open_store: Callable[[], Store],
) -> None:
    store = open_store()
    with pytest.raises(WireError) as caught:
        await store.write(lambda session: session.execute(text("SELECT * FROM no_such_table")))
    assert caught.value.code is ErrorCode.STORAGE_FAILED
    assert "table" not in caught.value.message.lower()


async def test_write_when_the_queue_is_full_then_busy_at_once(database_url: str) -> None:
    store = Store.open(database_url, queue_max=1)
    is_running, may_end = threading.Event(), threading.Event()

    def block(_session: Session) -> None:
        is_running.set()
        may_end.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.write(block))
        await asyncio.to_thread(is_running.wait)
        try:
            assert store.queue_depth == 1
            with pytest.raises(WireError) as caught:
                await store.read(read_names)
            assert caught.value.code is ErrorCode.BUSY
            assert caught.value.retry_after_ms
        finally:
            may_end.set()
    assert store.queue_depth == 0
    store.close()
    with pytest.raises(WireError) as caught:
        await store.read(read_names)
    assert caught.value.code is ErrorCode.SHUTTING_DOWN


async def test_write_when_many_read_then_write_at_once_then_none_is_lost(
    open_store: Callable[[], Store],
) -> None:
    """A read followed by a write is one step: 40 increments give 40."""
    store = open_store()
    await store.write(add_user("0"))

    def increment(session: Session) -> None:
        user = session.get(User, "id-0")
        assert user is not None
        user.created_at_unix_ms += 1

    await asyncio.gather(*(store.write(increment) for _ in range(40)))
    user = await store.read(lambda session: session.get(User, "id-0"))
    assert user is not None
    assert user.created_at_unix_ms == 41


async def test_sqlite_when_opened_then_durable_and_checked(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'a.db'}", queue_max=10)

    def pragmas(session: Session) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(session.execute(text(f"PRAGMA {name}")).scalar() for name in names)

    assert await store.write(pragmas) == ("wal", 2, 1)
    with pytest.raises(WireError) as caught:
        await store.read(lambda session: session.execute(text("DELETE FROM users")))
    assert caught.value.code is ErrorCode.STORAGE_FAILED
    store.close()


def test_open_when_not_a_database_then_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="is not a Livehouse database"):
        Store.open(f"sqlite:///{file}", queue_max=10)


def test_open_when_damaged_then_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    Store.open(f"sqlite:///{file}", queue_max=10).close()
    content = bytearray(file.read_bytes())
    content[4096:20000] = b"\x5a" * (20000 - 4096)
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|cannot be used") as caught:
        Store.open(f"sqlite:///{file}", queue_max=10)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_open_when_the_address_is_wrong_then_one_clear_line(url: str) -> None:
    with pytest.raises(SettingsError):
        Store.open(url, queue_max=10)


def test_open_when_postgresql_is_not_there_then_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="PostgreSQL database cannot be used"):
        Store.open(f"postgresql+psycopg://nobody@/none?host={tmp_path}", queue_max=10)
