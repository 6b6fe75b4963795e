"""A table of what was done, in the order of time, and what could have been chosen when."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np

from server.discovery.taste import VISIT_GAP_S, Act

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACTS_AT_ONCE: Final = 10_000
TOP_PART: Final = 1_000
"""One in so many is an outlier."""

Name = TypeVar("Name", bound=Hashable)


class Numbers(Generic[Name]):
    """Names as numbers from 0, in the order of their coming."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self._names: list[Name] = []
        self._numbers: dict[Name, int] = {}
        for name in names:
            self.number(name)

    def __len__(self) -> int:
        return len(self._names)

    def number(self, name: Name) -> int:
        """Its number; a new one for a new name."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self._names)
            self._names.append(name)
        return found

    def find(self, name: Name) -> int | None:
        return self._numbers.get(name)

    def name(self, number: int) -> Name:
        return self._names[number]


@dataclass(frozen=True)
class Log:
    """Columns of one length, sorted by time. Users and streamers are numbers."""

    users: NDArray[np.int64]
    streamers: NDArray[np.int64]
    at_s: NDArray[np.float64]
    weights: NDArray[np.float64]
    users_count: int
    streamers_count: int
    live_from: NDArray[np.float64] | None = None
    """When the broadcast that was visited began; None where availability is not known."""
    live_to: NDArray[np.float64] | None = None
    amounts: NDArray[np.float64] | None = None
    """(acts, 4): minutes, likes, coins and messages; None where the weight is all there is."""
    is_guarded: bool = False
    """Acts weigh for others as much as their user is trusted."""

    def __len__(self) -> int:
        return len(self.users)

    def act(self, index: int) -> Act:
        weight = float(self.weights[index])
        user, streamer = int(self.users[index]), int(self.streamers[index])
        if self.amounts is None:
            return Act(user, streamer, float(self.at_s[index]), weight, minutes=max(0.0, weight))
        return Act(user, streamer, float(self.at_s[index]), weight, *self.amounts[index].tolist())

    def acts(self, first: int, last: int) -> Iterator[Act]:
        """Those from the first up to the last, quicker than one by one."""
        for start in range(first, last, ACTS_AT_ONCE):
            part = slice(start, min(last, start + ACTS_AT_ONCE))
            weights = self.weights[part]
            amounts = (
                np.column_stack([np.maximum(weights, 0.0), np.zeros((len(weights), 3))])
                if self.amounts is None
                else self.amounts[part]
            )
            yield from map(
                Act,
                self.users[part].tolist(),
                self.streamers[part].tolist(),
                self.at_s[part].tolist(),
                weights.tolist(),
                *amounts.T.tolist(),
            )

    def sorted(self) -> Log:
        return self._take(np.lexsort((np.arange(len(self)), self.at_s)))

    def sessionised(self) -> Log:
        """Acts of one user with one streamer within half an hour of each other become one visit.

        Its time is the first's and its weight the sum: otherwise the visit that is to be foretold
        stands in its own past.
        """
        order = np.lexsort((self.at_s, self.streamers, self.users))
        same = (np.diff(self.users[order]) == 0) & (np.diff(self.streamers[order]) == 0)
        close = np.diff(self.at_s[order]) <= VISIT_GAP_S
        starts = np.concatenate([[True], ~(same & close)]) if len(self) else np.zeros(0, bool)
        visits = np.cumsum(starts) - 1
        weights = np.bincount(visits, weights=self.weights[order]).astype(np.float64)
        firsts = order[starts]
        return replace(self._take(firsts), weights=weights).sorted()

    def until(self, count: int) -> Log:
        """The first `count` acts; users and streamers keep their numbers."""
        return self._take(np.arange(count))

    def since(self, first: int) -> Log:
        """The acts from the first on; users and streamers keep their numbers."""
        return self._take(np.arange(first, len(self)))

    def winsorised(self) -> Log:
        """The highest weights (top 0.1 %) are cut to the one below them."""
        if not len(self):
            return self
        cap = float(np.sort(self.weights)[-1 - len(self) // TOP_PART])
        return replace(self, weights=np.minimum(self.weights, cap))

    def _take(self, rows: NDArray[np.int64]) -> Log:
        return replace(
            self,
            users=self.users[rows],
            streamers=self.streamers[rows],
            at_s=self.at_s[rows],
            weights=self.weights[rows],
            live_from=None if self.live_from is None else self.live_from[rows],
            live_to=None if self.live_to is None else self.live_to[rows],
            amounts=None if self.amounts is None else self.amounts[rows],
        )


class Availability:
    """Which streamers could be chosen at a time: those that are live, or all that were seen."""

    def __init__(self, log: Log) -> None:
        self._first_s = np.full(log.streamers_count, np.inf)
        np.minimum.at(self._first_s, log.streamers, log.at_s)
        self._shows: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]] | None
        self._shows = None
        self._longest_s = 0.0
        if log.live_from is not None and log.live_to is not None:
            order = np.lexsort((log.streamers, log.live_to, log.live_from))
            begins, ends = log.live_from[order], log.live_to[order]
            streamers = log.streamers[order]
            is_new = np.ones(len(order), dtype=np.bool_)
            is_new[1:] = (np.diff(begins) != 0) | (np.diff(ends) != 0) | (np.diff(streamers) != 0)
            self._shows = (begins[is_new], ends[is_new], streamers[is_new])
            self._longest_s = float((ends - begins).max(initial=0.0))

    def at(self, now_s: float) -> NDArray[np.int64]:
        """Numbers of streamers, ascending."""
        if self._shows is None:
            return np.flatnonzero(self._first_s <= now_s)
        begins, ends, streamers = self._shows
        until = np.searchsorted(begins, now_s, side="right")
        first = np.searchsorted(begins, now_s - self._longest_s)
        return np.unique(streamers[first:until][ends[first:until] >= now_s])
