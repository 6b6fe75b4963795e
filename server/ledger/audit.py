"""Does the book hold? Pure: whatever reads the database gives it rows in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from server.ledger.rules import FIRST_HASH, ISSUE, chain_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.ledger.rules import Booked

PROBLEMS_MAX: Final = 20


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `ledger verify` found. `problems` is empty for a book that holds."""

    ok: bool
    transfers: int
    accounts: int
    coins_issued: int
    head: str
    """The hash of the last transfer: kept elsewhere, it proves later that nothing was cut off."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class PacketState:
    """What a red packet's own rows say is still in it."""

    account_id: str
    coins_left: int


def verify(
    transfers: Iterable[Booked], balances: Mapping[str, int], packets: Iterable[PacketState]
) -> LedgerReport:
    """Sums, chain, balances. `transfers` come in the order of their numbers."""
    problems: list[str] = []
    running: dict[str, int] = defaultdict(int)
    head, count = FIRST_HASH, 0
    for count, booked in enumerate(transfers, 1):
        name = f"transfer {booked.seq}"
        if booked.seq != count:
            problems.append(f"{name} stands where {count} should")
        if booked.previous_hash != head:
            problems.append(f"{name} does not follow the one before it")
        if booked.hash != chain_hash(
            booked.seq, booked.fields, booked.entries, booked.previous_hash
        ):
            problems.append(f"{name} was changed after it was booked")
        head = booked.hash
        if len(booked.entries) < 2 or sum(entry.amount for entry in booked.entries) != 0:
            problems.append(f"the entries of {name} do not sum to zero")
        for entry in booked.entries:
            running[entry.account_id] += entry.amount
            if running[entry.account_id] != entry.balance:
                problems.append(f"{name} says another balance of {entry.account_id}")
            if entry.balance < 0 and entry.account_id != ISSUE.account_id:
                problems.append(f"{name} leaves {entry.account_id} below zero")
        if len(problems) >= PROBLEMS_MAX:
            break
    else:
        problems += _compare(running, balances, packets)
    return LedgerReport(
        ok=not problems,
        transfers=count,
        accounts=len(balances),
        coins_issued=-balances.get(ISSUE.account_id, 0),
        head=head,
        problems=tuple(problems[:PROBLEMS_MAX]),
    )


def _compare(
    running: Mapping[str, int], balances: Mapping[str, int], packets: Iterable[PacketState]
) -> Iterable[str]:
    for account_id in sorted(running.keys() | balances.keys()):
        entries, kept = running.get(account_id, 0), balances.get(account_id, 0)
        if entries != kept:
            yield f"{account_id} holds {kept}, its entries say {entries}"
    if sum(balances.values()):
        yield "all balances together are not zero"
    for packet in packets:
        kept = balances.get(packet.account_id, 0)
        if kept != packet.coins_left:
            yield f"{packet.account_id} holds {kept}, its shares say {packet.coins_left}"
