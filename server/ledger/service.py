"""Wallets: what users have, are granted and allow themselves, and undoing what was done.

One transfer is written at a time, in the order of asking; each is on disk before anybody hears
of it. What was begun is carried to its end although the socket that asked is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from server.background import BackgroundTasks
from server.ids import RandomBytes, make_id
from server.ledger import queries
from server.ledger.rules import (
    DAILY_GRANT_COINS,
    DAY_MS,
    ISSUE,
    MONTH_MS,
    MS_PER_DAY,
    REFUND_KINDS,
    Booked,
    Draft,
    Line,
    SpendingLimits,
    beans_of,
    check_spending,
    coins_of,
    day_of,
    move,
    watch_grant,
)
from server.text import clean_line
from wire.coin_events import Giver, Givers, Movement, Movements, Wallet
from wire.errors import ErrorCode, WireError
from wire.ids import TransferId, UserId
from wire.limits import NOTE_CHARACTERS_MAX

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.clocks import Clocks
    from server.store.store import Store
    from wire.command_base import GiverSpan
    from wire.event_base import UserInfo
    from wire.ids import BroadcastId, RoomId

T = TypeVar("T")

GIVERS_MAX: Final = 50
WEEK_MS: Final = 7 * MS_PER_DAY


class Users(Protocol):
    """What the ledger asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class LedgerService:
    """Event loop's thread only."""

    def __init__(
        self, store: Store, *, users: Users, clocks: Clocks, random_bytes: RandomBytes
    ) -> None:
        self._store = store
        self._users = users
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._turn = asyncio.Lock()
        self._tasks = BackgroundTasks()

    async def close(self) -> None:
        """Finish what was begun. Call it when nobody asks any more."""
        while len(self._tasks):
            await self._tasks.wait_any()

    # --- for what is done with coins ----------------------------------------------------------

    def make_id(self) -> str:
        return make_id(self._random_bytes)

    async def carry_out(self, deed: Callable[[], Awaitable[T]]) -> T:
        """Run `deed` alone among all that move coins, to its end, whoever stops waiting for it."""

        async def in_turn() -> T | WireError:
            try:
                async with self._turn:
                    return await deed()
            except WireError as error:
                return error

        outcome: T | WireError = await asyncio.shield(self._tasks.start(in_turn(), name="coins"))
        if isinstance(outcome, WireError):
            raise outcome
        return outcome

    async def write(self, work: Callable[[Session], T]) -> T:
        """One transaction that may book transfers. Only inside `carry_out`."""

        def in_turn(session: Session) -> T:
            queries.take_turn(session)
            return work(session)

        return await self._store.write(in_turn)

    def check_limits(self, session: Session, user_id: UserId, coins: int) -> None:
        """Raises WireError(LIMIT_REACHED)."""
        limits = queries.spending_limits(session, user_id)
        if limits == SpendingLimits():
            return
        day, month = self._spent(session, user_id)
        check_spending(limits, coins, spent_day=day, spent_month=month)

    # --- wallets ------------------------------------------------------------------------------

    async def wallet(self, user_id: UserId) -> Wallet:
        return await self._store.read(lambda session: self._wallet(session, user_id))

    async def coins_of_all(self, user_ids: Collection[UserId]) -> dict[UserId, int]:
        """How many each has."""
        return await self._store.read(
            lambda session: {
                user_id: queries.balance(session, coins_of(user_id)) for user_id in user_ids
            }
        )

    async def claim_grant(self, user_id: UserId) -> Wallet:
        """Book what is free now; with nothing to take, the wallet as it is."""

        def work(session: Session) -> Wallet:
            now = self._clocks.unix_ms()
            day = day_of(now)
            daily, watched = self._grants(session, user_id)
            for kind, coins in (("daily_grant", daily), ("watch_grant", watched)):
                if coins == 0:
                    continue
                total = queries.paid(session, user_id, kind, day * MS_PER_DAY) + coins
                queries.book(
                    session,
                    Draft(
                        transfer_id=self.make_id(),
                        kind="daily_grant" if kind == "daily_grant" else "watch_grant",
                        at_unix_ms=now,
                        lines=move(coins, source=ISSUE, target=coins_of(user_id)),
                        by_user_id=user_id,
                        # Apart from the keys of clients, and once for each step of each day.
                        key=f"{kind} {day} {total}",
                    ),
                )
            return self._wallet(session, user_id)

        return await self.carry_out(lambda: self.write(work))

    async def set_limits(self, user_id: UserId, limits: SpendingLimits) -> Wallet:
        def work(session: Session) -> Wallet:
            queries.set_spending_limits(session, user_id, limits)
            session.flush()
            return self._wallet(session, user_id)

        return await self._store.write(work)

    async def add_watched_minute(self, user_ids: frozenset[UserId]) -> None:
        """These users watched something live for a minute more."""
        if not user_ids:
            return
        day = day_of(self._clocks.unix_ms())
        known = frozenset(str(one) for one in await self._users.find_users(user_ids))
        await self._store.write(lambda session: queries.add_watched_minute(session, known, day))

    async def movements(self, user_id: UserId, *, cursor: str, limit: int) -> Movements:
        """Raises WireError(INVALID_VALUE) for a cursor that is not ours."""
        before = _parse_cursor(cursor)
        own = (coins_of(user_id), beans_of(user_id))
        found = await self._store.read(
            lambda session: queries.movements(session, own, before_seq=before, limit=limit + 1)
        )
        page = found[:limit]
        others = {UserId(one.other_user_id) for one in page if one.other_user_id is not None}
        known = await self._users.find_users(others)
        return Movements(
            movements=tuple(
                Movement(
                    transfer_id=TransferId(one.transfer_id),
                    at_unix_ms=one.at_unix_ms,
                    amount=one.amount,
                    unit="beans" if one.account_kind == "beans" else "coins",
                    kind=one.kind,
                    balance=one.balance,
                    other=known.get(UserId(one.other_user_id or "")),
                    note=one.note,
                )
                for one in page
            ),
            next_cursor=str(page[-1].seq) if len(found) > limit else "",
        )

    async def givers(self, room_id: RoomId, span: GiverSpan, *, live: BroadcastId | None) -> Givers:
        """`live` is what is on the air; without it "broadcast" means the last one given to."""
        since = self._clocks.unix_ms() - WEEK_MS if span == "week" else 0

        def work(session: Session) -> list[tuple[str, int]]:
            broadcast_id: str | None = None
            if span == "broadcast":
                broadcast_id = live or queries.last_broadcast_given_to(session, room_id)
                if broadcast_id is None:
                    return []
            return queries.givers(
                session,
                room_id,
                broadcast_id=broadcast_id,
                since_unix_ms=since,
                limit=GIVERS_MAX,
            )

        found = await self._store.read(work)
        known = await self._users.find_users({UserId(user_id) for user_id, _ in found})
        return Givers(
            givers=tuple(
                Giver(user=known[UserId(user_id)], coins=coins)
                for user_id, coins in found
                if user_id in known
            )
        )

    # --- admins -------------------------------------------------------------------------------

    async def grant(
        self, admin_id: UserId, user_id: UserId, *, coins: int, note: str, key: str
    ) -> None:
        """Raises WireError: NOT_FOUND, ALREADY_DONE, INVALID_VALUE, FULL."""
        note = _check_note(note)
        if user_id not in await self._users.find_users([user_id]):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
        content = f"grant {user_id} {coins} {note}"

        def work(session: Session) -> None:
            if queries.find_done(session, admin_id, client_key(key), content) is None:
                queries.book(
                    session,
                    Draft(
                        transfer_id=self.make_id(),
                        kind="admin_grant",
                        at_unix_ms=self._clocks.unix_ms(),
                        lines=move(coins, source=ISSUE, target=coins_of(user_id)),
                        by_user_id=admin_id,
                        key=client_key(key),
                        content=content,
                        note=note,
                    ),
                )

        await self.carry_out(lambda: self.write(work))

    async def refund(self, admin_id: UserId, transfer_id: TransferId, *, note: str) -> None:
        """Raises WireError: NOT_FOUND, WRONG_STATE, NOT_ENOUGH_COINS, INVALID_VALUE."""
        note = _check_note(note)

        def work(session: Session) -> None:
            booked = queries.find_transfer(session, transfer_id)
            if booked is None:
                raise WireError(
                    ErrorCode.NOT_FOUND, "there is no such transfer", field="transfer_id"
                )
            if queries.is_refunded(session, transfer_id):
                return
            kind = REFUND_KINDS.get(str(booked.fields["kind"]))
            if kind is None:
                raise WireError(ErrorCode.WRONG_STATE, "this transfer cannot be undone")
            queries.book(
                session,
                Draft(
                    transfer_id=self.make_id(),
                    kind=kind,
                    at_unix_ms=self._clocks.unix_ms(),
                    lines=_reversed(session, booked),
                    by_user_id=admin_id,
                    room_id=_text(booked, "room_id"),
                    broadcast_id=_text(booked, "broadcast_id"),
                    gift_id=_text(booked, "gift_id"),
                    refunds=transfer_id,
                    note=note,
                ),
            )

        await self.carry_out(lambda: self.write(work))

    # --- inside a transaction -----------------------------------------------------------------

    def _wallet(self, session: Session, user_id: UserId) -> Wallet:
        limits = queries.spending_limits(session, user_id)
        day, month = self._spent(session, user_id)
        return Wallet(
            balance_coins=queries.balance(session, coins_of(user_id)),
            beans=queries.balance(session, beans_of(user_id)),
            grant_coins=sum(self._grants(session, user_id)),
            spent_day_coins=day,
            spent_month_coins=month,
            limit_gift_coins=limits.gift_coins,
            limit_day_coins=limits.day_coins,
            limit_month_coins=limits.month_coins,
        )

    def _spent(self, session: Session, user_id: UserId) -> tuple[int, int]:
        now = self._clocks.unix_ms()
        return (
            queries.spent(session, user_id, now - DAY_MS),
            queries.spent(session, user_id, now - MONTH_MS),
        )

    def _grants(self, session: Session, user_id: UserId) -> tuple[int, int]:
        """What ClaimGrant would book: of the day, and for watching."""
        day = day_of(self._clocks.unix_ms())
        since = day * MS_PER_DAY
        daily = 0 if queries.paid(session, user_id, "daily_grant", since) else DAILY_GRANT_COINS
        minutes = queries.watched_minutes(session, user_id, day)
        return daily, watch_grant(minutes, queries.paid(session, user_id, "watch_grant", since))


def client_key(key: str) -> str:
    """As it is kept: a client's keys never meet those that the relay makes."""
    return f"client {key}"


def _reversed(session: Session, booked: Booked) -> tuple[Line, ...]:
    lines = []
    for entry in booked.entries:
        account = queries.find_account(session, entry.account_id)
        if account is None:
            raise WireError(ErrorCode.INTERNAL, "the ledger is damaged")
        lines.append(Line(account, -entry.amount))
    return tuple(lines)


def _text(booked: Booked, name: str) -> str | None:
    value = booked.fields[name]
    return None if value is None else str(value)


def _check_note(note: str) -> str:
    return clean_line(note, characters_max=NOTE_CHARACTERS_MAX, field="note")


def _parse_cursor(cursor: str) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 16):
        raise WireError(ErrorCode.INVALID_VALUE, "this cursor is not ours", field="cursor")
    return int(cursor)
