from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.audit import PacketState, verify
from server.ledger.rules import (
    FIRST_HASH,
    ISSUE,
    WATCH_GRANT_COINS_MAX,
    Booked,
    BookedEntry,
    Line,
    SpendingLimits,
    beans_of,
    chain_hash,
    check_lines,
    check_spending,
    coins_of,
    escrow_of,
    move,
    watch_grant,
)
from wire.errors import ErrorCode, WireError
from wire.limits import INTEGER_MAX

LIMIT = st.none() | st.integers(0, 1_000)
COINS = st.integers(1, 1_000)


def make_book(moves: list[tuple[str, str, int]]) -> tuple[list[Booked], dict[str, int]]:
    balances: dict[str, int] = {}
    book: list[Booked] = []
    previous = FIRST_HASH
    for seq, (source, target, coins) in enumerate(moves, 1):
        entries = []
        for account, amount in ((source, -coins), (target, coins)):
            balances[account] = balances.get(account, 0) + amount
            entries.append(BookedEntry(account, amount, balances[account]))
        fields: dict[str, str | int | None] = {"id": f"t{seq}", "note": ""}
        made = chain_hash(seq, fields, entries, previous)
        book.append(Booked(seq, fields, previous, made, tuple(entries)))
        previous = made
    return book, balances


MOVES = [
    (ISSUE.account_id, "coins:a", 100),
    ("coins:a", "beans:b", 10),
    ("coins:a", "packet:p", 30),
    ("packet:p", "coins:b", 12),
]


def test_verify_when_the_book_is_whole_then_ok() -> None:
    book, balances = make_book(MOVES)
    report = verify(book, balances, [PacketState("packet:p", 18)])
    assert report.ok
    assert (report.transfers, report.accounts, report.coins_issued) == (4, 5, 100)
    assert report.head == book[-1].hash
    assert verify([], {}, []).ok


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
@pytest.mark.parametrize("change", ["amount", "note", "hash", "gone", "entries"])
def test_verify_when_one_transfer_is_tampered_with_then_told(seq: int, change: str) -> None:
    book, balances = make_book(MOVES)
    was = book[seq - 1]
    first, second = was.entries
    changed = {
        "amount": [
            dataclasses.replace(
                was, entries=(first, dataclasses.replace(second, amount=second.amount + 1))
            )
        ],
        "note": [dataclasses.replace(was, fields={**was.fields, "note": "x"})],
        "hash": [dataclasses.replace(was, hash="f" * 64)],
        "gone": [],
        "entries": [dataclasses.replace(was, entries=())],
    }[change]
    book[seq - 1 : seq] = changed
    report = verify(book, balances, [PacketState("packet:p", 18)])
    assert not report.ok
    assert report.problems


def test_verify_when_a_balance_is_changed_then_told() -> None:
    book, balances = make_book(MOVES)
    report = verify(book, {**balances, "coins:a": 61}, [PacketState("packet:p", 18)])
    assert report.problems == (
        "coins:a holds 61, its entries say 60",
        "all balances together are not zero",
    )
    report = verify(book, balances, [PacketState("packet:p", 17)])
    assert report.problems == ("packet:p holds 18, its shares say 17",)


def test_verify_when_a_purse_went_below_zero_then_told() -> None:
    book, balances = make_book([("coins:a", "coins:b", 5)])
    assert verify(book, balances, []).problems == ("transfer 1 leaves coins:a below zero",)


@given(st.lists(st.integers(-5, 5), max_size=5))
def test_lines_when_checked_then_two_or_more_that_move_and_sum_to_zero(amounts: list[int]) -> None:
    lines = [Line(coins_of(f"u{number}"), amount) for number, amount in enumerate(amounts)]
    is_good = len(amounts) >= 2 and sum(amounts) == 0 and 0 not in amounts
    if is_good:
        check_lines(lines)
        return
    with pytest.raises(ValueError, match=r"entries|entry"):
        check_lines(lines)


def test_lines_when_huge_then_refused() -> None:
    with pytest.raises(ValueError, match="no more than there can be"):
        check_lines(move(INTEGER_MAX + 1, source=ISSUE, target=coins_of("a")))


def test_accounts_when_named_then_no_two_alike() -> None:
    named = {coins_of("a"), beans_of("a"), escrow_of("a", "b"), ISSUE}
    assert len({account.account_id for account in named}) == 4


@given(LIMIT, LIMIT, LIMIT, COINS, st.integers(0, 1_000), st.integers(0, 1_000))
def test_limits_when_checked_then_the_first_that_is_passed_is_named(
    gift: int | None, day: int | None, month: int | None, coins: int, spent: int, more: int
) -> None:
    totals = (coins, spent + coins, spent + more + coins)
    passed = [
        name
        for name, limit, total in zip(
            ("gift", "day", "month"), (gift, day, month), totals, strict=True
        )
        if limit is not None and total > limit
    ]
    limits = SpendingLimits(gift, day, month)
    if not passed:
        check_spending(limits, coins, spent_day=spent, spent_month=spent + more)
        return
    with pytest.raises(WireError) as caught:
        check_spending(limits, coins, spent_day=spent, spent_month=spent + more)
    assert caught.value.code is ErrorCode.LIMIT_REACHED
    assert caught.value.field == f"limit_{passed[0]}_coins"


@given(st.lists(st.integers(0, 40), max_size=30))
def test_watch_grant_when_claimed_at_any_times_then_never_more_than_earned_or_the_cap(
    steps: list[int],
) -> None:
    minutes = paid = 0
    for step in steps:
        minutes += step
        paid += watch_grant(minutes, paid)
        assert paid == min(minutes // 10 * 10, WATCH_GRANT_COINS_MAX)
