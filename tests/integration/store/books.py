"""The whole book, read as `ledger verify` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.gifts.queries import read_packet_states
from server.ledger import audit, queries

if TYPE_CHECKING:
    from server.ledger.audit import LedgerReport
    from server.ledger.rules import Booked
    from server.store.session import Session
    from server.store.store import Store


async def read_book(store: Store) -> list[Booked]:
    return await store.read(lambda session: list(queries.read_book(session)))


async def verify(store: Store) -> LedgerReport:
    def work(session: Session) -> LedgerReport:
        return audit.verify(
            queries.read_book(session),
            queries.read_balances(session),
            read_packet_states(session),
        )

    return await store.read(work)


async def assert_book_holds(store: Store) -> None:
    report = await verify(store)
    assert report.problems == ()
    assert report.ok
