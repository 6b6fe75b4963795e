"""How alike two tastes are: the weighted cosine.

    sim(u, v) = sum w_i u_i v_i / (sqrt(sum w_i u_i^2) sqrt(sum w_i v_i^2)),  w_i >= 0

Symmetric, at most 1 in size, 1 for a taste and itself, the same whatever scale either is on, and 0
where one of them is empty. docs/recommender.md says why the form that is often printed instead
(one root over the product of squares) is no similarity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def weighted_cosine(
    u: NDArray[np.float64], v: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    """Of two vectors of one length. Raises ValueError for a negative weight."""
    if np.any(weights < 0):
        raise ValueError("a weight is negative")
    scale_u, scale_v = np.max(np.abs(u), initial=0.0), np.max(np.abs(v), initial=0.0)
    if scale_u == 0 or scale_v == 0:
        return 0.0
    # Scaled first: the squares of very small or large entries would leave the range of floats.
    u, v = u / scale_u, v / scale_v
    length = float(np.sqrt(weights @ (u * u)) * np.sqrt(weights @ (v * v)))
    if length == 0.0:
        return 0.0
    return float(np.clip((weights * u) @ v / length, -1.0, 1.0))


class Rows(NamedTuple):
    """A sparse matrix by rows: row r holds `columns[starts[r]:starts[r + 1]]` and their values."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    width: int
    """Number of columns."""

    @property
    def height(self) -> int:
        return len(self.starts) - 1

    def row(self, index: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        part = slice(self.starts[index], self.starts[index + 1])
        return self.columns[part], self.values[part]


def make_rows(
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float64],
    *,
    shape: tuple[int, int],
) -> Rows:
    """From triples in any order, each (row, column) at most once."""
    order = np.lexsort((columns, rows))
    starts = np.zeros(shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=shape[0]), out=starts[1:])
    return Rows(starts, columns[order], values[order], shape[1])


def transpose(matrix: Rows) -> Rows:
    rows = np.repeat(np.arange(matrix.height), np.diff(matrix.starts))
    return make_rows(matrix.columns, rows, matrix.values, shape=(matrix.width, matrix.height))


def gather(
    matrix: Rows, rows: NDArray[np.int64], factors: NDArray[np.float64]
) -> NDArray[np.float64]:
    """sum_k factors_k * matrix[rows_k], as one dense row."""
    lengths = matrix.starts[rows + 1] - matrix.starts[rows]
    total = int(lengths.sum())
    if not total:
        return np.zeros(matrix.width)
    # Positions of all the rows' entries, one row after another.
    ends = np.cumsum(lengths)
    positions = np.arange(total) + np.repeat(matrix.starts[rows] - (ends - lengths), lengths)
    weights = matrix.values[positions] * np.repeat(factors, lengths)
    return np.bincount(matrix.columns[positions], weights=weights, minlength=matrix.width).astype(
        np.float64
    )


def neighbours(matrix: Rows, count: int, *, shrink: float = 0.0) -> Rows:
    """For each row the `count` others with the highest cosine, the values their cosines.

    `shrink` damps pairs that share little: cosine times s / (s + shrink), s the product sum.
    """
    columns = transpose(matrix)
    lengths = np.sqrt(
        np.bincount(
            np.repeat(np.arange(matrix.height), np.diff(matrix.starts)),
            weights=matrix.values**2,
            minlength=matrix.height,
        )
    )
    lengths[lengths == 0] = 1.0
    found_rows: list[NDArray[np.int64]] = []
    found_values: list[NDArray[np.float64]] = []
    starts = np.zeros(matrix.height + 1, dtype=np.int64)
    for row in range(matrix.height):
        members, values = matrix.row(row)
        shared = gather(columns, members, values)
        shared[row] = 0.0
        cosines = shared / (lengths * lengths[row])
        if shrink:
            cosines *= shared / (shared + shrink)
        best = np.argpartition(-cosines, min(count, len(cosines) - 1))[:count]
        best = np.sort(best[cosines[best] > 0])
        starts[row + 1] = starts[row] + len(best)
        found_rows.append(best)
        found_values.append(cosines[best])
    return Rows(
        starts,
        np.concatenate(found_rows) if found_rows else np.zeros(0, dtype=np.int64),
        np.concatenate(found_values) if found_values else np.zeros(0),
        matrix.height,
    )
