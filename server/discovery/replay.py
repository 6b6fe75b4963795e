"""Going through a log once, in the order of time, and noting what could be known before each act.

The time is cut into segments. At the start of each, neighbours are computed from what is known by
then; lists of choices within it use those. So a model can be taught on some segments and checked
on the next, and nothing of the future is in any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from server.discovery import decay
from server.discovery.features import NAMES, Features, Neighbours
from server.discovery.lists import ChoiceList, thin
from server.discovery.log import Availability
from server.discovery.metrics import ndcg, rank_of
from server.discovery.neighbours import find_neighbours
from server.discovery.taste import DAY_S, HalfLives, Tastes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.log import Log

SEEN: Final = NAMES.index("seen")
LISTS_MAX: Final = 1_500
"""Moments of one segment that teach."""
CHECKS_MAX: Final = 400
"""Moments of one segment that are kept whole for checking."""
CHECK_ROWS_MAX: Final = 1_000_000
HALF_LIFE_MOMENTS: Final = 1_000
HALF_LIVES_S: Final = tuple(DAY_S * days for days in (0.25, 1, 3, 7, 15, 30, 60, 120, 365, 1_500))


class Moment(NamedTuple):
    """Just before an act: who chose what among what, and what was known."""

    act: int
    user: int
    candidates: NDArray[np.int64]
    chosen: int
    """A row of candidates."""
    at_s: float


class WholeList(NamedTuple):
    x: NDArray[np.float32]
    chosen: int
    is_known: bool


@dataclass
class Segment:
    teaching: list[ChoiceList] = field(default_factory=list)
    checking: list[WholeList] = field(default_factory=list)


def moments(
    log: Log,
    tastes: Tastes,
    availability: Availability,
    *,
    first: int,
    last: int,
    wanted: NDArray[np.bool_],
) -> Iterator[Moment]:
    """Add acts `first` to `last`, and stop before each that is wanted.

    Acts of one instant are all asked about before any of them is added: none is another's past.
    What is yielded must be used before the next is asked for.
    """
    acts = log.acts(first, last)
    at = log.at_s[first:last]
    ends = (first + np.searchsorted(at, at, side="right")).tolist()
    wanted_before = np.concatenate([[0], np.cumsum(wanted)])
    index = first
    while index < last:
        together = ends[index - first]
        if wanted_before[together] > wanted_before[index]:
            at_s = float(log.at_s[index])
            candidates = availability.at(at_s)
            for act in range(index, together):
                row = int(np.searchsorted(candidates, log.streamers[act]))
                is_there = row < len(candidates) and candidates[row] == log.streamers[act]
                if wanted[act] and is_there:
                    yield Moment(act, int(log.users[act]), candidates, row, at_s)
        for _ in range(index, together):
            tastes.add(next(acts))
        index = together


def collect(
    log: Log,
    bounds: NDArray[np.int64],
    half_lives: HalfLives,
    rng: np.random.Generator,
    *,
    advance: Callable[[float], None] = lambda _share: None,
) -> tuple[list[Segment], Tastes, Neighbours]:
    """Lists of each segment `bounds[k]:bounds[k + 1]`, and the state at the end of the last.

    `advance` is told how much is done, 0 to 1, and may raise to stop.
    """
    tastes = Tastes(half_lives, is_guarded=log.is_guarded)
    availability = Availability(log)
    for act in log.acts(0, int(bounds[0])):
        tastes.add(act)
    segments: list[Segment] = []
    for first, last in pairwise(bounds):
        advance(float(first) / len(log))
        features = Features(tastes, _neighbours_now(tastes, log, int(first)))
        wanted = np.zeros(len(log), dtype=np.bool_)
        count = min(LISTS_MAX + CHECKS_MAX, int(last - first))
        picked = rng.choice(np.arange(first, last), count, replace=False)
        wanted[picked] = True
        is_check = np.zeros(len(log), dtype=np.bool_)
        is_check[picked[: count * CHECKS_MAX // (LISTS_MAX + CHECKS_MAX)]] = True
        segment, rows = Segment(), 0
        for moment in moments(
            log, tastes, availability, first=int(first), last=int(last), wanted=wanted
        ):
            x = features.rows(moment.user, moment.candidates, moment.at_s)
            is_seen = x[:, SEEN] > 0
            if is_check[moment.act] and rows + len(x) <= CHECK_ROWS_MAX:
                rows += len(x)
                segment.checking.append(
                    WholeList(x.astype(np.float32), moment.chosen, bool(is_seen[moment.chosen]))
                )
            else:
                segment.teaching.append(thin(x, moment.chosen, is_seen, rng))
        segments.append(segment)
    advance(float(bounds[-1]) / len(log))
    return segments, tastes, _neighbours_now(tastes, log, int(bounds[-1]))


def _neighbours_now(tastes: Tastes, log: Log, index: int) -> Neighbours:
    if not index:
        return Neighbours.none()
    now_s = float(log.at_s[index - 1])
    return find_neighbours(tastes, now_s, users=log.users_count, streamers=log.streamers_count)


def choose_half_lives(log: Log, last: int, rng: np.random.Generator) -> HalfLives:
    """Those whose decayed history alone ranks best, on moments of the later half of `log[:last]`.

    A half-life that was chosen without data costs up to five points of hit rate.
    """
    first = last // 2
    rows = np.arange(first, last)
    if len(rows) < 50:
        return HalfLives()
    picked = rng.choice(rows, min(HALF_LIFE_MOMENTS, len(rows)), replace=False)
    by_user: dict[int, list[int]] = {}
    for index in range(last):
        by_user.setdefault(int(log.users[index]), []).append(index)
    own = _scores_by_half_life(log, picked, by_user)
    crowd = _crowd_by_half_life(log, picked)
    long_s, crowd_s = _best(own, HalfLives.long_s), _best(crowd, HalfLives.crowd_s)
    return HalfLives(
        short_s=max(long_s / 10.0, DAY_S / 8),
        long_s=long_s,
        crowd_s=crowd_s,
        rising_s=max(crowd_s / 20.0, 900.0),
    )


def _best(totals: NDArray[np.float64], default_s: float) -> float:
    """Where nobody ever came back there is nothing to choose by."""
    return HALF_LIVES_S[int(np.argmax(totals))] if totals.any() else default_s


def _scores_by_half_life(
    log: Log, picked: NDArray[np.int64], by_user: dict[int, list[int]]
) -> NDArray[np.float64]:
    totals = np.zeros(len(HALF_LIVES_S))
    for index in picked:
        past = np.array(by_user[int(log.users[index])], dtype=np.int64)
        past = past[past < index]
        if not len(past):
            continue
        streamers, places = np.unique(log.streamers[past], return_inverse=True)
        chosen = np.flatnonzero(streamers == log.streamers[index])
        if not len(chosen):
            continue
        age = log.at_s[index] - log.at_s[past]
        weights = np.maximum(log.weights[past], 1e-3)
        for column, half_life_s in enumerate(HALF_LIVES_S):
            faded = weights * np.exp2(-age / half_life_s)
            # Logarithms keep the order where everything has faded to nothing.
            scores = np.log(np.bincount(places, weights=faded) + 1e-300)
            totals[column] += ndcg(rank_of(scores, int(chosen[0])))
    return totals


def _crowd_by_half_life(log: Log, picked: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same for how popular a streamer is with all."""
    availability = Availability(log)
    totals = np.zeros(len(HALF_LIVES_S))
    order = np.sort(picked)[:: max(1, len(picked) // 300)]
    taus = [decay.tau_s(half_life_s) for half_life_s in HALF_LIVES_S]
    base_s = float(log.at_s[0])
    sums = np.zeros((len(HALF_LIVES_S), log.streamers_count))
    # Between moments the sums fade together, so each step fades all and adds what came.
    done, then_s = 0, base_s
    for index in order:
        now_s = float(log.at_s[index])
        for row, tau in enumerate(taus):
            sums[row] *= np.exp(-(now_s - then_s) / tau)
            fresh = np.exp(-(now_s - log.at_s[done:index]) / tau)
            sums[row] += np.bincount(
                log.streamers[done:index], weights=fresh, minlength=log.streamers_count
            )
        done, then_s = int(index), now_s
        candidates = availability.at(now_s)
        chosen = int(np.searchsorted(candidates, log.streamers[index]))
        if chosen >= len(candidates) or candidates[chosen] != log.streamers[index]:
            continue
        for row in range(len(taus)):
            totals[row] += ndcg(rank_of(sums[row][candidates], chosen))
    return totals
