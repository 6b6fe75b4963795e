"""What models are taught with: moments of choice, each with what could have been chosen.

A list is one visit as seen just before it: the user, the candidates, their features, and which one
was chosen. Of a long list every streamer that the user knows is kept, and of the others a random
part that stands for all of them by its weight; so sums over the kept rows are, on average, sums
over the whole list. (Keeping the positives and the hardest negatives instead turns features upside
down.) Lists for checking are kept whole: on sampled ones the order of models can flip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KNOWN_MAX: Final = 150
"""Known streamers of one list that are kept."""
OTHERS_MAX: Final = 100
"""Unknown ones."""


class ChoiceList(NamedTuple):
    """One moment. Arrays are over the kept candidates."""

    x: NDArray[np.float32]
    y: NDArray[np.float64]
    """1 for what was chosen, else 0."""
    weights: NDArray[np.float64]
    """How many candidates of the list a row stands for."""
    is_known: bool
    """The chosen one had been visited before."""


@dataclass
class Examples:
    """Many lists as one table. `groups[k]:groups[k + 1]` are the rows of list k."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    weights: NDArray[np.float64]
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.groups) - 1

    def part(self, rows_max: int) -> Examples:
        """Every k-th list, so that at most about this many rows are left."""
        step = -(-len(self.y) // rows_max)
        if step <= 1:
            return self
        kept = np.arange(0, len(self), step)
        rows = np.concatenate([np.arange(self.groups[k], self.groups[k + 1]) for k in kept])
        groups = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum(np.diff(self.groups)[kept], out=groups[1:])
        return Examples(self.x[rows], self.y[rows], self.weights[rows], groups)

    @classmethod
    def join(cls, lists: list[ChoiceList]) -> Examples:
        groups = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(one.y) for one in lists], out=groups[1:])
        if not lists:
            return cls(np.zeros((0, 0)), np.zeros(0), np.zeros(0), groups)
        return cls(
            np.concatenate([one.x for one in lists]).astype(np.float64),
            np.concatenate([one.y for one in lists]),
            np.concatenate([one.weights for one in lists]),
            groups,
        )


def thin(
    x: NDArray[np.float64],
    chosen: int,
    is_seen: NDArray[np.bool_],
    rng: np.random.Generator,
) -> ChoiceList:
    """A whole list -> what is kept of it. `chosen` is a row of x."""
    keep: list[NDArray[np.int64]] = [np.array([chosen])]
    weights: list[NDArray[np.float64]] = [np.ones(1)]
    for group, count_max in ((is_seen, KNOWN_MAX), (~is_seen, OTHERS_MAX)):
        rows = np.flatnonzero(group)
        rows = rows[rows != chosen]
        if not len(rows):
            continue
        kept = rows if len(rows) <= count_max else rng.choice(rows, count_max, replace=False)
        keep.append(kept)
        weights.append(np.full(len(kept), len(rows) / len(kept)))
    rows = np.concatenate(keep)
    y = np.zeros(len(rows))
    y[0] = 1.0
    return ChoiceList(x[rows].astype(np.float32), y, np.concatenate(weights), bool(is_seen[chosen]))
