"""The buffer of behaviour: batches, a bound, and nothing of who was forgotten."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from server.discovery.behaviour import Behaviour
from server.discovery.collector import BATCH_ROWS_MAX, Collector
from wire.errors import ErrorCode, WireError


class FakeStore:
    """Counts transactions; fails while told to."""

    def __init__(self) -> None:
        self.writes = 0
        self.is_failing = False

    async def write(self, _work: Callable[..., Any]) -> None:
        if self.is_failing:
            raise WireError(ErrorCode.STORAGE_FAILED, "the disk is full")
        self.writes += 1


async def everybody(user_ids: Collection[str]) -> dict[str, None]:
    return dict.fromkeys(user_ids)


def row(number: int, *, user: str = "u", kind: str = "watched") -> Behaviour:
    return Behaviour(f"id{number}", number, user, "s", "r", kind, 2.0, "b")  # type: ignore[arg-type] # a kind


def make(store: FakeStore, **fields: int) -> Collector:
    return Collector(store, find_users=everybody, **fields)  # type: ignore[arg-type] # fakes


async def test_write_when_there_are_many_then_in_batches() -> None:
    store = FakeStore()
    collector = make(store)
    for number in range(BATCH_ROWS_MAX + 1):
        collector.add(row(number))
    await collector.write()
    assert (store.writes, collector.stored, len(collector)) == (2, BATCH_ROWS_MAX + 1, 0)


async def test_add_when_the_disk_fails_then_bounded_and_counted() -> None:
    store = FakeStore()
    store.is_failing = True
    collector = make(store, buffer_rows_max=10)
    for number in range(15):
        collector.add(row(number))
    await collector.write()
    assert (len(collector), collector.dropped) == (10, 5)
    store.is_failing = False
    await collector.write()
    assert (len(collector), collector.stored, collector.dropped) == (0, 10, 5)


def test_add_when_one_likes_often_then_one_row_of_them_all() -> None:
    collector = make(FakeStore())
    for number in range(100):
        collector.add(row(number, kind="liked"))
    assert len(collector) == 1
    assert collector._rows[0].amount == 200


async def test_forget_when_rows_wait_then_none_of_that_user_is_written() -> None:
    store = FakeStore()
    collector = make(store)
    collector.add(row(1, user="gone"))
    collector.add(row(2, user="stays"))
    collector.forget("gone")
    await collector.write()
    assert collector.stored == 1
