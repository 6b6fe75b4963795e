"""What the score is made of: one row of numbers for each streamer that could be shown.

`Features.rows` is the only way to them, in training and in serving alike, so that a model is
asked exactly what it was taught. Everything is read from the past (`Tastes`) and from neighbours
that were computed from an earlier past (`Neighbours`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from server.discovery import decay
from server.discovery.similarity import Rows, gather

if TYPE_CHECKING:
    from array import array

    from numpy.typing import NDArray

    from server.discovery.taste import History, Tastes

PROFILE_MAX: Final = 100
"""A user's strongest streamers, from which neighbours are looked up."""

OWN: Final = (
    "own_long", "own_short", "own_share", "own_count", "own_recency", "own_latest", "own_due",
    "own_hour", "seen", "minutes", "likes", "coins", "messages",
)  # fmt: skip
ALIKE: Final = ("item_knn", "user_knn", "ease")
CROWD: Final = ("popular", "rising", "momentum", "returns", "newness")
LIVE: Final = ("category", "friends", "followed", "viewers")
NAMES: Final = OWN + ALIKE + CROWD + LIVE


class UserRows(Protocol):
    """Rows, or what computes a row when it is asked for."""

    @property
    def height(self) -> int: ...

    @property
    def width(self) -> int: ...

    def row(self, index: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...


@dataclass(frozen=True)
class Neighbours:
    """Computed at training, from all that was known then."""

    items: Rows
    """Streamer -> streamers that the same people like."""
    ease: Rows
    """Streamer -> streamers, by EASE; empty rows where it was not computed."""
    users: UserRows
    """User -> what those with a like taste like: streamers and how much."""

    @classmethod
    def none(cls) -> Neighbours:
        nothing = Rows(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), 0)
        return cls(nothing, nothing, nothing)


@dataclass(frozen=True)
class Scene:
    """What is true of each candidate now, as far as it is known; None is "unknown to all"."""

    followed: NDArray[np.float64] | None = None
    """1 where the user follows the streamer."""
    friends: NDArray[np.float64] | None = None
    """Friends of the user who are watching."""
    viewers: NDArray[np.float64] | None = None
    category: NDArray[np.float64] | None = None
    """The share of the user's taste that lies in the candidate's category."""


class Features:
    """Rows for one user at one time."""

    def __init__(self, tastes: Tastes, neighbours: Neighbours) -> None:
        self._tastes = tastes
        self._neighbours = neighbours

    def rows(
        self,
        user: int,
        candidates: NDArray[np.int64],
        now_s: float,
        scene: Scene | None = None,
        *,
        crowd: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """(candidates, len(NAMES)); candidates are numbers of streamers, in any order.

        `crowd` is `crowd_columns` of the same candidates, where many users are asked about.
        """
        columns = np.zeros((len(NAMES), len(candidates)))
        history = self._tastes.history(user)
        top = int(candidates.max(initial=-1)) + 1
        if history is not None and history.streamers:
            self._own(columns, history, candidates, now_s, top)
        self._alike(columns, user, history, candidates, now_s)
        if crowd is None:
            self._crowd(columns, candidates, now_s)
        else:
            columns[len(OWN) + len(ALIKE) : len(OWN) + len(ALIKE) + len(CROWD)] = crowd
        if scene is not None:
            self._live(columns, scene)
        return columns.T

    def crowd_columns(self, candidates: NDArray[np.int64], now_s: float) -> NDArray[np.float64]:
        """(len(CROWD), candidates): what is the same for every user."""
        columns = np.zeros((len(NAMES), len(candidates)))
        self._crowd(columns, candidates, now_s)
        return columns[len(OWN) + len(ALIKE) : len(OWN) + len(ALIKE) + len(CROWD)].copy()

    def _own(
        self,
        columns: NDArray[np.float64],
        history: History,
        candidates: NDArray[np.int64],
        now_s: float,
        top: int,
    ) -> None:
        tastes = self._tastes
        streamers = np.array(history.streamers, dtype=np.int64)
        size = max(top, int(streamers.max()) + 1)
        # Streamer -> place in the history, then candidate -> place; -1 is "never seen".
        places = np.full(size, -1, dtype=np.int64)
        places[streamers] = np.arange(len(streamers))
        found = places[candidates]
        at = np.flatnonzero(found >= 0)
        where = found[at]
        long = decay.values(history.read(history.long), now_s, tastes.tau_long)
        short = decay.values(history.read(history.short), now_s, tastes.tau_short)
        last = history.read(history.last_s)
        count = history.read(history.count)
        age = np.maximum(now_s - last, 1.0)
        total = decay.value(history.total_long, now_s, tastes.tau_long)
        columns[0, at] = np.log1p(long[where])
        columns[1, at] = np.log1p(short[where])
        columns[2, at] = long[where] / total if total > 0 else 0.0
        columns[3, at] = count[where] / max(1.0, float(count.max()))
        columns[4, at] = 1.0 / (1.0 + np.log1p(age[where] / 3_600.0))
        ranks = np.empty(len(last))
        ranks[np.argsort(-last, kind="stable")] = np.arange(len(last))
        columns[5, at] = 1.0 / (1.0 + ranks[where])
        columns[6, at] = _due(history, count, age)[where]
        angle = 2 * math.pi * (now_s % 86_400.0) / 86_400.0
        hour = history.read(history.cos) * math.cos(angle)
        hour += history.read(history.sin) * math.sin(angle)
        columns[7, at] = (hour / np.maximum(count, 1.0))[where]
        columns[8, at] = 1.0
        for row, amounts in enumerate(
            (history.minutes, history.likes, history.coins, history.messages), start=9
        ):
            columns[row, at] = np.log1p(history.read(amounts)[where])

    def _alike(
        self,
        columns: NDArray[np.float64],
        user: int,
        history: History | None,
        candidates: NDArray[np.int64],
        now_s: float,
    ) -> None:
        row = len(OWN)
        neighbours = self._neighbours
        if history is not None and history.streamers and neighbours.items.height:
            profile, strength = self._profile(history, now_s)
            known = profile < neighbours.items.height
            profile, strength = profile[known], strength[known]
            columns[row] = _pick(gather(neighbours.items, profile, strength), candidates)
            if neighbours.ease.height:
                columns[row + 2] = _pick(gather(neighbours.ease, profile, strength), candidates)
        if 0 <= user < neighbours.users.height:
            liked, values = neighbours.users.row(user)
            dense = np.zeros(neighbours.users.width)
            dense[liked] = values
            columns[row + 1] = _pick(dense, candidates)

    def _profile(
        self, history: History, now_s: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The user's strongest streamers and how strong, lengths of 1 together."""
        long = decay.values(history.read(history.long), now_s, self._tastes.tau_long)
        streamers = np.array(history.streamers, dtype=np.int64)
        if len(long) > PROFILE_MAX:
            best = np.argpartition(-long, PROFILE_MAX)[:PROFILE_MAX]
            streamers, long = streamers[best], long[best]
        strength = np.log1p(long)
        length = float(np.sqrt(strength @ strength))
        return streamers, strength / length if length > 0 else strength

    def _crowd(
        self, columns: NDArray[np.float64], candidates: NDArray[np.int64], now_s: float
    ) -> None:
        row = len(OWN) + len(ALIKE)
        tastes, crowd = self._tastes, self._tastes.crowd
        if not len(crowd):
            return
        known = candidates < len(crowd)
        at = candidates[known]

        def read(column: array[float]) -> NDArray[np.float64]:
            return np.frombuffer(column, dtype=np.float64)[at]

        popular = decay.values(read(crowd.popular), now_s, tastes.tau_crowd)
        rising = decay.values(read(crowd.rising), now_s, tastes.tau_rising)
        columns[row, known] = np.log1p(popular)
        columns[row + 1, known] = np.log1p(rising)
        expected = popular * tastes.half_lives.rising_s / tastes.half_lives.crowd_s
        columns[row + 2, known] = np.log((rising + 1.0) / (expected + 1.0))
        visitors = read(crowd.visitors)
        # A prior of ten visitors of whom two return: one who came once says little.
        columns[row + 3, known] = (read(crowd.returned) + 2.0) / (visitors + 10.0)
        columns[row + 4, known] = 1.0 / np.sqrt(1.0 + visitors)
        columns[row + 3, ~known], columns[row + 4, ~known] = 0.2, 1.0

    @staticmethod
    def _live(columns: NDArray[np.float64], scene: Scene) -> None:
        row = len(OWN) + len(ALIKE) + len(CROWD)
        for offset, (values, is_amount) in enumerate(
            (
                (scene.category, False),
                (scene.friends, True),
                (scene.followed, False),
                (scene.viewers, True),
            )
        ):
            if values is not None:
                columns[row + offset] = np.log1p(values) if is_amount else values


def _due(
    history: History, count: NDArray[np.float64], age: NDArray[np.float64]
) -> NDArray[np.float64]:
    """exp(-|ln(age / own gap)|): 1 when the user comes back about now, as often before."""
    span = history.read(history.last_s) - history.read(history.first_s)
    gap = span / np.maximum(count - 1.0, 1.0)
    has_gap = (count >= 2) & (gap > 0)
    ratio = np.where(has_gap, age / np.where(has_gap, gap, 1.0), 1.0)
    return np.where(has_gap, np.exp(-np.abs(np.log(ratio))), 0.0)


def _pick(dense: NDArray[np.float64], candidates: NDArray[np.int64]) -> NDArray[np.float64]:
    """dense[candidates], 0 for those that are newer than it."""
    if not len(dense):
        return np.zeros(len(candidates))
    inside = candidates < len(dense)
    return np.where(inside, dense[np.where(inside, candidates, 0)], 0.0)
