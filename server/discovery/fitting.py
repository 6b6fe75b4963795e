"""Teaching models from lists of choices, with NumPy alone: least squares and its logistic form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery.features import NAMES
from server.discovery.models import Linear
from server.discovery.regression import RIDGE, Gram, LinearModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.lists import Examples

LOGISTIC_STEPS_MAX: Final = 25
LOGISTIC_ROWS_MAX: Final = 200_000
"""Beyond this whole lists are left out; the weights of 25 features do not get better."""
_GAIN_MIN: Final = 1e-5
LOGISTIC_PENALTY: Final = 1e-4


def fit_linear(examples: Examples, *, ridge: float = RIDGE) -> Linear:
    """Each list counts the same, however many candidates it has. Raises ValueError for none."""
    gram = Gram(len(NAMES))
    sizes = np.diff(examples.groups)
    totals = np.add.reduceat(examples.weights, examples.groups[:-1]) if len(examples) else sizes
    per_row = examples.weights / np.repeat(totals, sizes)
    gram.add(examples.x, examples.y, per_row)
    return Linear("linear", gram.solve(NAMES, ridge=ridge))


def fit_logistic(examples: Examples) -> Linear:
    """The conditional logit (McFadden): what makes one likelier to be chosen than those beside it.

    Newton's method on the mean log-likelihood with a small penalty; a row that stands for many
    counts as that many.
    """
    if not len(examples):
        raise ValueError("there is nothing to learn from")
    examples = examples.part(LOGISTIC_ROWS_MAX)
    shares = examples.weights / examples.weights.sum()
    means = shares @ examples.x
    deviations = np.sqrt(np.maximum(shares @ (examples.x - means) ** 2, 0.0))
    varies = deviations > 1e-9 * (np.abs(means) + 1e-9)
    scales = np.where(varies, deviations, 1.0)
    z = (examples.x - means) / scales * varies
    weights = _newton(z, examples)
    return Linear("logistic", LinearModel(NAMES, 0.0, weights * varies, means, scales))


def _newton(z: NDArray[np.float64], examples: Examples) -> NDArray[np.float64]:
    starts, sizes = examples.groups[:-1], np.diff(examples.groups)
    lists, width = len(starts), z.shape[1]
    offsets = np.log(examples.weights)
    chosen = (examples.y @ z) / lists
    beta = np.zeros(width)
    value, likely = _likelihood(z, beta, offsets, starts, sizes, examples.y)
    for _ in range(LOGISTIC_STEPS_MAX):
        expected = np.add.reduceat(z * likely[:, None], starts, axis=0)
        gradient = chosen - expected.sum(axis=0) / lists - LOGISTIC_PENALTY * beta
        curvature = (z * likely[:, None]).T @ z - expected.T @ expected
        curvature = curvature / lists + LOGISTIC_PENALTY * np.eye(width)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > 1e-4:
            tried = beta + size * step
            new_value, new_likely = _likelihood(z, tried, offsets, starts, sizes, examples.y)
            if new_value > value:
                break
            size /= 2
        else:
            return beta
        gained, beta, value, likely = new_value - value, tried, new_value, new_likely
        if gained < _GAIN_MIN:
            return beta
    return beta


def _likelihood(
    z: NDArray[np.float64],
    beta: NDArray[np.float64],
    offsets: NDArray[np.float64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    y: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64]]:
    """The penalised mean log-likelihood, and how likely each row is within its list."""
    scores = z @ beta + offsets
    scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
    odds = np.exp(scores)
    totals = np.repeat(np.add.reduceat(odds, starts), sizes)
    chosen = y > 0
    value = float((scores[chosen] - np.log(totals[chosen])).sum()) / len(starts)
    return value - LOGISTIC_PENALTY * float(beta @ beta) / 2, odds / totals
