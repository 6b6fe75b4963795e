"""Whose taste is like somebody's, computed for one user when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery.similarity import Rows, gather, make_rows, transpose

if TYPE_CHECKING:
    from numpy.typing import NDArray

USER_NEIGHBOURS: Final = 50
LIKED_BY_ALIKE_MAX: Final = 200
"""Streamers that are kept of what one's neighbours like."""
KEPT_MAX: Final = 2_000
"""Users whose row is kept until tastes are looked at anew."""


class AlikeUsers:
    """Rows of what those with a like taste like. One thread at a time."""

    def __init__(self, matrix: Rows) -> None:
        """`matrix`: users x streamers."""
        self._matrix = matrix
        by_streamer = transpose(matrix)
        weights = rarity(by_streamer, matrix.height)
        values = matrix.values * weights[matrix.columns]
        rows = np.repeat(np.arange(matrix.height), np.diff(matrix.starts))
        lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=matrix.height))
        self._lengths = np.where(lengths > 0, lengths, 1.0)
        self._weights = weights
        self._by_streamer = Rows(
            by_streamer.starts,
            by_streamer.columns,
            by_streamer.values * np.repeat(weights, np.diff(by_streamer.starts)),
            by_streamer.width,
        )
        self._rows: dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}

    @property
    def height(self) -> int:
        return self._matrix.height

    @property
    def width(self) -> int:
        return self._matrix.width

    def others(self, user: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The users with the highest cosines, and those."""
        columns, values = self._matrix.row(user)
        if not len(columns):
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        shared = gather(self._by_streamer, columns, values * self._weights[columns])
        shared[user] = 0.0
        cosines = shared / (self._lengths * self._lengths[user])
        best = np.argpartition(-cosines, min(USER_NEIGHBOURS, len(cosines) - 1))[:USER_NEIGHBOURS]
        best = np.sort(best[cosines[best] > 0])
        return best, cosines[best]

    def row(self, user: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """What they like: streamers and how much."""
        known = self._rows.get(user)
        if known is not None:
            return known
        others, cosines = self.others(user)
        if len(others):
            liked = gather(self._matrix, others, cosines / cosines.sum())
            best = np.flatnonzero(liked > 0)
            if len(best) > LIKED_BY_ALIKE_MAX:
                best = np.argpartition(-liked, LIKED_BY_ALIKE_MAX)[:LIKED_BY_ALIKE_MAX]
            found = best, liked[best]
        else:
            found = np.zeros(0, dtype=np.int64), np.zeros(0)
        if len(self._rows) >= KEPT_MAX:
            self._rows.clear()
        self._rows[user] = found
        return found

    @classmethod
    def none(cls) -> AlikeUsers:
        nothing = np.zeros(0, dtype=np.int64)
        return cls(make_rows(nothing, nothing, np.zeros(0), shape=(0, 0)))


def rarity(by_streamer: Rows, users: int) -> NDArray[np.float64]:
    """idf: that two people share what everybody likes says little."""
    fans = np.diff(by_streamer.starts)
    return np.asarray(np.sqrt(np.log((1.0 + users) / (1.0 + fans)) + 0.1), dtype=np.float64)
