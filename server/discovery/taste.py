"""What is known of everybody's taste at one moment: the past, added up, and nothing later.

Streamers are learned, never rooms or broadcasts: a broadcast can be watched only while it is live,
and most choices repeat a streamer that one knows. Users and streamers are numbers here, counted
from 0 in the order of their coming (`names.Numbers`).

The state changes only by `add`, in the order of time. Whoever asks at time t between two additions
therefore gets what could be known at t; a test proves that no feature of an event sees the event
itself or a later one.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from server.discovery import decay

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_S: Final = 86_400.0
VISIT_GAP_S: Final = 1_800.0
"""What comes sooner after the last is the same visit."""
INFLUENCE_MIN: Final = 0.002
"""Of whoever is new, or knows one streamer alone: five hundred of them weigh as one."""
TRUSTED_AFTER_S: Final = 7 * DAY_S
TRUSTED_STREAMERS: Final = 4
HISTORY_MAX: Final = 2_000
"""Streamers that one user's taste holds; the weakest goes when another comes."""


class Act(NamedTuple):
    """One visit, or a part of one, cleaned: weights are confidences, not raw amounts."""

    user: int
    streamer: int
    at_s: float
    """Unix seconds."""
    weight: float
    """Confidence that the user likes the streamer; negative for a visit broken off at once."""
    minutes: float = 0.0
    likes: float = 0.0
    coins: float = 0.0
    messages: float = 0.0


@dataclass(frozen=True)
class HalfLives:
    """Chosen on data (training.choose_half_lives); these are where nothing is known yet."""

    short_s: float = 3 * DAY_S
    long_s: float = 60 * DAY_S
    crowd_s: float = 7 * DAY_S
    """Of a streamer's popularity."""
    rising_s: float = DAY_S / 4


class History:
    """One user's past with each streamer, as columns. Read it by `read`."""

    __slots__ = (
        "began_s",
        "coins",
        "cos",
        "count",
        "first_s",
        "last_s",
        "likes",
        "long",
        "messages",
        "minutes",
        "places",
        "short",
        "sin",
        "streamers",
        "total_long",
        "visits",
    )  # fmt: skip

    def __init__(self) -> None:
        self.began_s = 0.0
        """When the first act of all happened."""
        self.places: dict[int, int] = {}
        """Streamer -> place in the columns."""
        self.streamers = array("q")
        self.short = array("d")
        self.long = array("d")
        self.count = array("d")
        """Visits."""
        self.first_s = array("d")
        self.last_s = array("d")
        """End of the last visit so far."""
        self.cos = array("d")
        self.sin = array("d")
        """The hours of the day of the visits, as sums of points on a circle."""
        self.minutes = array("d")
        self.likes = array("d")
        self.coins = array("d")
        self.messages = array("d")
        self.total_long = decay.NEVER
        self.visits = 0.0

    def place(self, streamer: int, at_s: float) -> tuple[int, bool]:
        """Where the streamer's numbers are; True when this is the first time."""
        found = self.places.get(streamer)
        if found is not None:
            return found, False
        if len(self.streamers) >= HISTORY_MAX:
            found = min(range(len(self.long)), key=self.long.__getitem__)
            del self.places[self.streamers[found]]
            self.streamers[found] = streamer
            self.places[streamer] = found
            for column in (self.count, self.cos, self.sin, *self._sums()):
                column[found] = 0.0
            self.short[found] = self.long[found] = decay.NEVER
            self.first_s[found] = self.last_s[found] = at_s
            return found, True
        found = len(self.streamers)
        self.places[streamer] = found
        self.streamers.append(streamer)
        for column in (self.count, self.cos, self.sin, *self._sums()):
            column.append(0.0)
        self.short.append(decay.NEVER)
        self.long.append(decay.NEVER)
        self.first_s.append(at_s)
        self.last_s.append(at_s)
        return found, True

    def _sums(self) -> tuple[array[float], ...]:
        return self.minutes, self.likes, self.coins, self.messages

    def read(self, column: array[float]) -> NDArray[np.float64]:
        """A copy: the column itself may grow."""
        return np.array(column, dtype=np.float64)


class Crowd:
    """What all users together do with each streamer, as columns over streamers."""

    def __init__(self) -> None:
        self.popular = array("d")
        self.rising = array("d")
        self.visits = array("d")
        self.visitors = array("d")
        self.returned = array("d")
        """Visitors who came a second time."""
        self.first_s = array("d")

    def __len__(self) -> int:
        return len(self.popular)

    def grow(self, streamer: int, at_s: float) -> None:
        while len(self.popular) <= streamer:
            self.popular.append(decay.NEVER)
            self.rising.append(decay.NEVER)
            for column in (self.visits, self.visitors, self.returned):
                column.append(0.0)
            self.first_s.append(at_s)


class Tastes:
    """Everybody's. One thread at a time."""

    def __init__(self, half_lives: HalfLives, *, is_guarded: bool = False) -> None:
        """`is_guarded`: an act weighs for others as much as its user is trusted."""
        self.half_lives = half_lives
        self._is_guarded = is_guarded
        self.tau_short = decay.tau_s(half_lives.short_s)
        self.tau_long = decay.tau_s(half_lives.long_s)
        self.tau_crowd = decay.tau_s(half_lives.crowd_s)
        self.tau_rising = decay.tau_s(half_lives.rising_s)
        self.crowd = Crowd()
        self._histories: dict[int, History] = {}
        self.last_s = -math.inf
        """When the last act that was added happened."""

    def __len__(self) -> int:
        return len(self._histories)

    def history(self, user: int) -> History | None:
        return self._histories.get(user)

    def users(self) -> tuple[int, ...]:
        return tuple(self._histories)

    def forget(self, user: int) -> None:
        """The user's own past is gone; what the crowd did stays, which names nobody."""
        self._histories.pop(user, None)

    def influence(self, user: int, now_s: float) -> float:
        """How much the user's acts weigh for others, up to 1.

        It grows with the time since the first act and with how many streamers are known: a crowd
        of accounts made for one streamer weighs next to nothing.
        """
        history = self._histories.get(user)
        if history is None or not history.streamers:
            return INFLUENCE_MIN
        age = min(1.0, max(0.0, now_s - history.began_s) / TRUSTED_AFTER_S)
        variety = min(1.0, (len(history.streamers) - 1) / TRUSTED_STREAMERS)
        return max(INFLUENCE_MIN, age * variety)

    def add(self, act: Act) -> None:
        """Acts in the order of time. A visit is counted once however many acts it has."""
        history = self._histories.get(act.user)
        if history is None:
            history = self._histories[act.user] = History()
            history.began_s = act.at_s
        at_s = act.at_s
        influence = self.influence(act.user, at_s) if self._is_guarded else 1.0
        self.last_s = max(self.last_s, at_s)
        place, is_first = history.place(act.streamer, at_s)
        is_new_visit = is_first or at_s - history.last_s[place] > VISIT_GAP_S
        history.last_s[place] = max(at_s, history.last_s[place])
        self.crowd.grow(act.streamer, at_s)
        if is_new_visit:
            self._count_visit(history, place, act, is_first=is_first, influence=influence)
        history.minutes[place] += act.minutes
        history.likes[place] += act.likes
        history.coins[place] += act.coins
        history.messages[place] += act.messages
        if act.weight <= 0:
            return
        history.short[place] = decay.add(history.short[place], act.weight, at_s, self.tau_short)
        history.long[place] = decay.add(history.long[place], act.weight, at_s, self.tau_long)
        history.total_long = decay.add(history.total_long, act.weight, at_s, self.tau_long)

    def _count_visit(
        self, history: History, place: int, act: Act, *, is_first: bool, influence: float
    ) -> None:
        angle = 2 * math.pi * (act.at_s % DAY_S) / DAY_S
        history.cos[place] += math.cos(angle)
        history.sin[place] += math.sin(angle)
        history.count[place] += 1
        history.visits += 1
        crowd, streamer = self.crowd, act.streamer
        # A visit counts as one for the others however long, rich or busy it is: no single user can
        # push a streamer up for everybody.
        crowd.popular[streamer] = decay.add(
            crowd.popular[streamer], influence, act.at_s, self.tau_crowd
        )
        crowd.rising[streamer] = decay.add(
            crowd.rising[streamer], influence, act.at_s, self.tau_rising
        )
        crowd.visits[streamer] += influence
        if is_first:
            crowd.visitors[streamer] += influence
        elif history.count[place] == 2:
            crowd.returned[streamer] += influence
