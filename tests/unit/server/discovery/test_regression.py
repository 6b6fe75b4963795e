"""Least squares: NumPy's and scikit-learn's solution, and still right where the formula fails."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, Ridge

from server.discovery.regression import ColumnCleaner, Gram, LinearModel, fit_least_squares

NAMES = ("minutes", "likes", "coins", "acts an hour")


def coefficients(model: LinearModel) -> tuple[float, np.ndarray]:
    """Intercept and slopes in the columns' own units."""
    slopes = model.weights / model.scales
    return model.intercept - float(model.means @ slopes), slopes


def well_conditioned() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(500, 4))
    return x, x @ [0.3, 0.2, 0.4, 0.1] + 0.5 + rng.normal(scale=0.05, size=500)


def raw_units() -> tuple[np.ndarray, np.ndarray]:
    """Minutes, likes, coins and acts as they come: the condition number is in the millions."""
    rng = np.random.default_rng(4)
    x = np.column_stack(
        [
            rng.exponential(300, 500),
            rng.poisson(40, 500),
            rng.pareto(1.2, 500) * 10_000,
            rng.exponential(2, 500),
        ]
    )
    assert np.linalg.cond(np.column_stack([np.ones(500), x])) > 1e5
    return x, np.log1p(x) @ [0.3, 0.2, 0.4, 0.1] + rng.normal(scale=0.1, size=500)


@pytest.mark.parametrize("make", [well_conditioned, raw_units])
@pytest.mark.parametrize("way", ["table", "sums"])
def test_fit_when_without_ridge_then_equals_numpy_and_scikit_learn(make, way):
    x, y = make()
    if way == "table":
        model = fit_least_squares(x, y, NAMES, ridge=0.0)
    else:
        gram = Gram(4)
        for start in range(0, len(x), 37):
            gram.add(x[start : start + 37], y[start : start + 37])
        model = gram.solve(NAMES, ridge=0.0)
    intercept, slopes = coefficients(model)
    numpy_solution = np.linalg.lstsq(np.column_stack([np.ones(len(x)), x]), y, rcond=None)[0]
    theirs = LinearRegression().fit(x, y)
    assert np.allclose([intercept, *slopes], numpy_solution, rtol=1e-8, atol=1e-8)
    assert np.allclose(slopes, theirs.coef_, rtol=1e-8, atol=1e-8)
    assert intercept == pytest.approx(theirs.intercept_, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("way", ["table", "sums"])
def test_fit_when_with_ridge_then_equals_scikit_learn_on_standardised_columns(way):
    x, y = raw_units()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    theirs = Ridge(alpha=0.01 * len(x)).fit(z, y)
    if way == "table":
        ours = fit_least_squares(x, y, NAMES, ridge=0.01)
    else:
        gram = Gram(4)
        gram.add(x, y)
        ours = gram.solve(NAMES, ridge=0.01)
    assert np.allclose(ours.weights, theirs.coef_, rtol=1e-8, atol=1e-8)
    assert np.allclose(ours.score(x), theirs.predict(z), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("ridge", [0.0, 1e-3])
def test_fit_when_a_column_stands_twice_then_shares_its_weight_and_predicts_as_before(ridge):
    x, y = well_conditioned()
    doubled = np.column_stack([x, x[:, 0]])
    model = fit_least_squares(doubled, y, (*NAMES, "minutes again"), ridge=ridge)
    assert model.weights[0] == pytest.approx(model.weights[4], rel=1e-6)
    alone = fit_least_squares(x, y, NAMES, ridge=ridge)
    assert np.allclose(model.score(doubled), alone.score(x), atol=1e-3)
    gram = Gram(5)
    gram.add(doubled, y)
    assert np.allclose(
        gram.solve((*NAMES, "again"), ridge=ridge).score(doubled), model.score(doubled)
    )


def test_fit_when_a_column_never_varies_then_it_weighs_nothing():
    x, y = well_conditioned()
    x[:, 2] = 2_026.0
    gram = Gram(4)
    gram.add(x, y)
    for model in (gram.solve(NAMES), fit_least_squares(x, y, NAMES)):
        assert model.weights[2] == 0
        assert np.isfinite(model.score(x)).all()


def test_gram_when_rows_weigh_then_equals_rows_that_are_repeated():
    x, y = well_conditioned()
    times = np.random.default_rng(5).integers(1, 4, len(x))
    weighed, repeated = Gram(4), Gram(4)
    weighed.add(x, y, times.astype(float))
    repeated.add(np.repeat(x, times, axis=0), np.repeat(y, times))
    assert np.allclose(weighed.solve(NAMES).weights, repeated.solve(NAMES).weights, rtol=1e-9)


def test_gram_when_nothing_was_added_then_says_so():
    with pytest.raises(ValueError, match="nothing to learn from"):
        Gram(4).solve(NAMES)


def test_worked_example_when_scored_then_gives_the_documented_figure():
    """b = (0.5; 0.3, 0.2, 0.4, 0.1): docs/recommender.md works it through."""
    model = LinearModel(NAMES, 0.5, np.array([0.3, 0.2, 0.4, 0.1]), np.zeros(4), np.ones(4))
    rows = np.array([[10.0, 5.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
    assert model.score(rows) == pytest.approx([0.5 + 3.0 + 1.0 + 0.8 + 0.3, 0.5])
    assert model.contributions(rows)[0] == pytest.approx([3.0, 1.0, 0.8, 0.3])


def test_contributions_when_summed_with_the_intercept_then_are_the_score():
    x, y = raw_units()
    model = fit_least_squares(x, y, NAMES)
    total = model.contributions(x).sum(axis=1) + model.intercept
    assert np.allclose(total, model.score(x), atol=1e-6)


def test_cleaner_when_values_are_missing_then_fills_flags_cuts_and_takes_logarithms():
    x = np.column_stack([np.arange(1_000.0), np.ones(1_000)])
    x[0, 1] = np.nan
    x[999, 0] = 1e12
    cleaner = ColumnCleaner.learn(x, is_amount=np.array([True, False]))
    cleaned = cleaner.clean(x)
    assert cleaned.shape == (1_000, 3)
    assert cleaned[999, 0] == pytest.approx(np.log1p(998))
    assert cleaned[5, 0] == pytest.approx(np.log1p(5))
    assert cleaned[0, 1:].tolist() == [1.0, 1.0]
    assert cleaned[1, 1:].tolist() == [1.0, 0.0]
