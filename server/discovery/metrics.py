"""How good a ranking is: where it put what was chosen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PLACES: Final = 10


def rank_of(scores: NDArray[np.float64], chosen: int) -> float:
    """The place of row `chosen`, from 1; among equals the middle one: ties win nothing."""
    score = scores[chosen]
    if math.isnan(score):
        return float(len(scores))
    above = float(np.count_nonzero(scores > score))
    equal = float(np.count_nonzero(scores == score)) - 1.0
    return 1.0 + above + equal / 2.0


def ndcg(rank: float) -> float:
    """With one right answer: 1 at place 1, 0 beyond place 10."""
    return 1.0 / math.log2(1.0 + rank) if rank <= PLACES else 0.0


def hit(rank: float) -> float:
    return 1.0 if rank <= PLACES else 0.0


class Quality(NamedTuple):
    """Means over moments of choice."""

    ndcg: float
    hit_rate: float
    moments: int

    @classmethod
    def of(cls, ranks: Sequence[float]) -> Quality:
        if not ranks:
            return cls(0.0, 0.0, 0)
        return cls(
            float(np.mean([ndcg(rank) for rank in ranks])),
            float(np.mean([hit(rank) for rank in ranks])),
            len(ranks),
        )


def is_better(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Whether NDCG@10 over the same moments is higher by more than its 95 % interval."""
    differences = np.array([ndcg(a) - ndcg(b) for a, b in zip(ours, theirs, strict=True)])
    if len(differences) < 2:
        return False
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    return float(differences.mean()) > 1.96 * error
