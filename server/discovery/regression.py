"""The preference score: linear regression by least squares, solved so that it holds.

The textbook's beta = (X'X)^-1 X'Y breaks in silence on raw units and on columns that say the same
thing twice. Here columns are cleaned (median where a value is missing, cut at the 99.9th
percentile), brought to log1p where they are amounts, standardised, and the normal equations

    (Z'Z + a I) beta = Z'y

are solved by Cholesky; where that fails (a = 0 and columns that depend on each other) by lstsq,
which gives the shortest of the many solutions. The intercept is not penalised: the columns are
centred, so it is the mean of y.

The sums Z'Z and Z'y can be gathered list by list, so that training sees every candidate of every
list and holds none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP_PART: Final = 1_000
"""One in so many is an outlier."""
RIDGE: Final = 1e-3
"""Of the number of rows: enough for doubled columns, nothing beside one that says something."""


@dataclass(frozen=True)
class LinearModel:
    """score = intercept + sum_k weights_k (x_k - means_k) / scales_k."""

    names: tuple[str, ...]
    intercept: float
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    """1 where a column never varied; its weight is 0."""

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, features) -> (rows,)"""
        slopes = self.weights / self.scales
        return x @ slopes + (self.intercept - float(self.means @ slopes))

    def contributions(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each feature adds to the score, as (rows, features).

        A row's sum and the intercept are its score.
        """
        return (x - self.means) * (self.weights / self.scales)


class Gram:
    """Sums over rows from which a least-squares model is solved. Rows may have weights."""

    def __init__(self, width: int) -> None:
        self._xx = np.zeros((width, width))
        self._xy = np.zeros(width)
        self._x = np.zeros(width)
        self._y = 0.0
        self._rows = 0.0
        self._shift = np.zeros(width)
        self._is_empty = True

    @property
    def rows(self) -> float:
        """The sum of the rows' weights."""
        return self._rows

    def add(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        weights: NDArray[np.float64] | None = None,
    ) -> None:
        """x: (rows, features), y: (rows,), weights: (rows,) or None for 1 each."""
        if not len(x):
            return
        if self._is_empty:
            # Sums about a value near the mean keep their digits; about zero a column such as a
            # year would lose them all.
            self._shift = x.mean(axis=0)
            self._is_empty = False
        z = x - self._shift
        zw = z if weights is None else z * weights[:, None]
        self._xx += zw.T @ z
        self._xy += zw.T @ y
        self._x += zw.sum(axis=0)
        self._y += float(y.sum() if weights is None else weights @ y)
        self._rows += float(len(x) if weights is None else weights.sum())

    def solve(self, names: tuple[str, ...], *, ridge: float = RIDGE) -> LinearModel:
        """`ridge` is a share of the number of rows; 0 is plain least squares.

        Raises ValueError when nothing was added.
        """
        if self._rows <= 0:
            raise ValueError("there is nothing to learn from")
        mean_z = self._x / self._rows
        covariance = self._xx / self._rows - np.outer(mean_z, mean_z)
        slope = self._xy / self._rows - mean_z * (self._y / self._rows)
        variances = np.maximum(np.diag(covariance), 0.0)
        # A constant column leaves a rounding error of about this size.
        floor = 1e-12 * (np.abs(np.diag(self._xx)) / self._rows + 1e-12)
        varies = variances > floor
        scales = np.where(varies, np.sqrt(np.where(varies, variances, 1.0)), 1.0)
        weights = np.zeros(len(scales))
        if varies.any():
            kept = np.flatnonzero(varies)
            correlation = covariance[np.ix_(kept, kept)] / np.outer(scales[kept], scales[kept])
            weights[kept] = _solve(correlation, slope[kept] / scales[kept], ridge)
        return LinearModel(
            names=names,
            intercept=self._y / self._rows,
            weights=weights,
            means=mean_z + self._shift,
            scales=scales,
        )


def fit_least_squares(
    x: NDArray[np.float64], y: NDArray[np.float64], names: tuple[str, ...], *, ridge: float = RIDGE
) -> LinearModel:
    """From a whole table at once, by QR: as exact as the numbers allow, however ill-conditioned.

    x: (rows, features) without missing values, y: (rows,).
    """
    means = x.mean(axis=0)
    z = x - means
    deviations = z.std(axis=0)
    varies = deviations > 1e-12 * (np.abs(x).max(axis=0, initial=0.0) + 1e-12)
    scales = np.where(varies, np.where(varies, deviations, 1.0), 1.0)
    z = z / scales * varies
    intercept = float(y.mean())
    target = y - intercept
    if ridge:
        # Ridge as rows of its own: the least-squares solution of the longer table is the ridge's.
        z = np.vstack([z, np.sqrt(ridge * len(x)) * np.eye(z.shape[1])])
        target = np.concatenate([target, np.zeros(z.shape[1])])
    weights = np.linalg.lstsq(z, target, rcond=None)[0] * varies
    return LinearModel(names, intercept, weights, means, scales)


def _solve(
    matrix: NDArray[np.float64], right: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    damped = matrix + ridge * np.eye(len(matrix))
    try:
        lower = np.linalg.cholesky(damped)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(damped, right, rcond=None)[0], dtype=np.float64)
    half = np.linalg.solve(lower, right)
    return np.asarray(np.linalg.solve(lower.T, half), dtype=np.float64)


# --- columns ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnCleaner:
    """What was learned about raw columns, so that later rows are treated alike."""

    medians: NDArray[np.float64]
    caps: NDArray[np.float64]
    is_amount: NDArray[np.bool_]
    """Columns that are amounts: brought to log1p after the cut."""
    had_missing: NDArray[np.bool_]
    """Columns that get a second one: 1 where the value was missing."""

    @classmethod
    def learn(cls, x: NDArray[np.float64], *, is_amount: NDArray[np.bool_]) -> ColumnCleaner:
        """x: (rows, columns); NaN is a missing value."""
        missing = np.isnan(x)
        medians, caps = np.zeros(x.shape[1]), np.full(x.shape[1], np.inf)
        for column in range(x.shape[1]):
            known = x[~missing[:, column], column]
            if len(known):
                medians[column] = np.median(known)
                caps[column] = np.sort(known)[-1 - len(known) // TOP_PART]
        return cls(medians, caps, is_amount, np.asarray(missing.any(axis=0)))

    def clean(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows, columns) -> (rows, columns and one more for each that had missing values)"""
        missing = np.isnan(x)
        filled = np.minimum(np.where(missing, self.medians, x), self.caps)
        amounts = np.where(self.is_amount, np.log1p(np.maximum(filled, 0.0)), filled)
        return np.hstack([amounts, missing[:, self.had_missing].astype(np.float64)])
