"""The weighted cosine against its definition, and neighbours against the slow way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.discovery.similarity import gather, make_rows, neighbours, transpose, weighted_cosine

numbers = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-6)
weights = st.floats(0, 1e3, allow_nan=False).filter(lambda x: x == 0 or x > 1e-6)
tastes = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(numbers, min_size=n, max_size=n).map(np.array),
        st.lists(numbers, min_size=n, max_size=n).map(np.array),
        st.lists(weights, min_size=n, max_size=n).map(np.array),
    )
)


@given(tastes)
def test_cosine_when_of_any_two_then_is_symmetric_and_at_most_one(taste):
    u, v, w = taste
    assert weighted_cosine(u, v, w) == pytest.approx(weighted_cosine(v, u, w), abs=1e-12)
    assert abs(weighted_cosine(u, v, w)) <= 1.0


@given(tastes, st.floats(1e-6, 1e6))
def test_cosine_when_a_taste_is_scaled_then_stays(taste, factor):
    u, v, w = taste
    assert weighted_cosine(u * factor, v, w) == pytest.approx(weighted_cosine(u, v, w), abs=1e-9)


@given(tastes)
def test_cosine_when_with_itself_then_one_and_with_its_opposite_minus_one(taste):
    u, _, w = taste
    expected = 1.0 if np.any((u != 0) & (w > 0)) else 0.0
    assert weighted_cosine(u, u, w) == pytest.approx(expected)
    assert weighted_cosine(u, -u, w) == pytest.approx(-expected)


@given(tastes)
def test_cosine_when_computed_then_is_its_definition(taste):
    u, v, w = taste
    length = np.sqrt((w * u * u).sum()) * np.sqrt((w * v * v).sum())
    expected = (w * u * v).sum() / length if length > 0 else 0.0
    assert weighted_cosine(u, v, w) == pytest.approx(expected, abs=1e-9)


def test_cosine_when_one_taste_is_empty_then_zero_and_no_warning():
    assert weighted_cosine(np.zeros(3), np.ones(3), np.ones(3)) == 0.0
    assert weighted_cosine(np.array([1e-200]), np.array([1e-200]), np.ones(1)) == 1.0


def test_cosine_when_a_weight_is_negative_then_refuses():
    with pytest.raises(ValueError, match="negative"):
        weighted_cosine(np.ones(2), np.ones(2), np.array([1.0, -1.0]))


def sparse(rng, shape=(30, 20), share=0.3):
    dense = np.where(rng.random(shape) < share, rng.random(shape) + 0.1, 0.0)
    rows, columns = np.nonzero(dense)
    shuffled = rng.permutation(len(rows))
    rows, columns = rows[shuffled], columns[shuffled]
    return dense, make_rows(rows, columns, dense[rows, columns], shape=shape)


def test_rows_when_made_and_turned_then_hold_the_same_numbers():
    dense, matrix = sparse(np.random.default_rng(1))
    turned = transpose(matrix)
    for row in range(30):
        columns, values = matrix.row(row)
        assert np.array_equal(np.flatnonzero(dense[row]), columns)
        assert np.array_equal(dense[row][columns], values)
    for column in range(20):
        rows, values = turned.row(column)
        assert np.array_equal(dense[:, column][rows], values)


def test_gather_when_rows_are_summed_then_is_the_product():
    dense, matrix = sparse(np.random.default_rng(2))
    rows, factors = np.array([3, 17, 4]), np.array([0.5, -2.0, 1.0])
    assert np.allclose(gather(matrix, rows, factors), factors @ dense[rows])
    assert np.array_equal(gather(matrix, np.zeros(0, int), np.zeros(0)), np.zeros(20))


def test_neighbours_when_found_then_are_the_highest_cosines():
    dense, matrix = sparse(np.random.default_rng(3))
    found = neighbours(matrix, 5)
    lengths = np.linalg.norm(dense, axis=1)
    cosines = dense @ dense.T / np.outer(lengths, lengths)
    np.fill_diagonal(cosines, 0.0)
    for row in range(30):
        others, values = found.row(row)
        assert len(others) == 5
        assert np.allclose(values, cosines[row][others])
        assert set(others) == set(np.argsort(-cosines[row])[:5])
