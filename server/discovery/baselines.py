"""What a recommender has to beat. Each scores candidates from the same past that ours sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from server.discovery.similarity import Rows, gather, neighbours, transpose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.taste import History, Tastes

FACTORS: Final = 32
ALS_ROUNDS: Final = 8
ALS_CONFIDENCE: Final = 20.0
ALS_PENALTY: Final = 5.0
KNN_NEIGHBOURS: Final = 100


class Baseline(Protocol):
    name: str

    def score(self, user: int, candidates: NDArray[np.int64], now_s: float) -> NDArray[np.float64]:
        """Higher is better; one for each candidate."""
        ...


class MostPopular:
    name = "most popular"

    def __init__(self, tastes: Tastes) -> None:
        self._tastes = tastes

    def score(
        self,
        user: int,
        candidates: NDArray[np.int64],
        now_s: float,
    ) -> NDArray[np.float64]:
        del user, now_s  # the same for everybody, at any time
        return popularity(self._tastes, candidates)


class LastVisited:
    """The most recent first; those never visited by popularity, below."""

    name = "last visited"

    def __init__(self, tastes: Tastes) -> None:
        self._tastes = tastes

    def score(self, user: int, candidates: NDArray[np.int64], now_s: float) -> NDArray[np.float64]:
        history = self._tastes.history(user)
        popular = popularity(self._tastes, candidates)
        scores = np.asarray(popular / (1.0 + popular.max(initial=0.0)) - 1e12)
        if history is None:
            return scores
        last = dict(zip(history.streamers, history.last_s, strict=True))
        for row, streamer in enumerate(candidates):
            found = last.get(int(streamer))
            if found is not None:
                scores[row] = found - now_s
        return scores


class ItemKnn:
    """Sum of cosines between what the user visited and the candidate."""

    name = "item kNN"

    def __init__(self, tastes: Tastes, visits: Rows) -> None:
        self._tastes = tastes
        self._near = neighbours(transpose(visits), KNN_NEIGHBOURS)
        self._itself = 1.0

    def score(
        self,
        user: int,
        candidates: NDArray[np.int64],
        now_s: float,
    ) -> NDArray[np.float64]:
        del now_s  # it has no clock
        profile, counts = _visits(self._tastes.history(user), self._near.height)
        scores = gather(self._near, profile, counts)
        # One's own streamers are their own nearest neighbours: without this none is repeated.
        np.add.at(scores, profile, counts * self._itself)
        return scores[candidates]


class UserKnn:
    """What the most alike users visited, each weighing as alike as it is."""

    name = "user kNN"

    def __init__(self, tastes: Tastes, visits: Rows) -> None:
        self._tastes = tastes
        self._visits = visits
        self._by_streamer = transpose(visits)
        self._lengths = np.sqrt(
            np.array([float((visits.row(user)[1] ** 2).sum()) for user in range(visits.height)])
        )
        self._lengths[self._lengths == 0] = 1.0

    def score(
        self,
        user: int,
        candidates: NDArray[np.int64],
        now_s: float,
    ) -> NDArray[np.float64]:
        del now_s  # it has no clock
        profile, counts = _visits(self._tastes.history(user), self._visits.width)
        if not len(profile):
            return np.zeros(len(candidates))
        alike = gather(self._by_streamer, profile, counts) / self._lengths
        alike /= np.sqrt(counts @ counts)
        count = min(KNN_NEIGHBOURS, len(alike) - 1)
        best = np.argpartition(-alike, count)[:count] if count else np.array([user])
        best = best[alike[best] > 0]
        return gather(self._visits, best, alike[best])[candidates]


class MatrixFactorisation:
    """Implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008).

    A user's factors are solved anew from the visits so far, so it too sees the fresh past.
    """

    name = "matrix factorisation"

    def __init__(self, tastes: Tastes, visits: Rows, rng: np.random.Generator) -> None:
        self._tastes = tastes
        by_streamer = transpose(visits)
        self._streamers = rng.normal(0, 0.1, (visits.width, FACTORS))
        for _ in range(ALS_ROUNDS):
            users = _solve_all(visits, self._streamers)
            self._streamers = _solve_all(by_streamer, users)
        self._gram = self._streamers.T @ self._streamers

    def score(
        self,
        user: int,
        candidates: NDArray[np.int64],
        now_s: float,
    ) -> NDArray[np.float64]:
        del now_s  # it has no clock
        profile, counts = _visits(self._tastes.history(user), len(self._streamers))
        if not len(profile):
            return np.zeros(len(candidates))
        factors = _solve_one(self._gram, self._streamers[profile], counts)
        return self._streamers[candidates] @ factors


def popularity(tastes: Tastes, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Visits of all so far."""
    visits = np.zeros(max(int(candidates.max(initial=-1)) + 1, len(tastes.crowd)))
    visits[: len(tastes.crowd)] = np.array(tastes.crowd.visits)
    return visits[candidates]


def visit_matrix(tastes: Tastes, *, users: int, streamers: int) -> Rows:
    """Users x streamers: log1p of the number of visits so far."""
    starts = np.zeros(users + 1, dtype=np.int64)
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for user in range(users):
        visited, counts = _visits(tastes.history(user), streamers)
        order = np.argsort(visited)
        columns.append(visited[order])
        values.append(counts[order])
        starts[user + 1] = starts[user] + len(visited)
    return Rows(starts, np.concatenate(columns), np.concatenate(values), streamers)


def make_all(
    tastes: Tastes, *, users: int, streamers: int, rng: np.random.Generator
) -> tuple[Baseline, ...]:
    visits = visit_matrix(tastes, users=users, streamers=streamers)
    return (
        MostPopular(tastes),
        LastVisited(tastes),
        ItemKnn(tastes, visits),
        UserKnn(tastes, visits),
        MatrixFactorisation(tastes, visits, rng),
    )


def _visits(
    history: History | None, streamers: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    if history is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    visited = np.array(history.streamers, dtype=np.int64)
    known = visited < streamers
    return visited[known], np.log1p(history.read(history.count))[known]


def _solve_all(matrix: Rows, others: NDArray[np.float64]) -> NDArray[np.float64]:
    gram = others.T @ others
    solved = np.zeros((matrix.height, FACTORS))
    for row in range(matrix.height):
        columns, values = matrix.row(row)
        if len(columns):
            solved[row] = _solve_one(gram, others[columns], values)
    return solved


def _solve_one(
    gram: NDArray[np.float64], liked: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    extra = ALS_CONFIDENCE * values
    left = gram + (liked * extra[:, None]).T @ liked + ALS_PENALTY * np.eye(FACTORS)
    return np.asarray(np.linalg.solve(left, liked.T @ (1.0 + extra)), dtype=np.float64)
