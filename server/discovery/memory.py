"""All that the relay has in mind of tastes while it serves: fed act by act, asked for lists.

One thread at a time. Users, streamers and categories are numbers inside; -1 is "nobody known".
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import decay, ranking, reasons
from server.discovery.alike import AlikeUsers
from server.discovery.asking import Asked, LiveRoom, Place, Ranked
from server.discovery.behaviour import STAYED_S, Visits
from server.discovery.candidates import MOMENTUM_ROW, POPULAR_ROW, Candidates, gather
from server.discovery.features import NAMES, Features, Neighbours
from server.discovery.log import Numbers
from server.discovery.neighbours import alike_streamers, taste_matrix
from server.discovery.taste import DAY_S, INFLUENCE_MIN, Tastes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.artefact import Serving
    from server.discovery.behaviour import Behaviour
    from server.discovery.log import Log

LATELY_S: Final = 30 * DAY_S
CATEGORY_SHARE_MIN: Final = 0.2
RISING_MIN: Final = 0.4
STRANGERS: Final = 0.02
"""How much ten viewers of whom nothing is known weigh, beside one that is trusted."""
BUILT_AT_ONCE: Final = 1_000
SEED_S: Final = 600.0
"""For so long the places that are drawn stay the same."""


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
        self._rooms_of: dict[str, NDArray[np.int64]] = {}
        self._make_features()

    def _make_features(self) -> None:
        self._features = Features(
            self.tastes, Neighbours(self.serving.items, self.serving.ease, self._alike)
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
        """The user's own taste is gone; as a streamer nobody knows it any more."""
        user = self.users.find(user_id)
        if user is not None:
            self.tastes.forget(user)
            self._lately.pop(user, None)
        self._visits = Visits(self.serving.caps)

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
        streamers = [self.streamers.number(room.streamer_id) for room in rooms]
        categories = [
            self._categories.number(room.category) if room.category else -1 for room in rooms
        ]
        for streamer, category in zip(streamers, categories, strict=True):
            if category >= 0:
                self._category_of[streamer] = category
        self._live = gather(
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
        live = self._live
        hidden = {one.removeprefix("hide:") for one in asked.wishes if one.startswith("hide:")}
        keep = self._candidates(asked, hidden)
        count = len(live.rooms) if keep is None else len(keep)
        if not count:
            return Ranked([], 0)
        rows: NDArray[np.int64] | slice = slice(None) if keep is None else keep
        user = self.users.find(asked.user_id) if asked.user_id else None
        user = -1 if user is None else user
        streamers = live.streamers[rows]
        x = self._features.rows(user, streamers, now_s, crowd=live.crowd[:, rows])
        moment, is_known = self._moment(user, asked, rows, x, now_s)
        found = ranking.score(self.serving.linear.model, self.serving.model, x, moment)
        rng = np.random.default_rng(
            zlib.crc32(f"{asked.seed}:{asked.user_id}:{int(now_s // SEED_S)}".encode())
        )
        order = ranking.arrange(
            found,
            live.categories[rows],
            ranking.Discovery(
                ~is_known & (moment.wishes >= 0),
                live.is_new[rows],
                live.stayed[rows],
                live.left[rows],
            ),
            rng,
            places=asked.skip + asked.limit,
        )
        shown = order[asked.skip :]
        exact = ranking.exact_parts(self.serving.model, found, x, [row for row, _ in shown])
        places = [
            self._place(
                user,
                row if keep is None else int(keep[row]),
                row,
                found,
                exact[index],
                moment,
                now_s,
                is_discovery,
            )
            for index, (row, is_discovery) in enumerate(shown)
        ]
        top = ranking.top_of(live.crowd[POPULAR_ROW, rows], 10)
        return Ranked(
            places,
            count,
            found.base,
            tuple(live.rooms[row if keep is None else int(keep[row])].streamer_id for row in top),
            live.all_streamers - hidden if hidden else live.all_streamers,
        )

    def _candidates(self, asked: Asked, hidden: set[str]) -> NDArray[np.int64] | None:
        """None: all."""
        live = self._live
        leaves_out = {place for one in hidden for place in live.of_streamer.get(one, ())}
        leaves_out.update(live.of_streamer.get(asked.user_id, ()))
        keep: NDArray[np.bool_] | None = None
        if leaves_out:
            keep = np.ones(len(live.rooms), dtype=np.bool_)
            keep[list(leaves_out)] = False
        if asked.category:
            number = self._categories.find(asked.category)
            of_it = live.categories == (number if number is not None else -2)
            keep = of_it if keep is None else keep & of_it
        return None if keep is None else np.flatnonzero(keep)

    def _moment(
        self,
        user: int,
        asked: Asked,
        rows: NDArray[np.int64] | slice,
        x: NDArray[np.float64],
        now_s: float,
    ) -> tuple[ranking.Moment, NDArray[np.bool_]]:
        live = self._live
        everywhere = np.zeros(len(live.rooms))
        followed, friends, wishes = (everywhere.copy() for _ in range(3))
        for streamer_id in asked.followed:
            followed[live.of_streamer.get(streamer_id, [])] = 1.0
        for room_id, count in asked.friends.items():
            if room_id in live.places:
                friends[live.places[room_id]] = count
        for subject, weight in asked.wishes.items():
            if subject.startswith("streamer:"):
                wishes[live.of_streamer.get(subject.removeprefix("streamer:"), [])] += weight - 1.0
            elif subject.startswith("category:"):
                number = self._categories.find(subject.removeprefix("category:"))
                if number is not None:
                    wishes[live.categories == number] += weight - 1.0
        history = self.tastes.history(user)
        shares = self.category_shares(user, now_s)
        category = np.where(live.categories >= 0, shares[live.categories], 0.0)
        is_known = (x[:, NAMES.index("seen")] > 0) | (followed[rows] > 0)
        moment = ranking.Moment(
            visits=history.visits if history is not None else 0.0,
            popular=live.popular[rows],
            newness=(live.is_new[rows] & ~is_known).astype(np.float64),
            followed=followed[rows],
            friends=friends[rows],
            category=category[rows],
            wishes=np.clip(wishes[rows], -1.0, 1.0),
        )
        return moment, is_known

    def category_shares(self, user: int, now_s: float) -> NDArray[np.float64]:
        """Of the user's taste, by category's number; one more entry for "none"."""
        shares = np.zeros(len(self._categories) + 1)
        history = self.tastes.history(user)
        if history is None or not history.streamers:
            return shares
        long = decay.values(history.read(history.long), now_s, self.tastes.tau_long)
        numbers = [self._category_of.get(one, -1) for one in history.streamers]
        np.add.at(shares, np.array(numbers), long)
        total = float(long.sum())
        return shares / total if total > 0 else shares

    def category_name(self, number: int) -> str:
        return self._categories.name(number)

    def alike_users(self, user_id: str) -> list[tuple[str, float]]:
        """Users with a like taste, and the cosine."""
        user = self.users.find(user_id)
        if user is None or user >= self._alike.height:
            return []
        others, cosines = self._alike.others(user)
        pairs = zip(others.tolist(), cosines.tolist(), strict=True)
        return [(self.users.name(other), cosine) for other, cosine in pairs]

    def _place(
        self,
        user: int,
        place: int,
        row: int,
        found: ranking.Scored,
        values: NDArray[np.float64],
        moment: ranking.Moment,
        now_s: float,
        is_discovery: bool,  # noqa: FBT001 # a value, not a switch
    ) -> Place:
        live = self._live
        room, streamer = live.rooms[place], int(live.streamers[place])
        parts = {
            name: value for name, value in zip(ranking.PARTS, values.tolist(), strict=True) if value
        }
        lately = [
            at_s
            for at_s in self._lately.get(user, {}).get(streamer, ())
            if at_s >= now_s - LATELY_S
        ]
        facts = reasons.Facts(
            visits_lately=len(lately),
            alike=lambda: self._alike_names(user, streamer, now_s),
            friends=int(moment.friends[row]),
            is_followed=bool(moment.followed[row]),
            is_rising=bool(live.crowd[MOMENTUM_ROW, place] > RISING_MIN),
            is_new=bool(live.is_new[place] and not lately and not moment.followed[row]),
            is_popular=bool(live.popular[place] >= live.much),
            category=room.category if moment.category[row] >= CATEGORY_SHARE_MIN else "",
        )
        reason = reasons.choose(parts, facts, is_discovery=is_discovery)
        if found.is_approximate:
            reason = reasons.approximate(reason)
        score = found.base + float(values.sum())
        return Place(room.room_id, room.streamer_id, score, reason, parts, bool(live.is_new[place]))

    def _alike_names(self, user: int, streamer: int, now_s: float) -> tuple[str, ...]:
        found = alike_streamers(
            self.serving.items, self.tastes, user, streamer, now_s, crowd_min=reasons.CROWD_MIN
        )
        return tuple(self.streamers.name(one) for one in found)

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
        shares = self.category_shares(-1 if user is None else user, now_s)[:-1]
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
