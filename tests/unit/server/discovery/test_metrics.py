import math

import numpy as np
import pytest

from server.discovery import metrics


@pytest.mark.parametrize(
    ("scores", "chosen", "rank"),
    [
        ([3.0, 2.0, 1.0], 0, 1.0),
        ([3.0, 2.0, 1.0], 2, 3.0),
        ([1.0, 1.0, 1.0], 1, 2.0),
        ([0.0, 5.0, 0.0, 0.0], 0, 3.0),
        ([math.nan, 1.0], 0, 2.0),
    ],
)
def test_rank_when_asked_then_counts_those_above_and_half_of_the_equals(scores, chosen, rank):
    assert metrics.rank_of(np.array(scores), chosen) == rank


def test_quality_when_of_ranks_then_is_the_mean():
    quality = metrics.Quality.of([1.0, 3.0, 11.0])
    assert quality.ndcg == pytest.approx((1.0 + 0.5 + 0.0) / 3)
    assert quality.hit_rate == pytest.approx(2 / 3)
    assert quality.moments == 3
    assert metrics.Quality.of([]) == metrics.Quality(0.0, 0.0, 0)


def test_better_when_the_difference_is_chance_then_no():
    rng = np.random.default_rng(1)
    theirs = rng.integers(1, 30, 300).astype(float)
    assert not metrics.is_better(theirs.tolist(), theirs.tolist())
    noise = np.clip(theirs + rng.integers(-1, 2, 300), 1, None)
    assert not metrics.is_better(theirs.tolist(), noise.tolist()) or not metrics.is_better(
        noise.tolist(), theirs.tolist()
    )
    assert metrics.is_better(np.maximum(theirs / 3, 1).tolist(), theirs.tolist())
    assert not metrics.is_better([1.0], [10.0])
