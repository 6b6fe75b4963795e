"""All that the relay has in mind of tastes while it serves: fed act by act, asked for lists.

One thread at a time. Users, streamers and categories are numbers inside; -1 is "nobody known".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import decay, ranking
from server.discovery.alike import AlikeUsers
from server.discovery.asking import LiveRoom
from server.discovery.behaviour import STAYED_S, Visits
from server.discovery.candidates import Candidates, gather
from server.discovery.features import Features, Neighbours
from server.discovery.log import Numbers
from server.discovery.neighbours import taste_matrix
from server.discovery.ranker import LATELY_S, Ranker
from server.discovery.taste import DAY_S, INFLUENCE_MIN, Tastes

if TYPE_CHECKING:
    from server.discovery.artefact import Serving
    from server.discovery.asking import Asked, Ranked, Recorded
    from server.discovery.behaviour import Behaviour
    from server.discovery.log import Log

STRANGERS: Final = 0.02
"""How much ten viewers of whom nothing is known weigh, beside one that is trusted."""
BUILT_AT_ONCE: Final = 1_000


class Memory:
    """Tastes, the model that serves, and what is live."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.users: Numbers[str] = Numbers()
        self.streamers: Numbers[str] = Numbers()
        for place, streamer_id in enumerate(serving.streamer_ids):
            self.streamers.number(streamer_id or f"\0{place}")  # erased ones keep their place
        self.tastes = Tastes(serving.half_lives, is_guarded=True)
        self._visits = Visits(serving.caps)
        self._categories: Numbers[str] = Numbers()
        self._category_of: dict[int, int] = {}
        self._lately: dict[int, dict[int, list[float]]] = {}
        self._stays: dict[int, list[float]] = {}
        self._alike = AlikeUsers.none()
        self._live = Candidates()
        self._make_features()

    def _make_features(self) -> None:
        self._features = Features(
            self.tastes, Neighbours(self.serving.items, self.serving.ease, self._alike)
        )
        self._ranker = Ranker(
            self.serving,
            self.tastes,
            self.users,
            self.streamers,
            self._categories,
            self._category_of,
            self._lately,
            self._features,
        )

    # --- learning -----------------------------------------------------------------------------

    def build(
        self,
        log: Log,
        users: Sequence[str],
        streamers: Sequence[str],
        categories: Mapping[str, str],
    ) -> Iterator[None]:
        """From visits in the order of time; yields now and then, so that others may run.

        `log`'s numbers are places in `users` and `streamers`.
        """
        user_numbers = [self.users.number(user_id) for user_id in users]
        streamer_numbers = [self.streamers.number(streamer_id) for streamer_id in streamers]
        for streamer_id, category in categories.items():
            self._category_of[self.streamers.number(streamer_id)] = self._categories.number(
                category
            )
        oldest_s = float(log.at_s[-1]) - LATELY_S if len(log) else 0.0
        for index, one in enumerate(log.acts(0, len(log))):
            act = one._replace(user=user_numbers[one.user], streamer=streamer_numbers[one.streamer])
            history = self.tastes.history(act.user)
            is_first = history is None or act.streamer not in history.places
            self.tastes.add(act)
            if act.at_s >= oldest_s:
                self._note_visit(act.user, act.streamer, act.at_s)
            if is_first and act.minutes > 0:
                self._note_stay(act.user, act.streamer, act.minutes * 60 >= STAYED_S, act.at_s)
            if index % BUILT_AT_ONCE == BUILT_AT_ONCE - 1:
                yield
        yield

    def add(self, rows: Sequence[Behaviour]) -> None:
        """Of taste, in the order of time."""
        for row in rows:
            user, streamer = self.users.number(row.user_id), self.streamers.number(row.streamer_id)
            if row.category:
                self._category_of[streamer] = self._categories.number(row.category)
            act, is_new = self._visits.add(row, user, streamer)
            self.tastes.add(act)
            if is_new:
                self._note_visit(user, streamer, act.at_s)

    def note_stay(self, user_id: str, streamer_id: str, *, stayed: bool, now_s: float) -> None:
        """How a first visit ended."""
        user, streamer = self.users.number(user_id), self.streamers.number(streamer_id)
        history = self.tastes.history(user)
        place = history.places.get(streamer) if history is not None else None
        if history is not None and place is not None and history.count[place] <= 1:
            self._note_stay(user, streamer, stayed, now_s)

    def forget(self, user_id: str) -> None:
        """The user's own taste is gone; visits of others go on."""
        user = self.users.find(user_id)
        if user is not None:
            self.tastes.forget(user)
            self._lately.pop(user, None)
            self._visits.forget(user)

    def refresh_alike(self, now_s: float) -> None:
        """Look at everybody's taste anew."""
        matrix = taste_matrix(
            self.tastes, now_s, users=len(self.users), streamers=len(self.streamers)
        )
        self._alike = AlikeUsers(matrix)
        self._make_features()

    def _note_visit(self, user: int, streamer: int, at_s: float) -> None:
        times = self._lately.setdefault(user, {}).setdefault(streamer, [])
        times.append(at_s)
        if len(times) > 90:
            del times[0]

    def _note_stay(self, user: int, streamer: int, stayed: bool, now_s: float) -> None:  # noqa: FBT001 # a value, not a switch
        counts = self._stays.setdefault(streamer, [0.0, 0.0])
        counts[0 if stayed else 1] += self.tastes.influence(user, now_s)

    # --- what is live -------------------------------------------------------------------------

    def set_live(
        self, rooms: Sequence[LiveRoom], watchers: Mapping[str, Sequence[str]], now_s: float
    ) -> None:
        """The candidates from now on. `watchers`: room -> users that are known to watch."""
        for room in rooms:
            if room.category:
                streamer = self.streamers.number(room.streamer_id)
                self._category_of[streamer] = self._categories.number(room.category)
        self._live = self._gather(rooms, watchers, now_s)

    def _gather(
        self, rooms: Sequence[LiveRoom], watchers: Mapping[str, Sequence[str]], now_s: float
    ) -> Candidates:
        streamers = [self.streamers.number(room.streamer_id) for room in rooms]
        categories = [
            self._categories.number(room.category) if room.category else -1 for room in rooms
        ]
        return gather(
            rooms,
            streamers,
            categories,
            watching=[
                _watching(
                    room.viewers,
                    [self._influence_of(one, now_s) for one in watchers.get(room.room_id, ())],
                )
                for room in rooms
            ],
            crowd=self._features.crowd_columns(np.array(streamers, dtype=np.int64), now_s),
            visitors=self.tastes.crowd.visitors,
            stays=self._stays,
        )

    def _influence_of(self, user_id: str, now_s: float) -> float:
        user = self.users.find(user_id)
        return self.tastes.influence(user, now_s) if user is not None else INFLUENCE_MIN

    # --- asking -------------------------------------------------------------------------------

    def rank(self, asked: Asked, now_s: float) -> Ranked:
        return self._ranker.rank(self._live, asked, now_s)

    def rank_recorded(self, recorded: Sequence[Recorded], asked: Asked, now_s: float) -> Ranked:
        """As a list of rooms; what is only true of live ones speaks for none."""
        rooms = [LiveRoom(one.replay_id, one.streamer_id, one.category, 0) for one in recorded]
        candidates = self._gather(rooms, {}, now_s)
        age_days = (now_s - np.array([one.made_at_s for one in recorded])) / DAY_S
        candidates.recency = np.exp2(-np.maximum(age_days, 0.0) / ranking.RECENT_DAYS)
        candidates.is_now = False
        return self._ranker.rank(candidates, asked, now_s)

    def alike_users(self, user_id: str) -> list[tuple[str, float]]:
        """Users with a like taste, and the cosine."""
        user = self.users.find(user_id)
        if user is None or user >= self._alike.height:
            return []
        others, cosines = self._alike.others(user)
        pairs = zip(others.tolist(), cosines.tolist(), strict=True)
        return [(self.users.name(other), cosine) for other, cosine in pairs]

    # --- what is believed ---------------------------------------------------------------------

    def believed(
        self, user_id: str, now_s: float, limit: int
    ) -> list[tuple[str, float, int, int, int]]:
        """Streamer, share of the taste, visits, minutes and when it was last; strongest first."""
        user = self.users.find(user_id)
        history = self.tastes.history(user) if user is not None else None
        if history is None or not history.streamers:
            return []
        long = decay.values(history.read(history.long), now_s, self.tastes.tau_long)
        total = float(long.sum()) or 1.0
        return [
            (
                self.streamers.name(history.streamers[place]),
                float(long[place]) / total,
                int(history.count[place]),
                int(history.minutes[place]),
                int(history.last_s[place] * 1000),
            )
            for place in ranking.top_of(long, limit).tolist()
        ]

    def believed_categories(self, user_id: str, now_s: float) -> list[tuple[str, float]]:
        user = self.users.find(user_id)
        shares = self._ranker.category_shares(-1 if user is None else user, now_s)[:-1]
        order = ranking.top_of(shares, 20).tolist()
        return [
            (self._categories.name(one), float(shares[one])) for one in order if shares[one] > 0
        ]

    def visits_of(self, user_id: str) -> int:
        user = self.users.find(user_id)
        history = self.tastes.history(user) if user is not None else None
        return int(history.visits) if history is not None else 0


def _watching(viewers: int, influences: Sequence[float]) -> float:
    """How much a room is watched: `influences` are of those of whom something is known."""
    trusted = [one for one in influences if one > INFLUENCE_MIN]
    return sum(trusted) + STRANGERS * math.log1p(max(0, viewers - len(trusted)) / 10)
