"""The wallet's card: limits being typed, and a statement that comes in pages."""

from __future__ import annotations

from app.state.wallet import MOVEMENTS_MAX, Limits, WalletState
from tests.unit.app.state.gift_parts import wallet
from wire import coin_events
from wire.ids import TransferId


def movement(number: int, unit: str = "coins") -> coin_events.Movement:
    return coin_events.Movement(
        transfer_id=TransferId(f"t{number}"),
        at_unix_ms=number,
        amount=-number,
        unit="beans" if unit == "beans" else "coins",
        kind="gift",
        balance=1000 - number,
    )


def page(numbers: range, cursor: str = "") -> coin_events.Movements:
    movements = tuple(movement(number) for number in numbers)
    return coin_events.Movements(re=1, movements=movements, next_cursor=cursor)


def test_limits_when_nothing_is_typed_then_are_the_relays() -> None:
    state = WalletState().with_wallet(wallet(limits=(5, None, 70)))
    assert state.limits == Limits(gift_coins=5, day_coins=None, month_coins=70)
    assert not state.can_save


def test_limits_when_typed_then_stay_until_saved() -> None:
    state = WalletState().with_wallet(wallet()).with_draft(Limits(day_coins=0))
    assert state.with_wallet(wallet(5)).limits == Limits(day_coins=0)
    assert state.can_save
    saved = state.saved(wallet(limits=(None, 0, None)))
    assert (saved.limits, saved.can_save) == (Limits(day_coins=0), False)


def test_limits_when_typed_back_then_there_is_nothing_to_save() -> None:
    state = WalletState().with_wallet(wallet(limits=(5, None, None)))
    assert not state.with_draft(Limits(gift_coins=5)).can_save


def test_statement_when_paged_then_grows_without_doubles_and_ends() -> None:
    state = WalletState().with_page(page(range(20), "more"))
    assert state.has_more
    state = state.with_page(page(range(19, 30)), cursor="more")
    assert [one.at_unix_ms for one in state.movements] == list(range(30))
    assert not state.has_more


def test_statement_when_it_began_anew_then_a_later_page_of_before_leaves_no_gap() -> None:
    state = WalletState().with_page(page(range(3), "c1"))
    assert state.with_page(page(range(40, 60), "c3"), cursor="c2") == state
    assert WalletState().with_page(page(range(40, 60)), cursor="c2") == WalletState()


def test_statement_when_read_anew_then_begins_from_the_newest() -> None:
    state = WalletState().with_page(page(range(20), "more"))
    state = state.with_page(page(range(3), "more"))
    assert len(state.movements) == 3


def test_statement_when_one_transfer_moves_both_units_then_both_lines_stay() -> None:
    both = (movement(1), movement(1, "beans"))
    pages = coin_events.Movements(re=1, movements=both)
    assert len(WalletState().with_page(pages).movements) == 2


def test_statement_when_endless_then_is_bounded() -> None:
    state = WalletState().with_page(page(range(MOVEMENTS_MAX + 5), "more"))
    assert len(state.movements) == MOVEMENTS_MAX
    assert not state.has_more
