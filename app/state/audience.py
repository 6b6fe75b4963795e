"""What a simulated audience does: who comes, where to, how long, and what is said.

Pure and endless: the same people and the same random numbers give the same acts in the same order.
Whether an act succeeds is no concern of the plan.

    away --wait--> in a room --stay--> away       each wait and stay exponential; who is out of
                                                  their hours comes back later
                   while there: a greeting, small talk, now and then a gift or a red packet,
                   and words and hearts when the room has a moment
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from app.state import audience_lines as lines

if TYPE_CHECKING:
    from wire.command_base import DanmakuMode, DanmakuSize

Random = Callable[[], float]
"""From 0 up to 1."""

STAY_S_MEAN: Final = 150.0
STAY_S_MIN: Final = 6.0
"""Nobody leaves before the picture is there."""
AWAY_S_MEAN: Final = 45.0
FIRST_WAIT_S_MEAN: Final = 5.0
ARRIVALS_PER_S_MAX: Final = 10.0
TALK_GAP_S_MEAN: Final = 16.0
SAY_GAP_S_MIN: Final = 2.0
"""Below what the relay lets a viewer write, three at once and then one a second."""
MOMENT_GAP_S_MEAN: Final = 15.0
REACTION_S_MEAN: Final = 1.6
REACTING_SHARE: Final = 0.75
GREETING_SHARE: Final = 0.4
FAREWELL_SHARE: Final = 0.15
LOYAL_SHARE: Final = 0.75
"""How often somebody goes to a favourite room rather than to any."""
FAVOURITES: Final = 2
"""The first by how popular it is, the others of its category, where there are any."""
HOURS_LONG: Final = 5
OUT_OF_HOURS: Final = 2.5
"""So much longer the way back takes outside one's hours of the day."""
EVENING_HOUR: Final = 19
HOUR_SPREAD: Final = 9
ACCOUNT_SHARE: Final = 0.55
"""The others are guests, who watch and cannot write."""
TAPPING_SHARE: Final = 0.6
"""Of those who react: they tap the heart as well."""
TAPS_MIN, TAPS_MAX = 3, 10
"""In one go; the relay counts no more than ten a second of one user."""
TAPPING_ON_SHARE: Final = 0.5
"""They tap once more, and perhaps once more after that."""
TAP_GAP_S: Final = 1.1
GIVE_GAP_S_MEAN: Final = 50.0
COMBO_SHARE: Final = 0.35
COMBO_MAX: Final = 12
TREAT_SHARE: Final = 0.08
"""Of those who would give: they put a red packet into the room instead."""
COLORS: Final = (0xFE_D8_5D, 0x8A_D8_FF, 0xFF_9E_B5, 0x9C_E8_A6)
COLOR_SHARE: Final = 0.15
STILL_SHARE: Final = 0.06
"""Lines that stand at the top or at the bottom instead of passing."""
SIZED_SHARE: Final = 0.1
"""Lines that are larger or smaller than usual."""

_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class Person:
    """One simulated viewer."""

    name: str
    """Empty for a guest, who has no account."""
    language: lines.Language
    favourites: tuple[int, ...]
    """Rooms, by their place in the list."""
    pace: float
    """How much slower than the mean this one writes."""
    takes_picture: bool
    """The others take the sound alone, which is lighter for everybody."""
    hours_from: int = 0
    """From this hour of the day on they come most, for `HOURS_LONG` hours."""

    def is_at_home(self, hour: float) -> bool:
        """Whether it is the time of day at which they watch."""
        return (hour - self.hours_from) % 24 < HOURS_LONG


@dataclass(frozen=True, slots=True)
class Arrive:
    at_s: float
    person: int
    room: int


@dataclass(frozen=True, slots=True)
class Say:
    at_s: float
    person: int
    text: str
    mode: DanmakuMode
    color: int
    size: DanmakuSize = "normal"


@dataclass(frozen=True, slots=True)
class Tap:
    """The heart, so many times."""

    at_s: float
    person: int
    count: int


@dataclass(frozen=True, slots=True)
class Give:
    """A gift; which one is chosen when the purse is known (app/state/audience_purse.py)."""

    at_s: float
    person: int
    generosity: float
    """From 0 up to 1."""
    times: int
    """Presses of the same gift, one after the other."""


@dataclass(frozen=True, slots=True)
class Treat:
    """A red packet for the room."""

    at_s: float
    person: int


@dataclass(frozen=True, slots=True)
class Leave:
    at_s: float
    person: int


Deed = Say | Tap | Give | Treat
"""What needs an account."""
Act = Arrive | Deed | Leave


@dataclass(slots=True)
class _Presence:
    """A person as the plan goes."""

    room: int | None = None
    visit: int = 0
    """Counts; what was planned for an earlier visit is dropped."""
    spoke_at_s: float = -math.inf
    last_words: str = ""


@dataclass(order=True, slots=True)
class _Due:
    at_s: float
    order: int
    make: Callable[[float], Iterator[Act]] = field(compare=False)


def make_people(
    viewers: int,
    categories: Sequence[str],
    *,
    accounts_max: int,
    picture_share: float,
    random: Random,
) -> tuple[Person, ...]:
    """`categories` has that of each room. Those with an account come first."""
    accounts = min(round(viewers * ACCOUNT_SHARE), accounts_max, len(lines.NAMES))
    people = []
    for number in range(viewers):
        name, language = lines.NAMES[number] if number < accounts else ("", _language(random))
        favourites = _choose_favourites(categories, random)
        pace = 0.5 + 1.5 * random()
        takes_picture = random() < picture_share
        hours_from = round(EVENING_HOUR + HOUR_SPREAD * (random() + random() - 1)) % 24
        people.append(Person(name, language, favourites, pace, takes_picture, hours_from))
    return tuple(people)


def plan(
    people: Sequence[Person], rooms: int, random: Random, *, began_hour: float | None = None
) -> Iterator[Act]:
    """Acts in the order of their time, without end.

    `began_hour` is the hour of the day at its beginning; without one everybody has time.
    """
    return _Planner(people, rooms, random, began_hour).run()


class _Planner:
    def __init__(
        self, people: Sequence[Person], rooms: int, random: Random, began_hour: float | None
    ) -> None:
        self._began_hour = began_hour
        self._people = people
        self._rooms = rooms
        self._random = random
        self._present = [_Presence() for _ in people]
        self._due: list[_Due] = []
        self._order = itertools.count()
        first_wait_s = max(FIRST_WAIT_S_MEAN, len(people) / ARRIVALS_PER_S_MAX)
        for person in range(len(people)):
            at_s = self._wait_s(first_wait_s)
            self._put(at_s, partial(self._arrive, person=person))
        for room in range(rooms):
            at_s = self._wait_s(MOMENT_GAP_S_MEAN)
            self._put(at_s, partial(self._have_moment, room=room))

    def run(self) -> Iterator[Act]:
        while self._due:
            due = heapq.heappop(self._due)
            yield from due.make(due.at_s)

    def _arrive(self, now_s: float, person: int) -> Iterator[Act]:
        present, who = self._present[person], self._people[person]
        if self._random() < LOYAL_SHARE:
            present.room = self._choose(who.favourites)
        else:
            present.room = min(int(self._random() * self._rooms), self._rooms - 1)
        present.visit += 1
        visit = present.visit
        stay_s = max(STAY_S_MIN, self._wait_s(STAY_S_MEAN))
        self._put(now_s + stay_s, partial(self._leave, person=person))
        if who.name:
            if self._random() < GREETING_SHARE:
                greeting = self._choose(lines.GREETINGS[who.language])
                at_s = now_s + 2 + self._wait_s(2)
                self._put(at_s, partial(self._say, person=person, visit=visit, words=greeting))
            self._plan_talk(now_s, person, visit)
            self._plan_gift(now_s, person, visit)
        yield Arrive(now_s, person, present.room)

    def _leave(self, now_s: float, person: int) -> Iterator[Act]:
        present, who = self._present[person], self._people[person]
        if who.name and self._random() < FAREWELL_SHARE:
            farewell = self._choose(lines.FAREWELLS[who.language])
            yield from self._say(now_s, person, present.visit, farewell)
        present.room = None
        away_s = self._wait_s(AWAY_S_MEAN * self._reluctance(now_s, who))
        self._put(now_s + away_s, partial(self._arrive, person=person))
        yield Leave(now_s, person)

    def _plan_talk(self, now_s: float, person: int, visit: int) -> None:
        gap_s = self._wait_s(TALK_GAP_S_MEAN * self._people[person].pace)
        self._put(now_s + SAY_GAP_S_MIN + gap_s, partial(self._talk, person=person, visit=visit))

    def _talk(self, now_s: float, person: int, visit: int) -> Iterator[Act]:
        if not self._is_there(person, visit):
            return
        words = self._choose(lines.SMALL_TALK[self._people[person].language])
        yield from self._say(now_s, person, visit, words)
        self._plan_talk(now_s, person, visit)

    def _plan_gift(self, now_s: float, person: int, visit: int) -> None:
        gap_s = self._wait_s(GIVE_GAP_S_MEAN * self._people[person].pace)
        self._put(now_s + SAY_GAP_S_MIN + gap_s, partial(self._give, person=person, visit=visit))

    def _give(self, now_s: float, person: int, visit: int) -> Iterator[Act]:
        if not self._is_there(person, visit):
            return
        if self._random() < TREAT_SHARE:
            yield Treat(now_s, person)
        else:
            times = self._pick(2, COMBO_MAX) if self._random() < COMBO_SHARE else 1
            yield Give(now_s, person, self._random(), times)
        self._plan_gift(now_s, person, visit)

    def _tap(self, now_s: float, person: int, visit: int) -> Iterator[Act]:
        if self._is_there(person, visit):
            yield Tap(now_s, person, self._pick(TAPS_MIN, TAPS_MAX))
            if self._random() < TAPPING_ON_SHARE:
                at_s = now_s + TAP_GAP_S
                self._put(at_s, partial(self._tap, person=person, visit=visit))

    def _have_moment(self, now_s: float, room: int) -> Iterator[Act]:
        """Something happens, and those who are there react within a few seconds."""
        moment = self._choose(lines.MOMENTS)
        for person, present in enumerate(self._present):
            who = self._people[person]
            if present.room != room or not who.name or self._random() > REACTING_SHARE:
                continue
            words = self._choose(lines.REACTIONS[moment][who.language])
            at_s, visit = now_s + self._wait_s(REACTION_S_MEAN), present.visit
            self._put(at_s, partial(self._say, person=person, visit=visit, words=words))
            if self._random() < TAPPING_SHARE:
                at_s = now_s + self._wait_s(REACTION_S_MEAN)
                self._put(at_s, partial(self._tap, person=person, visit=visit))
        at_s = now_s + self._wait_s(MOMENT_GAP_S_MEAN)
        self._put(at_s, partial(self._have_moment, room=room))
        yield from ()

    def _say(self, now_s: float, person: int, visit: int, words: str) -> Iterator[Act]:
        """Nothing, where the person has gone, has just spoken or would repeat the same words."""
        present = self._present[person]
        if not self._is_there(person, visit) or words == present.last_words:
            return
        if now_s - present.spoke_at_s < SAY_GAP_S_MIN:
            return
        present.spoke_at_s, present.last_words = now_s, words
        mode: DanmakuMode = 1
        if self._random() < STILL_SHARE:
            mode = 5 if self._random() < 0.5 else 4
        color = self._choose(COLORS) if self._random() < COLOR_SHARE else 0xFFFFFF
        size: DanmakuSize = "normal"
        if self._random() < SIZED_SHARE:
            size = "large" if self._random() < 0.5 else "small"
        yield Say(now_s, person, words, mode, color, size)

    def _reluctance(self, now_s: float, who: Person) -> float:
        if self._began_hour is None or who.is_at_home(self._began_hour + now_s / 3600):
            return 1.0
        return OUT_OF_HOURS

    def _is_there(self, person: int, visit: int) -> bool:
        """Still the same stay for which it was planned."""
        present = self._present[person]
        return present.room is not None and present.visit == visit

    def _put(self, at_s: float, make: Callable[[float], Iterator[Act]]) -> None:
        heapq.heappush(self._due, _Due(at_s, next(self._order), make))

    def _wait_s(self, mean_s: float) -> float:
        return -math.log(1.0 - self._random()) * mean_s

    def _pick(self, low: int, high: int) -> int:
        """Both included."""
        return min(high, low + int(self._random() * (high - low + 1)))

    def _choose(self, choices: Sequence[_Choice]) -> _Choice:
        return choices[min(int(self._random() * len(choices)), len(choices) - 1)]


def _language(random: Random) -> lines.Language:
    return "zh" if random() < 0.5 else "en"


def _choose_favourites(categories: Sequence[str], random: Random) -> tuple[int, ...]:
    """A taste: one room, and others like it."""
    rooms = len(categories)
    first = _popular_room(rooms, random)
    taste = categories[first]
    alike = [room for room in range(rooms) if taste and categories[room] == taste and room != first]
    favourites = [first]
    for _ in range(FAVOURITES - 1):
        if alike:
            favourites.append(alike[min(int(random() * len(alike)), len(alike) - 1)])
        else:
            favourites.append(_popular_room(rooms, random))
    return tuple(favourites)


def _popular_room(rooms: int, random: Random) -> int:
    """The first room draws twice as many as the second, three times as many as the third."""
    weights = [1 / (place + 1) for place in range(rooms)]
    left = random() * sum(weights)
    for room, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return room
    return rooms - 1
