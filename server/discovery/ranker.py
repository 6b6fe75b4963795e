"""A list for one user, made of candidates and of what is in mind of tastes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import decay, ranking, reasons
from server.discovery.asking import Asked, Place, Ranked
from server.discovery.candidates import MOMENTUM_ROW, POPULAR_ROW, Candidates
from server.discovery.features import NAMES, Features
from server.discovery.interests import chosen_of, key_of
from server.discovery.neighbours import alike_streamers
from server.discovery.taste import DAY_S, Tastes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from server.discovery.artefact import Serving
    from server.discovery.log import Numbers

LATELY_S: Final = 30 * DAY_S
CATEGORY_SHARE_MIN: Final = 0.2
CATEGORY_VISITS_MIN: Final = 3
"""Less is not often."""
POPULAR_VIEWERS_MIN: Final = 2
RISING_MIN: Final = 0.4
SEED_S: Final = 600.0
"""For so long the places that are drawn stay the same."""


@dataclass
class Ranker:
    """Reads what `Memory` keeps."""

    serving: Serving
    tastes: Tastes
    users: Numbers[str]
    streamers: Numbers[str]
    categories: Numbers[str]
    category_of: Mapping[int, int]
    """The category in which each streamer was seen last."""
    lately: Mapping[int, Mapping[int, list[float]]]
    """User -> streamer -> when visits began."""
    features: Features

    def rank(self, live: Candidates, asked: Asked, now_s: float) -> Ranked:
        hidden = {one.removeprefix("hide:") for one in asked.wishes if one.startswith("hide:")}
        keep = self._candidates(live, asked, hidden)
        count = len(live.rooms) if keep is None else len(keep)
        if not count:
            return Ranked([], 0)
        rows: NDArray[np.int64] | slice = slice(None) if keep is None else keep
        user = self.users.find(asked.user_id) if asked.user_id else None
        user = -1 if user is None else user
        streamers = live.streamers[rows]
        x = self.features.rows(user, streamers, now_s, crowd=live.crowd[:, rows])
        moment, is_known = self._moment(live, user, asked, rows, x, now_s)
        found = ranking.score(self.serving.linear.model, self.serving.model, x, moment)
        rng = np.random.default_rng(
            zlib.crc32(f"{asked.seed}:{asked.user_id}:{int(now_s // SEED_S)}".encode())
        )
        order = ranking.arrange(
            found,
            live.categories[rows],
            ranking.Discovery(
                ~is_known & (moment.wishes >= 0) & (moment.passed < ranking.PASSED_OFTEN),
                live.is_new[rows],
                live.stayed[rows],
                live.left[rows],
            ),
            rng,
            places=asked.skip + asked.limit,
            first=(moment.followed > 0) & (moment.wishes >= 0) if live.is_now else None,
        )
        shown = order[asked.skip :]
        exact = ranking.exact_parts(self.serving.model, found, x, [row for row, _ in shown])
        places = [
            self._place(
                live,
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

    def _candidates(
        self, live: Candidates, asked: Asked, hidden: set[str]
    ) -> NDArray[np.int64] | None:
        """None: all."""
        leaves_out = {place for one in hidden for place in live.of_streamer.get(one, ())}
        leaves_out.update(live.of_streamer.get(asked.user_id, ()))
        keep: NDArray[np.bool_] | None = None
        if leaves_out:
            keep = np.ones(len(live.rooms), dtype=np.bool_)
            keep[list(leaves_out)] = False
        if asked.category:
            number = self.categories.find(asked.category)
            of_it = live.categories == (number if number is not None else -2)
            keep = of_it if keep is None else keep & of_it
        return None if keep is None else np.flatnonzero(keep)

    def _moment(
        self,
        live: Candidates,
        user: int,
        asked: Asked,
        rows: NDArray[np.int64] | slice,
        x: NDArray[np.float64],
        now_s: float,
    ) -> tuple[ranking.Moment, NDArray[np.bool_]]:
        everywhere = np.zeros(len(live.rooms))
        followed, friends, wishes, passed = (everywhere.copy() for _ in range(4))
        for streamer_id in asked.followed:
            followed[live.of_streamer.get(streamer_id, [])] = 1.0
        for room_id, count in asked.friends.items():
            if room_id in live.places:
                friends[live.places[room_id]] = count
        for replay_id, count in asked.passed.items():
            if replay_id in live.places:
                passed[live.places[replay_id]] = count
        for subject, weight in asked.wishes.items():
            if subject.startswith("streamer:"):
                wishes[live.of_streamer.get(subject.removeprefix("streamer:"), [])] += weight - 1.0
            elif subject.startswith("category:"):
                number = self.categories.find(subject.removeprefix("category:"))
                if number is not None:
                    wishes[live.categories == number] += weight - 1.0
        interests = self._interests(live, chosen_of(asked.wishes))
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
            interests=interests[rows],
            recency=live.recency[rows],
            passed=passed[rows],
        )
        return moment, is_known

    def _interests(self, live: Candidates, chosen: Collection[str]) -> NDArray[np.float64]:
        """1 for candidates of a category that goes by a name of one that was chosen."""
        if not chosen:
            return np.zeros(len(live.rooms))
        keys = {key_of(name) for name in chosen}
        numbers = [
            number
            for number in set(live.categories.tolist())
            if number >= 0 and key_of(self.categories.name(number)) in keys
        ]
        return np.isin(live.categories, numbers).astype(np.float64)

    def category_shares(self, user: int, now_s: float) -> NDArray[np.float64]:
        """Of the user's taste, by category's number; one more entry for "none"."""
        shares = np.zeros(len(self.categories) + 1)
        history = self.tastes.history(user)
        if history is None or not history.streamers:
            return shares
        long = decay.values(history.read(history.long), now_s, self.tastes.tau_long)
        numbers = [self.category_of.get(one, -1) for one in history.streamers]
        np.add.at(shares, np.array(numbers), long)
        total = float(long.sum())
        return shares / total if total > 0 else shares

    def _place(
        self,
        live: Candidates,
        user: int,
        place: int,
        row: int,
        found: ranking.Scored,
        values: NDArray[np.float64],
        moment: ranking.Moment,
        now_s: float,
        is_discovery: bool,  # noqa: FBT001 # a value, not a switch
    ) -> Place:
        room, streamer = live.rooms[place], int(live.streamers[place])
        parts = {
            name: value for name, value in zip(ranking.PARTS, values.tolist(), strict=True) if value
        }
        lately = [
            at_s for at_s in self.lately.get(user, {}).get(streamer, ()) if at_s >= now_s - LATELY_S
        ]
        facts = reasons.Facts(
            visits_lately=len(lately),
            alike=lambda: self._alike_names(user, streamer, now_s),
            friends=int(moment.friends[row]),
            is_followed=bool(moment.followed[row]),
            is_rising=live.is_now and bool(live.crowd[MOMENTUM_ROW, place] > RISING_MIN),
            is_new=bool(live.is_new[place] and not lately and not moment.followed[row]),
            is_popular=live.is_now
            and room.viewers >= POPULAR_VIEWERS_MIN
            and bool(live.popular[place] >= live.much),
            is_recent=bool(live.recency[place] > 0.5),
            has_history=moment.visits > 0,
            category=room.category if self._is_frequent(user, live, place, moment, row) else "",
            interest=room.category if moment.interests[row] else "",
        )
        reason = reasons.choose(parts, facts, is_discovery=is_discovery)
        if found.is_approximate:
            reason = reasons.approximate(reason)
        score = found.base + float(values.sum())
        return Place(room.room_id, room.streamer_id, score, reason, parts, bool(live.is_new[place]))

    def _is_frequent(
        self, user: int, live: Candidates, place: int, moment: ranking.Moment, row: int
    ) -> bool:
        """Whether the user often watches the candidate's category."""
        if moment.category[row] < CATEGORY_SHARE_MIN:
            return False
        history = self.tastes.history(user)
        counts = zip(history.streamers, history.count, strict=True) if history is not None else ()
        wanted = int(live.categories[place])
        visits = sum(count for one, count in counts if self.category_of.get(one, -1) == wanted)
        return visits >= CATEGORY_VISITS_MIN

    def _alike_names(self, user: int, streamer: int, now_s: float) -> tuple[str, ...]:
        found = alike_streamers(
            self.serving.items, self.tastes, user, streamer, now_s, crowd_min=reasons.CROWD_MIN
        )
        return tuple(self.streamers.name(one) for one in found)
