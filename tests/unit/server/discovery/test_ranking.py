"""Scores as sums, the order of places, and the places that are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from server.discovery import ranking
from server.discovery.features import NAMES
from server.discovery.models import Trees


def moment(count: int, *, visits: float = 50.0) -> ranking.Moment:
    zero = np.zeros(count)
    return ranking.Moment(visits, *(zero,) * 9)


def features(count: int) -> np.ndarray:
    return np.random.default_rng(3).random((count, len(NAMES)))


def nobody(count: int) -> ranking.Discovery:
    no = np.zeros(count, dtype=np.bool_)
    return ranking.Discovery(no, no, np.zeros(count), np.zeros(count))


def scored(scores: np.ndarray, personal: float = 0.9) -> ranking.Scored:
    return ranking.Scored(
        scores,
        0.0,
        personal,
        1.0,
        ranking.starting_model().model,
        np.zeros((len(scores), len(NAMES))),
        np.zeros((len(ranking.LIVE_PARTS), len(scores))),
        is_approximate=False,
    )


def stump(feature: int) -> Trees:
    return Trees(
        "tree",
        roots=np.array([0]),
        feature=np.array([feature, 0, 0]),
        threshold=np.array([0.5, 0, 0]),
        left=np.array([1, 1, 2]),
        right=np.array([2, 1, 2]),
        value=np.array([0.0, 0.0, 1.0]),
        depth=1,
        base=0.0,
        rate=1.0,
    )


@pytest.mark.parametrize("model", [None, stump(4)])
def test_score_when_taken_apart_then_base_and_parts_sum_to_it(model: Trees | None) -> None:
    found = ranking.score(ranking.starting_model().model, model, features(700), moment(700))
    parts = found.parts(np.arange(700))
    assert np.allclose(found.base + parts.sum(axis=1), found.scores, atol=1e-9)


@pytest.mark.parametrize("model", [None, stump(4)])
def test_score_when_a_recording_was_passed_over_often_then_below_its_equals(
    model: Trees | None,
) -> None:
    x = np.repeat(features(1), 3, axis=0)
    passed = np.array([20.0, 0.0, 1.0])
    found = ranking.score(
        ranking.starting_model().model, model, x, replace(moment(3), passed=passed)
    )
    assert np.argsort(-found.scores).tolist() == [1, 2, 0]
    parts = found.parts([0])[0]
    assert found.base + parts.sum() == pytest.approx(found.scores[0], abs=1e-9)
    assert parts[ranking.PARTS.index("passed")] < 0


def test_score_when_the_model_is_a_tree_then_it_orders_the_best_of_the_linear_one() -> None:
    x = features(700)
    linear = ranking.starting_model().model
    by_linear = ranking.top_of(ranking.score(linear, None, x, moment(700)).scores, 500)
    found = ranking.score(linear, stump(4), x, moment(700))
    top = ranking.top_of(found.scores, 500)
    assert set(top) == set(by_linear)
    chosen = x[top, 4] > 0.5
    assert chosen[: chosen.sum()].all()


def test_score_when_nothing_is_known_of_the_user_then_only_what_all_like() -> None:
    found = ranking.score(ranking.starting_model().model, None, features(5), moment(5, visits=0.0))
    assert np.all(found.scores == 0)
    assert found.personal == 0


def test_arrange_when_scores_alone_count_then_best_first() -> None:
    scores = np.random.default_rng(1).random(300)
    order = ranking.arrange(
        scored(scores), np.full(300, -1), nobody(300), np.random.default_rng(1), places=20
    )
    assert [row for row, _ in order] == ranking.top_of(scores, 20).tolist()


def test_arrange_when_one_category_is_best_then_at_most_two_in_a_row() -> None:
    categories = np.array([0] * 30 + [1] * 20)
    scores = np.linspace(5, 0, 50)
    order = ranking.arrange(
        scored(scores), categories, nobody(50), np.random.default_rng(1), places=30
    )
    kinds = [int(categories[row]) for row, _ in order]
    assert not any(kinds[at] == kinds[at + 1] == kinds[at + 2] for at in range(28))


def test_arrange_when_only_one_category_is_left_then_the_list_is_whole() -> None:
    order = ranking.arrange(
        scored(np.arange(40.0)), np.zeros(40), nobody(40), np.random.default_rng(1), places=40
    )
    assert sorted(row for row, _ in order) == list(range(40))


def test_arrange_when_some_are_new_then_a_tenth_of_the_places_is_theirs() -> None:
    count = 200
    is_new = np.zeros(count, dtype=np.bool_)
    is_new[150:] = True
    unknown = np.zeros(count, dtype=np.bool_)
    unknown[100:] = True
    order = ranking.arrange(
        scored(np.linspace(9, 0, count)),
        np.full(count, -1),
        ranking.Discovery(unknown, is_new, np.zeros(count), np.zeros(count)),
        np.random.default_rng(1),
        places=50,
    )
    shown = [row for row, _ in order]
    assert sum(is_new[row] for row in shown) == 5
    assert [at for at, (_, is_kept) in enumerate(order) if is_kept] == [
        at for at in range(50) if at % 10 in (4, 9)
    ]


def test_arrange_when_one_made_more_stay_then_it_is_tried_more_often() -> None:
    count = 40
    unknown = np.zeros(count, dtype=np.bool_)
    unknown[38:] = True
    stayed, left = np.zeros(count), np.zeros(count)
    stayed[38], left[39] = 30, 30
    tried = [
        row
        for seed in range(30)
        for row, is_kept in ranking.arrange(
            scored(np.linspace(9, 0, count)),
            np.full(count, -1),
            ranking.Discovery(unknown, unknown & False, stayed, left),
            np.random.default_rng(seed),
            places=10,
        )
        if is_kept
    ]
    assert tried.count(38) == 30


def test_top_of_when_scores_are_equal_then_the_first_are_first() -> None:
    assert ranking.top_of(np.ones(10), 3).tolist() == [0, 1, 2]


def test_places_when_some_are_first_then_before_all_others_and_the_kept_places_after_them() -> None:
    scores = np.linspace(2.0, -2.0, 40)
    is_new = np.zeros(40, dtype=np.bool_)
    is_new[35] = True
    first = np.zeros(40, dtype=np.bool_)
    first[[30, 20]] = True
    order = ranking.arrange(
        scored(scores),
        [-1] * 40,
        ranking.Discovery(is_new, is_new, np.zeros(40), np.zeros(40)),
        np.random.default_rng(1),
        places=12,
        first=first,
    )
    assert order[:3] == [(20, False), (30, False), (0, False)]
    assert order[2 + ranking.NEW_PLACE] == (35, True)
    assert len({row for row, _ in order}) == 12


def test_places_when_more_are_first_than_fit_then_the_best_of_them() -> None:
    first = np.ones(80, dtype=np.bool_)
    order = ranking.arrange(
        scored(np.linspace(2.0, -2.0, 80)),
        [0] * 80,
        nobody(80),
        np.random.default_rng(1),
        places=60,
        first=first,
    )
    assert order == [(row, False) for row in range(60)]
