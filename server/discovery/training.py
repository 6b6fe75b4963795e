"""Choosing and teaching the model that serves.

Least squares is the default. Another one serves only where it ranked better on later moments than
those it was taught on, in every fold together by more than the 95 % interval: with few examples
the clever ones lose, and a choice by chance would change what people see for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import metrics
from server.discovery.fitting import fit_linear, fit_logistic
from server.discovery.lists import Examples
from server.discovery.models import Linear, Model
from server.discovery.replay import choose_half_lives, collect

if TYPE_CHECKING:
    from server.discovery.features import Neighbours
    from server.discovery.log import Log
    from server.discovery.replay import Segment, WholeList
    from server.discovery.taste import Tastes

Fit = Callable[[Examples], Model]

DEFAULT_KIND: Final = "linear"
WARM_UP_SHARE: Final = 0.5
"""Of the log, before the first list: a state that knows nothing teaches nothing."""
SEGMENTS: Final = 4
ACTS_MIN: Final = 200
"""Below this nothing is learned: the cold start's fixed weights serve."""

NUMPY_FITS: Final[Mapping[str, Fit]] = {"linear": fit_linear, "logistic": fit_logistic}


@dataclass(frozen=True)
class Scored:
    """A kind of model in cross-validation: means over all folds' moments."""

    kind: str
    quality: metrics.Quality
    is_better_than_default: bool
    failed: str = ""
    """Why it could not be taught, in words."""


@dataclass(frozen=True)
class Trained:
    model: Model
    linear: Linear
    """The default, taught on the same: it says what its scores are made of."""
    scores: tuple[Scored, ...]
    """The default first."""
    tastes: Tastes
    neighbours: Neighbours
    acts: int


def train(
    log: Log,
    *,
    seed: int,
    fits: Mapping[str, Fit] = NUMPY_FITS,
    advance: Callable[[str, float], None] = lambda _step, _share: None,
) -> Trained:
    """From a sessionised log. `advance(step, share)` may raise to stop.

    Raises ValueError where there is too little to learn from.
    """
    if len(log) < ACTS_MIN:
        raise ValueError(f"at least {ACTS_MIN} visits are needed, there are {len(log)}")
    rng = np.random.default_rng(seed)
    advance("half-lives", 0.0)
    half_lives = choose_half_lives(log, int(len(log) * WARM_UP_SHARE), rng)
    bounds = np.linspace(len(log) * WARM_UP_SHARE, len(log), SEGMENTS + 1).astype(np.int64)
    segments, tastes, neighbours = collect(
        log, bounds, half_lives, rng, advance=lambda share: advance("replaying", share)
    )
    scores = cross_validate(segments, fits, advance=advance)
    kind = choose(scores)
    advance("fitting", 0.0)
    everything = Examples.join([one for segment in segments for one in segment.teaching])
    linear = fit_linear(everything)
    model = linear if kind == DEFAULT_KIND else fits[kind](everything)
    return Trained(model, linear, scores, tastes, neighbours, len(log))


def cross_validate(
    segments: list[Segment],
    fits: Mapping[str, Fit],
    *,
    advance: Callable[[str, float], None] = lambda _step, _share: None,
) -> tuple[Scored, ...]:
    """Forward chaining: taught on segments before k, checked on segment k. The default first."""
    ranks: dict[str, list[float]] = {}
    failed: dict[str, str] = {}
    kinds = [DEFAULT_KIND, *(kind for kind in fits if kind != DEFAULT_KIND)]
    for fold in range(1, len(segments)):
        examples = Examples.join([one for part in segments[:fold] for one in part.teaching])
        for place, kind in enumerate(kinds):
            advance(f"checking {kind}", ((fold - 1) + place / len(kinds)) / (len(segments) - 1))
            if kind in failed:
                continue
            try:
                model = fits[kind](examples)
            except ValueError as error:
                failed[kind] = str(error)
                continue
            ranks.setdefault(kind, []).extend(
                rank_in(model, whole) for whole in segments[fold].checking
            )
    default = ranks.get(DEFAULT_KIND, [])
    return tuple(
        Scored(
            kind,
            metrics.Quality.of(ranks.get(kind, [])),
            kind != DEFAULT_KIND
            and kind not in failed
            and metrics.is_better(ranks.get(kind, []), default),
            failed.get(kind, ""),
        )
        for kind in kinds
    )


def choose(scores: tuple[Scored, ...]) -> str:
    """The best of those that beat the default by more than chance, or the default."""
    better = [one for one in scores if one.is_better_than_default]
    return max(better, key=lambda one: one.quality.ndcg).kind if better else DEFAULT_KIND


def rank_in(model: Model, whole: WholeList) -> float:
    return metrics.rank_of(model.score(whole.x.astype(np.float64)), whole.chosen)
