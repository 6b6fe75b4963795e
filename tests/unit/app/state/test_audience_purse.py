"""What simulated viewers choose: gifts within their purse, votes with a favourite."""

from __future__ import annotations

from collections import Counter

import pytest

from app.state.audience_purse import (
    DELAY_S_MAX,
    TREAT_COINS_MIN,
    Present,
    choose_present,
    choose_treat,
    choose_vote,
    delay_s,
)
from wire.coin_events import GiftInfo
from wire.ids import GiftId, PollId

GIFTS = (
    GiftInfo(gift_id=GiftId("castle"), price_coins=5200, effect="stage", names={}),
    GiftInfo(gift_id=GiftId("flower"), price_coins=1, effect="banner", names={}),
    GiftInfo(gift_id=GiftId("lantern"), price_coins=50, effect="combo", names={}),
)
CHANCES = tuple(step / 100 for step in range(100))


@pytest.mark.parametrize(
    ("coins", "generosity", "times", "present"),
    [
        (100, 0.0, 1, Present(GiftId("flower"), 1)),
        (100, 0.8, 12, Present(GiftId("lantern"), 2)),
        (6000, 0.99, 12, Present(GiftId("castle"), 1)),
        (6000, 0.5, 12, Present(GiftId("lantern"), 12)),
        (3, 0.99, 12, Present(GiftId("flower"), 3)),
        (0, 0.99, 12, None),
    ],
)
def test_present_when_chosen_then_fits_purse_and_mood(
    coins: int, generosity: float, times: int, present: Present | None
) -> None:
    assert choose_present(GIFTS, coins, generosity, times) == present


def test_present_when_chosen_at_random_then_never_costs_more_than_there_is() -> None:
    prices = {gift.gift_id: gift.price_coins for gift in GIFTS}
    for coins in (1, 7, 49, 50, 51, 100, 5199, 5200, 20_000):
        for chance in CHANCES:
            present = choose_present(GIFTS, coins, chance, 12)
            assert present is not None
            assert prices[present.gift_id] * present.times <= coins


def test_treat_when_chosen_then_leaves_half_of_the_purse_and_a_coin_for_each_share() -> None:
    assert choose_treat(2 * TREAT_COINS_MIN - 1, 0.99) is None
    for chance in CHANCES:
        coins, shares = choose_treat(100, chance) or (0, 0)
        assert TREAT_COINS_MIN <= coins <= 50
        assert 3 <= shares <= 12


def test_votes_when_many_are_counted_then_there_is_a_favourite_and_none_is_left_out() -> None:
    poll_id = PollId("abc")
    votes = Counter(choose_vote(poll_id, 4, chance) for chance in CHANCES)
    most = [number for _, number in votes.most_common()]
    assert set(votes) == {0, 1, 2, 3}
    assert most[0] > 1.5 * most[1] > most[3]
    favourites = {
        Counter(choose_vote(PollId(name), 4, one) for one in CHANCES).most_common(1)[0][0]
        for name in ("a", "b", "c", "d", "e", "f", "g", "h")
    }
    assert len(favourites) > 1, "the poll decides, and not always for the first"


def test_delay_when_little_time_is_left_then_comes_before_the_end() -> None:
    for chance in CHANCES:
        assert 0.8 <= delay_s(120_000, chance) <= DELAY_S_MAX
        assert 0 <= delay_s(500, chance) < 0.5
