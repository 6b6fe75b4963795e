"""From features to the places of a list: scores that say what they are made of, then the order.

A score is a sum of parts, one column each: the model's contributions as far as the user is known,
fixed weights for what is true now (followed, friends, popular, new), and the user's own
corrections. So the strongest part is the reason, and it is true.

Of ten places eight go by score; one is for a new streamer (so new ones get a tenth of all places,
and no more) and one for a streamer that the user does not know. Those two are chosen by Thompson
sampling on "stayed half a minute". Where little is known of the user two more go to unknown ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery.features import NAMES
from server.discovery.models import Linear
from server.discovery.regression import LinearModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from server.discovery.models import Model

RERANKED: Final = 500
"""Models that are no weighted sum put only the linear model's best in order."""
HALF_PERSONAL_VISITS: Final = 5
"""n visits make the personal part n / (n + 5) of the whole."""
ORDERED_MAX: Final = 50
"""Places with diversity and discovery; beyond them the list goes by score alone."""
BLOCK: Final = 10
NEW_PLACE: Final = 4
UNKNOWN_PLACES: Final = (9,)
UNKNOWN_PLACES_COLD: Final = (2, 7, 9)
COLD_BELOW: Final = 0.3
"""Of the personal part."""
IN_A_ROW_MAX: Final = 2
"""Of one category."""
DIVERSITY: Final = 0.35
"""How many standard deviations one that is like those above it loses."""
POOL: Final = 200
DRAWN: Final = 100
"""Candidates for the places that are kept."""
CORRECTION: Final = 4.0
"""Standard deviations between a weight of 1 and one of 0 or 2."""
RECENT_DAYS: Final = 14.0
FRIENDS: Final = 0.6
PASSED: Final = 0.5
PASSED_OFTEN: Final = 3
"""Nobody is shown for a try once more what they have passed over so often."""
INTEREST: Final = 2.0
"""Standard deviations that a chosen interest adds while nothing else is known."""
NEW_VISITORS: Final = 10.0
"""Whom fewer know is new."""

LIVE_PARTS: Final = (
    "now",
    "follow",
    "friend",
    "tag",
    "fresh",
    "wish",
    "recent",
    "interest",
    "passed",
    "rest",
)
PARTS: Final = (*NAMES, *LIVE_PARTS)
"""The columns of `Scored.parts`."""

_STARTING: Final = {
    "own_long": 1.0, "own_short": 0.6, "own_share": 0.4, "own_due": 0.2, "own_hour": 0.15,
    "item_knn": 0.5, "user_knn": 0.3, "popular": 0.25, "rising": 0.1,
}  # fmt: skip


def starting_model() -> Linear:
    """Serves until there is enough to learn from: what was found to carry the weight elsewhere."""
    weights = np.array([_STARTING.get(name, 0.0) for name in NAMES])
    count = len(NAMES)
    return Linear("linear", LinearModel(NAMES, 0.0, weights, np.zeros(count), np.ones(count)))


@dataclass(frozen=True)
class Moment:
    """What is true of each candidate for this user now. Arrays over candidates."""

    visits: float
    """Of the user, ever."""
    popular: NDArray[np.float64]
    """How much it is watched now, 0 to 1."""
    newness: NDArray[np.float64]
    """1 for who is new, else 0."""
    followed: NDArray[np.float64]
    friends: NDArray[np.float64]
    """Friends that watch."""
    category: NDArray[np.float64]
    """The share of the user's taste in the candidate's category."""
    wishes: NDArray[np.float64]
    """-1 to 1: the user's corrections."""
    interests: NDArray[np.float64]
    """1 for a category that the user chose, else 0."""
    recency: NDArray[np.float64]
    """Of recordings, 1 for one of now, half of it for each `RECENT_DAYS`; 0 for what is live."""
    passed: NDArray[np.float64]
    """How often the user was shown a recording and did not open it; 0 for what is live."""


@dataclass(frozen=True)
class Scored:
    """Scores of all candidates, and what they are sums of."""

    scores: NDArray[np.float64]
    base: float
    """The same for all: a score is this and the sum of its parts."""
    personal: float
    """How much the user's own taste weighs, 0 to 1."""
    factor: float
    """What the model's contributions are multiplied with."""
    linear: LinearModel
    x: NDArray[np.float64]
    live: NDArray[np.float64]
    """(LIVE_PARTS, candidates)"""
    is_approximate: bool

    def parts(self, rows: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
        """(rows, PARTS)"""
        own = self.linear.contributions(self.x[rows]) * self.factor
        return np.hstack([own, self.live[:, rows].T])


def score(linear: LinearModel, model: Model | None, x: NDArray[np.float64], now: Moment) -> Scored:
    """`model` is one that is no weighted sum, or None; x: (candidates, features)."""
    personal = now.visits / (now.visits + HALF_PERSONAL_VISITS)
    theirs = linear.score(x)
    factor = personal / (float(theirs.std()) or 1.0)
    live = np.zeros((len(LIVE_PARTS), len(x)))
    live[0] = (1.0 - 0.7 * personal) * 1.5 * (now.popular - now.popular.mean())
    live[1] = 1.5 * now.followed
    live[2] = FRIENDS * np.log1p(now.friends)
    live[3] = 2.0 * personal * now.category
    live[4] = (1.0 - personal) * 0.3 * now.newness
    live[5] = CORRECTION * now.wishes
    live[6] = 0.5 * now.recency
    # Said once, and believed until what is watched says more.
    live[7] = INTEREST * (1.0 - personal) * now.interests
    live[8] = -PASSED * np.log1p(now.passed)
    scores = theirs * factor + live.sum(axis=0)
    if model is not None and len(x):
        rest = _rest(model, x, scores, theirs, factor)
        live[-1] = rest
        scores = scores + rest
    return Scored(
        scores,
        linear.intercept * factor,
        personal,
        factor,
        linear,
        x,
        live,
        is_approximate=model is not None,
    )


def friends_part(count: int) -> float:
    """What so many friends add to a score."""
    return FRIENDS * float(np.log1p(count))


def _rest(
    model: Model,
    x: NDArray[np.float64],
    scores: NDArray[np.float64],
    theirs: NDArray[np.float64],
    factor: float,
) -> NDArray[np.float64]:
    """What puts the best in the other model's order, on the scale of the linear one."""
    top = top_of(scores, RERANKED)
    other = model.score(x[top])
    spread = float(other.std()) or 1.0
    linear = theirs[top] * factor
    wanted = (other - other.mean()) / spread * float(linear.std()) + linear.mean()
    rest = np.zeros(len(x))
    rest[top] = wanted - linear
    # Whoever is among the best stays above whoever is not.
    others = np.ones(len(x), dtype=np.bool_)
    others[top] = False
    if others.any():
        rest[top] += max(0.0, float(scores[others].max() - (scores + rest)[top].min()))
    return rest


def occlude(
    model: Model, x: NDArray[np.float64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each feature adds, for a model that does not say: the score with it, less the score
    with the feature at its mean. (rows, features)"""
    whole = model.score(x)
    found = np.zeros_like(x)
    for column in range(x.shape[1]):
        hidden = x.copy()
        hidden[:, column] = means[column]
        found[:, column] = whole - model.score(hidden)
    return found


def exact_parts(
    model: Model | None, found: Scored, x: NDArray[np.float64], rows: list[int]
) -> NDArray[np.float64]:
    """Parts of the rows that are shown; a model that does not say its own is occluded."""
    parts = found.parts(rows)
    if model is None or not rows:
        return parts
    width = len(NAMES)
    explained = occlude(model, x[rows], found.linear.means)
    spread = float(np.abs(explained).sum(axis=1).max()) or 1.0
    explained *= found.personal / spread
    whole = parts[:, :width].sum(axis=1) + parts[:, -1]
    parts[:, :width] = explained
    parts[:, -1] = whole - explained.sum(axis=1)
    return parts


def top_of(scores: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Rows of the highest scores, best first; among equals the first."""
    if count < len(scores):
        found = np.sort(np.argpartition(-scores, count)[:count])
    else:
        found = np.arange(len(scores))
    return found[np.argsort(-scores[found], kind="stable")]


@dataclass(frozen=True)
class Discovery:
    """Who may have the places that are kept. Arrays over candidates."""

    is_unknown: NDArray[np.bool_]
    """The user neither watched nor follows the streamer."""
    is_new: NDArray[np.bool_]
    stayed: NDArray[np.float64]
    """Users that stayed half a minute at their first visit, and those that did not."""
    left: NDArray[np.float64]


def arrange(
    found: Scored,
    categories: Sequence[int] | NDArray[np.int64],
    discovery: Discovery,
    rng: np.random.Generator,
    *,
    places: int,
    first: NDArray[np.bool_] | None = None,
) -> list[tuple[int, bool]]:
    """Rows in the order of their places, each with whether the place was kept for discovery.

    Those that are `first` come before all others, among themselves by score alone.
    """
    order = top_of(found.scores, max(POOL, places))
    kept = [int(row) for row in order]
    unknown = UNKNOWN_PLACES_COLD if found.personal < COLD_BELOW else UNKNOWN_PLACES
    chosen: list[tuple[int, bool]] = []
    if first is not None:
        rows = np.flatnonzero(first)
        rows = rows[np.argsort(-found.scores[rows], kind="stable")]
        chosen = [(int(row), False) for row in rows]
    taken, firsts = {row for row, _ in chosen}, len(chosen)
    ordered = min(places, firsts + ORDERED_MAX, len(found.scores))
    new = _draw(discovery, discovery.is_unknown & discovery.is_new, rng)
    unseen = _draw(discovery, discovery.is_unknown & ~discovery.is_new, rng)
    while len(chosen) < ordered:
        place = (len(chosen) - firsts) % BLOCK
        pool = new if place == NEW_PLACE else unseen if place in unknown else None
        row = _first(pool, taken, chosen, categories) if pool is not None else None
        is_discovery = row is not None
        if row is None:
            row = _next_by_score(kept, found.scores, taken, chosen, categories)
        if row is None:
            break
        taken.add(row)
        chosen.append((row, is_discovery))
    rest = [row for row in kept if row not in taken]
    return (chosen + [(row, False) for row in rest])[:places]


def _draw(discovery: Discovery, may: NDArray[np.bool_], rng: np.random.Generator) -> list[int]:
    """Some of those that may, the luckiest first: who made more stay is luckier on average."""
    rows = np.flatnonzero(may)
    if len(rows) > DRAWN:
        rows = rows[rng.integers(0, len(rows), DRAWN)]
    draws = rng.beta(1.0 + discovery.stayed[rows], 1.0 + discovery.left[rows])
    return [int(row) for row in rows[np.argsort(-draws, kind="stable")]]


def _first(
    pool: list[int],
    taken: set[int],
    chosen: list[tuple[int, bool]],
    categories: Sequence[int] | NDArray[np.int64],
) -> int | None:
    free = [row for row in pool if row not in taken]
    return next((row for row in free if not _is_third(row, chosen, categories)), None)


def _is_third(
    row: int, chosen: list[tuple[int, bool]], categories: Sequence[int] | NDArray[np.int64]
) -> bool:
    """Two of its category stand just above. -1, no category, is never too much."""
    above = [categories[one] for one, _ in chosen[-IN_A_ROW_MAX:]]
    return (
        categories[row] >= 0
        and len(above) == IN_A_ROW_MAX
        and all(one == categories[row] for one in above)
    )


def _next_by_score(
    kept: list[int],
    scores: NDArray[np.float64],
    taken: set[int],
    chosen: list[tuple[int, bool]],
    categories: Sequence[int] | NDArray[np.int64],
) -> int | None:
    """The best that is left, less what it loses for standing below others of its category."""
    near = [categories[one] for one, _ in chosen[-BLOCK:]]
    best: int | None = None
    best_value = -np.inf
    fallback: int | None = None
    seen = 0
    for row in kept:
        if row in taken:
            continue
        if fallback is None:
            fallback = row
        seen += 1
        alike = near.count(categories[row]) if categories[row] >= 0 else 0
        value = float(scores[row]) - DIVERSITY * alike / BLOCK
        if value > best_value and not _is_third(row, chosen, categories):
            best, best_value = row, value
        if float(scores[row]) < best_value - DIVERSITY or seen > POOL:
            break
    return best if best is not None else fallback
