from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import SettingsError
from server.gifts.catalogue import load_catalogue, parse_catalogue
from server.gifts.rules import COMBO_S, Combos, Streak, next_combo, split
from wire.limits import COINS_MAX, GIFT_COUNT_MAX, INTEGER_MAX, RED_PACKET_SHARES_MAX


@given(st.data())
def test_split_when_drawn_then_the_sum_is_exact_and_no_share_is_empty(data: st.DataObject) -> None:
    coins = data.draw(st.integers(1, COINS_MAX))
    shares = data.draw(st.integers(1, min(coins, RED_PACKET_SHARES_MAX)))
    below = random.Random(data.draw(st.integers())).randrange
    drawn = split(coins, shares, below)
    assert len(drawn) == shares
    assert sum(drawn) == coins
    assert min(drawn) >= 1


def test_split_when_as_many_shares_as_coins_then_one_each() -> None:
    assert split(200, 200, random.Random(1).randrange) == (1,) * 200
    assert split(7, 1, random.Random(1).randrange) == (7,)


def test_split_when_drawn_often_then_every_way_is_as_likely() -> None:
    below = random.Random(2).randrange
    found = Counter(split(5, 3, below) for _ in range(6_000))
    assert len(found) == 6
    assert all(800 < count < 1_200 for count in found.values())


@pytest.mark.parametrize(("coins", "shares"), [(1, 2), (5, 0), (0, 0), (-3, 1)])
def test_split_when_a_share_would_be_empty_then_refused(coins: int, shares: int) -> None:
    with pytest.raises(ValueError, match="at least one coin"):
        split(coins, shares, lambda _top: 0)


@given(st.lists(st.tuples(st.integers(1, 99), st.floats(0, 10)), max_size=20))
def test_combo_when_gaps_vary_then_counts_since_the_last_gap_above_5_s(
    gifts: list[tuple[int, float]],
) -> None:
    last: Streak | None = None
    now, expected = 0.0, 0
    for count, gap in gifts:
        before, now = now, now + gap
        expected = count + (expected if now - before <= COMBO_S else 0)
        combo = next_combo(last, count, now)
        assert combo == expected
        last = Streak(combo, now)


def test_combos_when_over_then_forgotten() -> None:
    combos = Combos()
    for number in range(100):
        combos.note(f"u{number}", "flower", "r", combo=1, now_s=number * 0.1)
    assert combos.next("u99", "flower", "r", count=1, now_s=9.9) == 2
    assert combos.next("u1", "flower", "r", count=1, now_s=9.9) == 1
    assert len(combos._streaks) <= 51


def test_catalogue_when_loaded_then_has_its_gifts_in_order_of_price() -> None:
    gifts = load_catalogue()
    assert len(gifts) >= 10
    assert [gift.price_coins for gift in gifts] == sorted(gift.price_coins for gift in gifts)
    assert {"flower", "castle"} <= {gift.gift_id for gift in gifts}
    assert {gift.effect for gift in gifts} == {"banner", "combo", "stage"}
    assert all(gift.price_coins * GIFT_COUNT_MAX <= INTEGER_MAX for gift in gifts)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b'[{"gift_id": "a"}]',
        b'[{"gift_id": "ab", "price_coins": 0, "effect": "banner", "names": {"en": "A"}}]',
        b'[{"gift_id": "ab", "price_coins": 1, "effect": "banner", "names": {"en": "A"}}]',
        b'[{"gift_id": "../x", "price_coins": 1, "effect": "banner", "names": {}}]',
    ],
)
def test_catalogue_when_damaged_then_refused(text: bytes) -> None:
    with pytest.raises(SettingsError, match="gift"):
        parse_catalogue(text)
