"""Ours against the baselines, on the same later moments of one log.

The log is cut at one time for everybody. What lies before teaches; each moment after it is ranked
from all that happened before that moment, by every method alike; candidates are all that could be
chosen then, none is sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import baselines, metrics
from server.discovery.features import NAMES, Features
from server.discovery.log import Availability
from server.discovery.replay import SEEN, moments
from server.discovery.training import NUMPY_FITS, Fit, Scored, train

if TYPE_CHECKING:
    from server.discovery.log import Log

TEST_SHARE: Final = 0.2
MOMENTS_MAX: Final = 3_000
OURS: Final = "livehouse"


@dataclass(frozen=True)
class Row:
    """One method: over all moments, and apart for streamers seen before and new ones."""

    method: str
    total: metrics.Quality
    repeat: metrics.Quality
    novel: metrics.Quality
    coverage: float
    """The share of all streamers that stood in somebody's first ten."""


@dataclass(frozen=True)
class Evaluation:
    rows: tuple[Row, ...]
    """Baselines, the strongest single signal, and ours last."""
    model: str
    scores: tuple[Scored, ...]
    acts: int
    users: int
    streamers: int
    cut_at_s: float


def evaluate(
    log: Log,
    *,
    seed: int,
    moments_max: int = MOMENTS_MAX,
    fits: Mapping[str, Fit] = NUMPY_FITS,
    advance: Callable[[str, float], None] = lambda _step, _share: None,
) -> Evaluation:
    """`log` is sessionised and sorted. Raises ValueError where there is too little."""
    cut = int(np.searchsorted(log.at_s, np.quantile(log.at_s, 1 - TEST_SHARE)))
    rng = np.random.default_rng(seed)
    trained = train(log.until(cut), seed=seed, fits=fits, advance=advance)
    tastes = trained.tastes
    advance("baselines", 0.0)
    others = baselines.make_all(
        tastes, users=log.users_count, streamers=log.streamers_count, rng=rng
    )
    features = Features(tastes, trained.neighbours)
    wanted = np.zeros(len(log), dtype=np.bool_)
    later = np.arange(cut, len(log))
    wanted[rng.choice(later, min(moments_max, len(later)), replace=False)] = True
    own = NAMES.index("own_long")
    methods = [*(one.name for one in others), "own history", OURS]
    ranks: dict[str, list[float]] = {method: [] for method in methods}
    shown: dict[str, set[int]] = {method: set() for method in methods}
    known: list[bool] = []
    for moment in moments(log, tastes, Availability(log), first=cut, last=len(log), wanted=wanted):
        advance("ranking", len(known) / moments_max)
        x = features.rows(moment.user, moment.candidates, moment.at_s)
        known.append(bool(x[moment.chosen, SEEN] > 0))
        scores = {
            one.name: one.score(moment.user, moment.candidates, moment.at_s) for one in others
        }
        scores["own history"] = x[:, own]
        scores[OURS] = trained.model.score(x)
        for method, values in scores.items():
            ranks[method].append(metrics.rank_of(values, moment.chosen))
            places = min(metrics.PLACES, len(values))
            top = np.argpartition(-values, places - 1)[:places]
            shown[method].update(moment.candidates[top].tolist())
    return Evaluation(
        rows=tuple(_row(method, ranks[method], known, shown[method], log) for method in methods),
        model=trained.model.kind,
        scores=trained.scores,
        acts=len(log),
        users=log.users_count,
        streamers=log.streamers_count,
        cut_at_s=float(log.at_s[cut]),
    )


def _row(method: str, ranks: list[float], known: list[bool], shown: set[int], log: Log) -> Row:
    return Row(
        method,
        metrics.Quality.of(ranks),
        metrics.Quality.of([rank for rank, is_known in zip(ranks, known, strict=True) if is_known]),
        metrics.Quality.of(
            [rank for rank, is_known in zip(ranks, known, strict=True) if not is_known]
        ),
        len(shown) / max(1, log.streamers_count),
    )
