"""What the ledger keeps of a user. The book itself stays as it is, or it could prove nothing:
it knows users by ids, and the id of an erased user leads to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.ledger.rules import MS_PER_DAY, beans_of, coins_of
from server.ledger.tables import (
    LedgerEntry,
    LedgerTransfer,
    SpendingLimit,
    WatchDay,
)
from server.privacy.parts import Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session

_WHY: Final = "the book is append-only; the id is a pseudonym once the user is erased"


def _sections(user_id: str) -> tuple[Section, ...]:
    own = (coins_of(user_id).account_id, beans_of(user_id).account_id)
    return (
        Section(
            "coins",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                LedgerTransfer.id,
                LedgerTransfer.kind,
                LedgerTransfer.at_unix_ms,
                LedgerTransfer.room_id,
                LedgerTransfer.gift_id,
                LedgerTransfer.note,
                LedgerEntry.amount,
                LedgerEntry.balance,
            )
            .join(LedgerEntry, col(LedgerEntry.transfer_seq) == col(LedgerTransfer.seq))
            .where(col(LedgerEntry.account_id).in_(own))
            .order_by(col(LedgerTransfer.seq)),
        ),
        Section(
            "spending_limits",
            select(
                SpendingLimit.gift_coins, SpendingLimit.day_coins, SpendingLimit.month_coins
            ).where(SpendingLimit.user_id == user_id),
        ),
        Section(
            "watched_minutes",
            select(WatchDay.day, WatchDay.minutes).where(WatchDay.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(SpendingLimit).where(col(SpendingLimit.user_id) == erasing.user_id))
    session.execute(delete(WatchDay).where(col(WatchDay.user_id) == erasing.user_id))


def _sweep(session: Session, before_unix_ms: int) -> int:
    """Minutes watched on days that count for no grant any more: short rows, all at once."""
    session.execute(delete(WatchDay).where(col(WatchDay.day) < before_unix_ms // MS_PER_DAY))
    return 0


PART: Final = Part(
    erased=frozenset({"spending_limits.user_id", "watch_days.user_id"}),
    kept={"ledger_accounts.user_id": _WHY, "ledger_transfers.by_user_id": _WHY},
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("behaviour", _sweep),),
)
