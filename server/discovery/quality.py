"""How the lists that were shown did, day by day: what was entered next, and where it had stood."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from server.discovery import metrics
from server.discovery.tables import RecommenderDay
from wire.discovery_events import QualityDay

if TYPE_CHECKING:
    from server.discovery.asking import Ranked

JUDGED_WITHIN_S: Final = 1_800.0
LISTS_MAX: Final = 5_000
DAY_S: Final = 86_400
_SUMS: Final = ("moments", "hits", "ndcg", "popular_hits", "popular_ndcg", "lists", "places",
                "new_places")  # fmt: skip


class Served(NamedTuple):
    at_s: float
    ours: tuple[str, ...]
    """Streamers of the first ten."""
    popular: tuple[str, ...]
    could: frozenset[str]


@dataclass
class DaySums:
    day: int
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_SUMS, 0.0))
    shown: set[str] = field(default_factory=set)
    live: set[str] = field(default_factory=set)
    shown_before: int = 0
    """Counted by an earlier process on the same day."""
    live_before: int = 0


class QualityBook:
    """In the order of time. Only for users that may be recorded."""

    def __init__(self) -> None:
        self._served: OrderedDict[str, Served] = OrderedDict()
        self._today = DaySums(-1)
        self._is_changed = False

    def serve(self, user_id: str, ranked: Ranked, now_s: float) -> None:
        """The first page of a list."""
        today = self._turn(now_s)
        top = ranked.places[: metrics.PLACES]
        ours = tuple(place.streamer_id for place in top)
        self._served[user_id] = Served(now_s, ours, ranked.popular, ranked.streamers)
        self._served.move_to_end(user_id)
        if len(self._served) > LISTS_MAX:
            self._served.popitem(last=False)
        today.sums["lists"] += 1
        today.sums["places"] += len(top)
        today.sums["new_places"] += sum(place.is_new for place in top)
        today.shown.update(ours)
        today.live.update(ranked.streamers)
        self._is_changed = True

    def enter(self, user_id: str, streamer_id: str, now_s: float) -> None:
        """Judge the list that the user had, once."""
        served = self._served.get(user_id)
        if served is None or streamer_id not in served.could:
            return
        del self._served[user_id]
        if now_s - served.at_s > JUDGED_WITHIN_S:
            return
        sums = self._turn(now_s).sums
        sums["moments"] += 1
        for listed, hits, ndcg in (
            (served.ours, "hits", "ndcg"),
            (served.popular, "popular_hits", "popular_ndcg"),
        ):
            rank = listed.index(streamer_id) + 1 if streamer_id in listed else metrics.PLACES + 1
            sums[hits] += metrics.hit(rank)
            sums[ndcg] += metrics.ndcg(rank)
        self._is_changed = True

    def forget(self, user_id: str) -> None:
        self._served.pop(user_id, None)

    def restore(self, row: RecommenderDay) -> None:
        """What an earlier process counted today."""
        self._today = DaySums(
            row.day,
            {name: float(getattr(row, name)) for name in _SUMS},
            shown_before=row.shown,
            live_before=row.live,
        )

    def take_changed(self) -> RecommenderDay | None:
        """Today's row where it has changed since the last time."""
        if not self._is_changed:
            return None
        self._is_changed = False
        return _row(self._today)

    def today(self, now_s: float) -> RecommenderDay:
        return _row(self._turn(now_s))

    def _turn(self, now_s: float) -> DaySums:
        day = int(now_s // DAY_S)
        if day != self._today.day:
            self._today = DaySums(day)
        return self._today


def _row(day: DaySums) -> RecommenderDay:
    sums = day.sums
    return RecommenderDay(
        day=day.day,
        moments=int(sums["moments"]),
        hits=sums["hits"],
        ndcg=sums["ndcg"],
        popular_hits=sums["popular_hits"],
        popular_ndcg=sums["popular_ndcg"],
        lists=int(sums["lists"]),
        places=int(sums["places"]),
        new_places=int(sums["new_places"]),
        shown=max(day.shown_before, len(day.shown)),
        live=max(day.live_before, len(day.live)),
    )


def describe(row: RecommenderDay) -> QualityDay:
    moments, places, live = max(1, row.moments), max(1, row.places), max(1, row.live)
    return QualityDay(
        day=row.day,
        moments=row.moments,
        hit_rate=row.hits / moments,
        ndcg=row.ndcg / moments,
        popular_hit_rate=row.popular_hits / moments,
        popular_ndcg=row.popular_ndcg / moments,
        lists=row.lists,
        coverage=row.shown / live,
        new_share=row.new_places / places,
    )
