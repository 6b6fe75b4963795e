"""What is believed, as it is shown: nearest wishes, honest percentages, what speaks for a room."""

from __future__ import annotations

import pytest

from app.state.quality import DAY_MS, QualityState, sort_weights
from app.state.recommending import find_why, is_empty, percent, wish_of
from tests.unit.app.ui.admin.recommender_states import TODAY, models, nothing_yet, report
from tests.unit.app.ui.recommended_states import belief, told_room
from wire import discovery_events as seen


def say(words: str) -> str:
    return words


@pytest.mark.parametrize(
    ("weight", "wish"),
    [
        (0.0, "forget"),
        (0.2, "forget"),
        (0.5, "less"),
        (1.0, "learned"),
        (1.6, "more"),
        (9.0, "more"),
    ],
)
def test_wish_when_a_weight_lies_between_then_the_nearest(weight: float, wish: str) -> None:
    assert wish_of(weight) == wish


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, 0), (0.001, 1), (0.414, 41), (0.999, 99), (1.0, 100), (7.0, 100)]
)
def test_percent_when_rounded_then_little_is_not_nothing(share: float, shown: int) -> None:
    assert percent(share) == shown


def test_why_when_looked_up_then_only_what_is_of_this_room() -> None:
    why = find_why(belief(say), told_room(say, 0, "watched"))
    assert why.streamer is not None
    assert why.streamer.user.user_id == "s0"
    assert why.category is not None
    assert why.category.category == "Outdoors"
    other = find_why(seen.Belief(re=1), told_room(say, 0, "watched"))
    assert (other.streamer, other.category) == (None, None)
    assert is_empty(seen.Belief(re=1))
    assert not is_empty(belief(say))


def test_quality_when_read_then_ours_and_the_popular_at_the_same_days() -> None:
    state = QualityState(report(3), models(say))
    ours, popular = state.series("ndcg"), state.popular("ndcg")
    assert [at for at, _ in ours] == [at for at, _ in popular]
    assert ours[-1][0] == (TODAY - 1) * DAY_MS
    assert all(own > other for (_, own), (_, other) in zip(ours, popular, strict=True))
    assert state.popular("coverage") == ()
    assert state.serving is not None
    assert state.serving.model_id == "m0"


def test_quality_when_a_day_measured_nothing_then_it_is_no_zero() -> None:
    days = (seen.QualityDay(day=1), seen.QualityDay(day=2, moments=3, hit_rate=0.5, lists=9))
    state = QualityState(seen.QualityReport(re=1, days=days))
    assert state.series("hit_rate") == ((2 * DAY_MS, 0.5),)
    assert nothing_yet().series("hit_rate") == ()
    assert not nothing_yet().is_training
    assert sort_weights(None) == ()


def test_weights_when_sorted_then_the_strongest_first_whatever_their_sign() -> None:
    model = models(say).models[0]
    weights = [abs(weight) for _, weight in sort_weights(model)]
    assert weights == sorted(weights, reverse=True)
