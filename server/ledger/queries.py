"""The statements of the ledger. `book` is the only way in which a balance changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, text
from sqlmodel import col, insert, select, update

from server.ledger.rules import (
    FIRST_HASH,
    GIVING_KINDS,
    SPENDING_KINDS,
    Account,
    Booked,
    BookedEntry,
    Draft,
    SpendingLimits,
    chain_hash,
    check_lines,
    coins_of,
)
from server.ledger.tables import (
    LedgerAccount,
    LedgerEntry,
    LedgerTransfer,
    SpendingLimit,
    WatchDay,
)
from wire.errors import ErrorCode, WireError
from wire.limits import INTEGER_MAX

if TYPE_CHECKING:
    from server.store.session import Session

_FIELDS: Final = (
    "id",
    "kind",
    "at_unix_ms",
    "by_user_id",
    "key",
    "content",
    "room_id",
    "broadcast_id",
    "gift_id",
    "count",
    "combo",
    "refunds",
    "note",
)
"""Of a transfer: what its hash is made of, beside its number and its entries."""


@dataclass(frozen=True)
class Movement:
    """One entry on a user's statement."""

    seq: int
    transfer_id: str
    at_unix_ms: int
    kind: str
    account_kind: str
    amount: int
    balance: int
    other_user_id: str | None
    note: str


def take_turn(session: Session) -> None:
    """One transfer at a time: PostgreSQL's lock, before the transaction's first look at anything.

    SQLite's writer has it already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE ledger_transfers IN EXCLUSIVE MODE"))


def book(session: Session, draft: Draft) -> Booked:
    """Write a transfer and change the balances with it.

    Raises WireError: NOT_ENOUGH_COINS, or FULL where a purse cannot hold more. The caller's
    transaction changes nothing then.
    """
    check_lines(draft.lines)
    entries = tuple(
        BookedEntry(
            line.account.account_id, line.amount, _change(session, line.account, line.amount)
        )
        for line in draft.lines
    )
    last = session.exec(
        select(LedgerTransfer.seq, LedgerTransfer.hash)
        .order_by(col(LedgerTransfer.seq).desc())
        .limit(1)
    ).first()
    seq, previous = (last[0] + 1, last[1]) if last else (1, FIRST_HASH)
    fields: dict[str, str | int | None] = {
        name: getattr(draft, "transfer_id" if name == "id" else name) for name in _FIELDS
    }
    booked = Booked(seq, fields, previous, chain_hash(seq, fields, entries, previous), entries)
    session.execute(
        insert(LedgerTransfer).values(seq=seq, previous_hash=previous, hash=booked.hash, **fields)
    )
    session.execute(
        insert(LedgerEntry).values(
            [
                {
                    "transfer_seq": seq,
                    "line": line,
                    "account_id": entry.account_id,
                    "amount": entry.amount,
                    "balance": entry.balance,
                }
                for line, entry in enumerate(entries)
            ]
        )
    )
    return booked


def _change(session: Session, account: Account, amount: int) -> int:
    """The balance afterwards, by one conditional update."""
    changed = (
        update(LedgerAccount)
        .where(
            col(LedgerAccount.id) == account.account_id,
            (col(LedgerAccount.balance) + amount).between(
                -INTEGER_MAX if account.kind == "issue" else 0, INTEGER_MAX
            ),
        )
        .values(balance=col(LedgerAccount.balance) + amount)
        .returning(col(LedgerAccount.balance))
    )
    balance = session.execute(changed).scalar_one_or_none()
    if balance is not None:
        return int(balance)
    exists = session.exec(
        select(LedgerAccount.id).where(LedgerAccount.id == account.account_id)
    ).first()
    if amount > 0 and exists:
        raise WireError(ErrorCode.FULL, "a purse cannot hold more", field="coins")
    if exists or (amount < 0 and account.kind != "issue"):
        raise WireError(ErrorCode.NOT_ENOUGH_COINS, "there are too few coins for this")
    session.execute(
        insert(LedgerAccount).values(
            id=account.account_id, kind=account.kind, user_id=account.user_id, balance=amount
        )
    )
    return amount


# --- looking ----------------------------------------------------------------------------------


def find_done(session: Session, user_id: str | None, key: str, content: str) -> Booked | None:
    """What was booked under a user's key. Raises WireError(ALREADY_DONE) for another content."""
    row = session.exec(
        select(LedgerTransfer).where(
            LedgerTransfer.by_user_id == user_id, LedgerTransfer.key == key
        )
    ).first()
    if row is None:
        return None
    if row.content != content:
        raise WireError(
            ErrorCode.ALREADY_DONE, "this key was used for something else", field="idempotency_key"
        )
    return _booked(session, row)


def find_transfer(session: Session, transfer_id: str) -> Booked | None:
    row = session.exec(select(LedgerTransfer).where(LedgerTransfer.id == transfer_id)).first()
    return _booked(session, row) if row else None


def is_refunded(session: Session, transfer_id: str) -> bool:
    found = session.exec(select(LedgerTransfer.seq).where(LedgerTransfer.refunds == transfer_id))
    return found.first() is not None


def find_account(session: Session, account_id: str) -> Account | None:
    row = session.get(LedgerAccount, account_id)
    return Account(row.id, row.kind, row.user_id) if row else None  # type: ignore[arg-type] # the column holds an AccountKind


def balance(session: Session, account: Account) -> int:
    found = session.exec(
        select(LedgerAccount.balance).where(LedgerAccount.id == account.account_id)
    ).first()
    return found or 0


def spent(session: Session, user_id: str, since_unix_ms: int) -> int:
    """What left the user's purse for gifts and red packets, less what came back."""
    return max(0, -_sum(session, coins_of(user_id), SPENDING_KINDS, since_unix_ms))


def paid(session: Session, user_id: str, kind: str, since_unix_ms: int) -> int:
    """What the user was given by grants of a kind."""
    return _sum(session, coins_of(user_id), (kind,), since_unix_ms)


def _sum(session: Session, account: Account, kinds: tuple[str, ...], since_unix_ms: int) -> int:
    total = session.exec(
        select(func.sum(LedgerEntry.amount))
        .join(LedgerTransfer, col(LedgerTransfer.seq) == col(LedgerEntry.transfer_seq))
        .where(
            LedgerEntry.account_id == account.account_id,
            col(LedgerTransfer.kind).in_(kinds),
            LedgerTransfer.at_unix_ms >= since_unix_ms,
        )
    ).first()
    return int(total or 0)


def movements(
    session: Session, accounts: tuple[Account, ...], *, before_seq: int | None, limit: int
) -> list[Movement]:
    """The newest entries of a user's accounts, newest first."""
    kinds = {account.account_id: account.kind for account in accounts}
    query = (
        select(LedgerEntry, LedgerTransfer)
        .join(LedgerTransfer, col(LedgerTransfer.seq) == col(LedgerEntry.transfer_seq))
        .where(col(LedgerEntry.account_id).in_(kinds))
        .order_by(col(LedgerEntry.transfer_seq).desc(), col(LedgerEntry.line).desc())
        .limit(limit)
    )
    if before_seq is not None:
        query = query.where(LedgerEntry.transfer_seq < before_seq)
    rows = session.exec(query).all()
    others = _others(session, [entry.transfer_seq for entry, _ in rows], set(kinds))
    return [
        Movement(
            seq=transfer.seq,
            transfer_id=transfer.id,
            at_unix_ms=transfer.at_unix_ms,
            kind=transfer.kind,
            account_kind=kinds[entry.account_id],
            amount=entry.amount,
            balance=entry.balance,
            other_user_id=others.get(transfer.seq),
            note=transfer.note,
        )
        for entry, transfer in rows
    ]


def _others(session: Session, seqs: list[int], own: set[str]) -> dict[int, str | None]:
    """By transfer: the user behind the account at the other end."""
    rows = session.exec(
        select(LedgerEntry.transfer_seq, LedgerAccount.user_id)
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerEntry.account_id))
        .where(col(LedgerEntry.transfer_seq).in_(seqs), col(LedgerEntry.account_id).not_in(own))
    ).all()
    return dict(rows)


def givers(
    session: Session,
    room_id: str,
    *,
    broadcast_id: str | None,
    since_unix_ms: int,
    limit: int,
) -> list[tuple[str, int]]:
    """User and coins, most first; what was refunded does not count."""
    given = (-func.sum(LedgerEntry.amount)).label("given")
    query = (
        select(LedgerAccount.user_id, given)
        .select_from(LedgerTransfer)
        .join(LedgerEntry, col(LedgerEntry.transfer_seq) == col(LedgerTransfer.seq))
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerEntry.account_id))
        .where(
            LedgerTransfer.room_id == room_id,
            col(LedgerTransfer.kind).in_(GIVING_KINDS),
            LedgerTransfer.at_unix_ms >= since_unix_ms,
            LedgerAccount.kind == "coins",
        )
        .group_by(col(LedgerAccount.user_id))
        .having(func.sum(LedgerEntry.amount) < 0)
        .order_by(given.desc(), col(LedgerAccount.user_id))
        .limit(limit)
    )
    if broadcast_id is not None:
        query = query.where(LedgerTransfer.broadcast_id == broadcast_id)
    return [(str(user_id), int(coins)) for user_id, coins in session.exec(query).all()]


def last_broadcast_given_to(session: Session, room_id: str) -> str | None:
    return session.exec(
        select(LedgerTransfer.broadcast_id)
        .where(LedgerTransfer.room_id == room_id, col(LedgerTransfer.broadcast_id).is_not(None))
        .order_by(col(LedgerTransfer.seq).desc())
        .limit(1)
    ).first()


# --- limits and watching ----------------------------------------------------------------------


def spending_limits(session: Session, user_id: str) -> SpendingLimits:
    row = session.get(SpendingLimit, user_id)
    if row is None:
        return SpendingLimits()
    return SpendingLimits(row.gift_coins, row.day_coins, row.month_coins)


def set_spending_limits(session: Session, user_id: str, limits: SpendingLimits) -> None:
    row = session.get(SpendingLimit, user_id) or SpendingLimit(user_id=user_id)
    row.gift_coins = limits.gift_coins
    row.day_coins = limits.day_coins
    row.month_coins = limits.month_coins
    session.add(row)


def watched_minutes(session: Session, user_id: str, day: int) -> int:
    row = session.get(WatchDay, (user_id, day))
    return row.minutes if row else 0


def add_watched_minute(session: Session, user_ids: frozenset[str], day: int) -> None:
    known = session.exec(
        select(WatchDay.user_id).where(WatchDay.day == day, col(WatchDay.user_id).in_(user_ids))
    ).all()
    session.execute(
        update(WatchDay)
        .where(col(WatchDay.day) == day, col(WatchDay.user_id).in_(known))
        .values(minutes=col(WatchDay.minutes) + 1)
    )
    session.add_all(
        WatchDay(user_id=user_id, day=day, minutes=1) for user_id in user_ids - set(known)
    )


# --- the whole book ---------------------------------------------------------------------------


def read_book(session: Session) -> Iterator[Booked]:
    """All transfers in order, a piece at a time."""
    rows = session.exec(
        select(LedgerTransfer, LedgerEntry)
        .join(LedgerEntry, col(LedgerEntry.transfer_seq) == col(LedgerTransfer.seq), isouter=True)
        .order_by(col(LedgerTransfer.seq), col(LedgerEntry.line))
        .execution_options(yield_per=1_000)
    )
    for _, group in groupby(rows, key=lambda row: row[0].seq):
        pairs = list(group)
        # A transfer without entries would be a damage, and must be seen.
        entries: list[LedgerEntry | None] = [entry for _, entry in pairs]
        yield _from_rows(pairs[0][0], [entry for entry in entries if entry is not None])


def read_balances(session: Session) -> Mapping[str, int]:
    return dict(session.exec(select(LedgerAccount.id, LedgerAccount.balance)).all())


def _booked(session: Session, row: LedgerTransfer) -> Booked:
    entries = session.exec(
        select(LedgerEntry)
        .where(LedgerEntry.transfer_seq == row.seq)
        .order_by(col(LedgerEntry.line))
    ).all()
    return _from_rows(row, list(entries))


def _from_rows(row: LedgerTransfer, entries: list[LedgerEntry]) -> Booked:
    return Booked(
        row.seq,
        {name: getattr(row, name) for name in _FIELDS},
        row.previous_hash,
        row.hash,
        tuple(BookedEntry(entry.account_id, entry.amount, entry.balance) for entry in entries),
    )
