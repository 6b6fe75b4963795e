"""What a transfer is and what it may do: accounts, sums, limits, grants and the chain of hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from wire.errors import ErrorCode, WireError
from wire.limits import INTEGER_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AccountKind = Literal["coins", "beans", "escrow", "issue"]
Kind = Literal[
    "gift",
    "gift_refund",
    "daily_grant",
    "watch_grant",
    "admin_grant",
    "grant_refund",
    "red_packet",
    "red_packet_share",
    "red_packet_return",
]

SPENDING_KINDS: Final[tuple[Kind, ...]] = (
    "gift",
    "gift_refund",
    "red_packet",
    "red_packet_return",
)
"""What counts against the user's own limits: what went out, less what came back of it."""
GIVING_KINDS: Final[tuple[Kind, ...]] = ("gift", "gift_refund")
REFUND_KINDS: Final[dict[str, Kind]] = {
    "gift": "gift_refund",
    "daily_grant": "grant_refund",
    "watch_grant": "grant_refund",
    "admin_grant": "grant_refund",
}
"""What can be undone, and as what it then stands in the book."""

DAILY_GRANT_COINS: Final = 100
WATCH_STEP_MINUTES: Final = 10
WATCH_STEP_COINS: Final = 10
WATCH_GRANT_COINS_MAX: Final = 60
"""In a day (UTC)."""

MS_PER_DAY: Final = 86_400_000
DAY_MS: Final = MS_PER_DAY
MONTH_MS: Final = 30 * MS_PER_DAY

FIRST_HASH: Final = "0" * 64
"""What the first transfer names as the one before it."""


@dataclass(frozen=True)
class Account:
    """Whose purse of which kind; made when something first reaches it."""

    account_id: str
    kind: AccountKind
    user_id: str | None = None
    """Of escrow: who put the coins in."""


ISSUE: Final = Account("issue", "issue")
"""Where free coins come from. The only account below zero: the sum of all others, negated."""


def coins_of(user_id: str) -> Account:
    return Account(f"coins:{user_id}", "coins", user_id)


def beans_of(user_id: str) -> Account:
    return Account(f"beans:{user_id}", "beans", user_id)


def escrow_of(packet_id: str, giver_id: str) -> Account:
    return Account(f"packet:{packet_id}", "escrow", giver_id)


@dataclass(frozen=True)
class Line:
    """One entry before it is booked: an account and what is added to it."""

    account: Account
    amount: int


def move(coins: int, *, source: Account, target: Account) -> tuple[Line, ...]:
    """The entries of a transfer between two accounts. A coin that is given becomes a bean."""
    return (Line(source, -coins), Line(target, coins))


def check_lines(lines: Iterable[Line]) -> None:
    """Raises ValueError: such a transfer is a mistake of ours, never of a client."""
    amounts = [line.amount for line in lines]
    if len(amounts) < 2:
        raise ValueError("a transfer has two entries or more")
    if sum(amounts):
        raise ValueError("the entries of a transfer sum to zero")
    if any(amount == 0 or abs(amount) > INTEGER_MAX for amount in amounts):
        raise ValueError("an entry moves something, and no more than there can be")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A transfer before it has its place in the chain."""

    transfer_id: str
    kind: Kind
    at_unix_ms: int
    lines: tuple[Line, ...]
    by_user_id: str | None = None
    """Who asked for it; None: the relay itself."""
    key: str | None = None
    """Unique among the transfers of one user."""
    content: str = ""
    """What was asked for with the key: another content under the same key is refused."""
    room_id: str | None = None
    broadcast_id: str | None = None
    gift_id: str | None = None
    count: int = 0
    combo: int = 0
    refunds: str | None = None
    note: str = ""


@dataclass(frozen=True)
class BookedEntry:
    account_id: str
    amount: int
    balance: int


@dataclass(frozen=True)
class Booked:
    """A transfer as it stands in the book."""

    seq: int
    fields: Mapping[str, str | int | None]
    """All columns but `seq` and the two hashes."""
    previous_hash: str
    hash: str
    entries: tuple[BookedEntry, ...] = field(default=())


def chain_hash(
    seq: int,
    fields: Mapping[str, str | int | None],
    entries: Iterable[BookedEntry],
    previous_hash: str,
) -> str:
    """SHA-256 over everything that a transfer says, and over the hash of the one before."""
    told = [
        previous_hash,
        seq,
        sorted(fields.items()),
        [[entry.account_id, entry.amount, entry.balance] for entry in entries],
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


# --- limits -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class SpendingLimits:
    """What a user allows itself; None: no limit."""

    gift_coins: int | None = None
    day_coins: int | None = None
    month_coins: int | None = None


def check_spending(limits: SpendingLimits, coins: int, *, spent_day: int, spent_month: int) -> None:
    """Raises WireError(LIMIT_REACHED) whose field names the first limit that is passed."""
    for field_name, limit, total in (
        ("limit_gift_coins", limits.gift_coins, coins),
        ("limit_day_coins", limits.day_coins, spent_day + coins),
        ("limit_month_coins", limits.month_coins, spent_month + coins),
    ):
        if limit is not None and total > limit:
            raise WireError(
                ErrorCode.LIMIT_REACHED, "a limit that you set is reached", field=field_name
            )


# --- grants -----------------------------------------------------------------------------------


def day_of(unix_ms: int) -> int:
    """Days since 1970, UTC."""
    return unix_ms // MS_PER_DAY


def watch_grant(minutes: int, paid_coins: int) -> int:
    """What so many minutes of watching today have earned beyond what was paid already."""
    earned = minutes // WATCH_STEP_MINUTES * WATCH_STEP_COINS
    return max(0, min(earned, WATCH_GRANT_COINS_MAX) - paid_coins)
