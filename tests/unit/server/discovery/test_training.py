"""Which model serves, and that each is written and read as it was."""

import json

import numpy as np
import pytest

from server.discovery import fitting_trees, metrics, models
from server.discovery.evaluation import OURS, evaluate
from server.discovery.features import NAMES
from server.discovery.lists import Examples, thin
from server.discovery.models import Linear
from server.discovery.regression import LinearModel
from server.discovery.replay import collect
from server.discovery.taste import HalfLives
from server.discovery.training import (
    NUMPY_FITS,
    Scored,
    choose,
    cross_validate,
    rank_in,
    train,
)
from tests.unit.server.discovery.made_log import make_log


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Lists in which the first feature decides, with a little noise."""
    rng = np.random.default_rng(1)
    lists = []
    for _ in range(400):
        x = rng.random((30, len(NAMES)))
        chosen = int(np.argmax(x[:, 0] + rng.normal(0, 0.02, 30)))
        lists.append(thin(x, chosen, x[:, 8] > 0.5, rng))
    return Examples.join(lists)


@pytest.mark.parametrize("kind", [*NUMPY_FITS, *fitting_trees.FITS])
def test_model_when_taught_then_ranks_far_above_chance_and_survives_json(examples, kind):
    model = {**NUMPY_FITS, **fitting_trees.FITS}[kind](examples)
    assert model.kind == kind
    rng = np.random.default_rng(2)
    ranks = []
    for _ in range(100):
        x = rng.random((30, len(NAMES)))
        ranks.append(metrics.rank_of(model.score(x), int(np.argmax(x[:, 0]))))
    assert np.mean(ranks) < 6
    x = rng.random((50, len(NAMES)))
    again = models.from_plain(json.loads(json.dumps(model.to_plain())))
    assert np.allclose(again.score(x), model.score(x), rtol=1e-9, atol=1e-12)
    assert len(model.score(np.zeros((0, len(NAMES))))) == 0


@pytest.mark.parametrize("kind", [*NUMPY_FITS, *fitting_trees.FITS])
def test_model_when_there_is_nothing_then_says_so(kind):
    with pytest.raises(ValueError, match="nothing to learn from"):
        {**NUMPY_FITS, **fitting_trees.FITS}[kind](Examples.join([]))


def test_plain_when_of_an_unknown_kind_then_refused():
    with pytest.raises(KeyError):
        models.from_plain({"kind": "oracle"})


def test_thin_when_a_list_is_long_then_weights_stand_for_all():
    rng = np.random.default_rng(3)
    x = rng.random((5_000, len(NAMES)))
    is_seen = np.zeros(5_000, dtype=bool)
    is_seen[:300] = True
    kept = thin(x, 4_000, is_seen, rng)
    assert kept.weights.sum() == pytest.approx(5_000)
    assert len(kept.y) == 1 + 150 + 100
    assert not kept.is_known
    assert kept.y[0] == 1
    assert kept.y.sum() == 1


def scored(kind: str, ndcg: float, *, better: bool) -> Scored:
    return Scored(kind, metrics.Quality(ndcg, ndcg, 100), better)


def test_choice_when_none_is_better_beyond_chance_then_linear():
    scores = (scored("linear", 0.3, better=False), scored("net", 0.31, better=False))
    assert choose(scores) == "linear"


def test_choice_when_several_are_better_then_the_best():
    scores = (
        scored("linear", 0.3, better=False),
        scored("forest", 0.35, better=True),
        scored("boosting", 0.37, better=True),
        scored("net", 0.5, better=False),
    )
    assert choose(scores) == "boosting"


def test_cross_validation_when_a_kind_cannot_be_taught_then_the_others_go_on():
    log = make_log().sessionised()

    def fail(_examples: Examples) -> Linear:
        raise ValueError("too little")

    trained = train(log, seed=1, fits={**NUMPY_FITS, "knn": fail})
    found = {one.kind: one for one in trained.scores}
    assert found["knn"].failed == "too little"
    assert found["linear"].quality.moments > 100
    assert trained.model.kind in {"linear", "logistic"}


def test_cross_validation_when_a_kind_is_perfect_then_it_is_better():
    log = make_log().sessionised()
    bounds = np.linspace(len(log) // 2, len(log), 4).astype(np.int64)
    segments, _, _ = collect(log, bounds, HalfLives(), np.random.default_rng(1))
    weights = np.zeros(len(NAMES))
    weights[0] = -1.0
    worst = Linear("linear", LinearModel(NAMES, 0.0, weights, np.zeros(25), np.ones(25)))
    fits = {"linear": lambda _examples: worst, "logistic": NUMPY_FITS["logistic"]}
    scores = cross_validate(segments, fits)
    assert [one.kind for one in scores] == ["linear", "logistic"]
    assert scores[1].is_better_than_default
    assert rank_in(worst, segments[1].checking[0]) >= 1


def test_train_when_repeated_with_one_seed_then_gives_the_same_model():
    log = make_log().sessionised()
    first, second = train(log, seed=4), train(log, seed=4)
    assert first.model.to_plain() == second.model.to_plain()


def test_train_when_there_is_too_little_then_says_how_much_is_needed():
    log = make_log(users=3, days=10).sessionised()
    with pytest.raises(ValueError, match="at least 200 visits are needed"):
        train(log, seed=1)


def test_train_when_told_to_stop_then_stops():
    class Stopped(Exception):
        pass

    def advance(step: str, share: float) -> None:
        assert 0 <= share <= 1
        if step == "replaying" and share > 0.6:
            raise Stopped

    with pytest.raises(Stopped):
        train(make_log().sessionised(), seed=1, advance=advance)


@pytest.mark.parametrize("with_shows", [False, True])
def test_evaluation_when_people_have_habits_then_ours_beats_every_baseline(with_shows):
    log = make_log(users=150, days=90, with_shows=with_shows).sessionised()
    found = evaluate(log, seed=1, moments_max=800)
    rows = {row.method: row for row in found.rows}
    best = max(row.total.ndcg for row in found.rows if row.method not in {OURS, "own history"})
    assert rows[OURS].total.ndcg > best
    assert rows[OURS].repeat.moments + rows[OURS].novel.moments == rows[OURS].total.moments
    assert rows[OURS].total.moments == 800
    assert 0 < rows["most popular"].coverage <= rows[OURS].coverage <= 1
