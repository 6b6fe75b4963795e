"""Ordinary crowds, made up: what hundreds write who have nothing against anybody."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from server.clocks import Clocks
from server.detection.rules import raid_in_code
from server.detection.watch import Ties, Watch
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from server.detection.raids import RaidFound
    from wire.detection_events import Signal

ROOM: Final = RoomId("room")
START_MS: Final = 1_700_000_000_000
GREETINGS: Final = (
    "hello everyone",
    "hi",
    "good evening all",
    "hello from the link",
    "大家好",
    "来了来了",
    "主播好",
    "first time here",
    "hey chat",
    "晚上好呀大家",
)
CHEERS: Final = ("666", "lol", "wow", "哈哈哈哈", "nice one", "gg", "awesome", "太强了")
GREETING_SHARE: Final = 0.4
CHEER_SHARE: Final = 0.15


@dataclass(frozen=True)
class Crowd:
    """People who come within a while and write now and then, each at their own pace."""

    name: str
    newcomers: int
    regulars: int
    arrive_s: float
    lasts_s: float
    pace_s: float
    """Between two messages of one, on average."""
    age_s: float
    """Of the newcomers' accounts when they come, at most."""
    addresses: int


EVENING: Final = Crowd("busy evening", 400, 60, 300, 900, 20, 600, 380)
SURGE: Final = Crowd("link shared by a star", 800, 60, 60, 300, 15, 120, 760)
SCHOOL_CLASS: Final = Crowd("class at one address", 30, 2, 60, 900, 8, 600, 1)


@dataclass
class Alarms:
    """What the watch did to people who have done nothing."""

    messages: int = 0
    raids: int = 0
    held: int = 0
    muted: int = 0
    held_by: dict[str, int] = field(default_factory=dict)


class _House:
    """Stands in for the relay's other parts."""

    def __init__(self, made_at: dict[UserId, int], regulars: set[UserId], alarms: Alarms) -> None:
        self._made_at = made_at
        self._regulars = regulars
        self._alarms = alarms
        self.first_ms: dict[UserId, int] = {}
        """When who wrote first."""

    async def made_at(self, user_id: UserId) -> int:
        return self._made_at[user_id]

    async def is_known(self, _room_id: RoomId, user_id: UserId, before_unix_ms: int) -> bool:
        first = self.first_ms.get(user_id)
        return user_id in self._regulars or (first is not None and first < before_unix_ms)

    async def find_ties(self, _room_id: RoomId, _user_id: UserId) -> Ties:
        return Ties()

    def raid_found(self, _room_id: RoomId, raid: RaidFound) -> None:
        self._alarms.raids += 1
        words = raid_in_code(len(raid.suspects), raid.reasons())
        self._alarms.held_by[words] = self._alarms.held_by.get(words, 0) + 1

    def to_mute(self, _room_id: RoomId, _user_id: UserId, _reasons: tuple[Signal, ...]) -> None:
        self._alarms.muted += 1


class Stage:
    """A watch in a time of its own."""

    def __init__(self, crowd: Crowd, seed: int, lines: Sequence[str]) -> None:
        self._crowd, self._lines = crowd, lines
        self._chance = random.Random(seed)  # noqa: S311 # the same crowd each time
        self.now_s = 1_000.0
        self.alarms = Alarms()
        clocks = Clocks(
            mono_s=lambda: self.now_s,
            unix_us=lambda: START_MS * 1000 + int(self.now_s * 1_000_000),
        )
        self.watch = Watch(clocks=clocks)
        self._arrivals: dict[UserId, float] = {}
        made_at: dict[UserId, int] = {}
        regulars = {UserId(f"r{n}") for n in range(crowd.regulars)}
        for one in regulars:
            self._arrivals[one] = self.now_s + self._chance.uniform(0, 10)
            made_at[one] = START_MS - 90 * 86_400_000
        for n in range(crowd.newcomers):
            one = UserId(f"n{n}")
            self._arrivals[one] = come_s = self.now_s + self._chance.uniform(0, crowd.arrive_s)
            made_at[one] = START_MS + int((come_s - self._chance.uniform(5, crowd.age_s)) * 1000)
            address = f"a{self._chance.randrange(crowd.addresses)}"
            self.watch.note_login(one, devices=(f"d{n}",), address=address)
        self._regulars = regulars
        self.watch.answering = self._house = _House(made_at, regulars, self.alarms)

    def play(self) -> Alarms:
        """The whole of it, at once."""
        asyncio.run(self._play())
        return self.alarms

    async def _play(self) -> None:
        for at_s, user_id, text in self.messages():
            self.now_s = at_s
            await self.watch.load(ROOM, user_id)
            self.alarms.messages += 1
            try:
                held = self.watch.judge(ROOM, user_id, text)
            except WireError as error:
                self.watch.muted(user_id)
                if error.code == ErrorCode.KNOWN_ONLY:
                    self.watch.open_up(ROOM)
                continue
            self._house.first_ms.setdefault(user_id, START_MS + int(at_s * 1000))
            if held is not None:
                self.alarms.held += 1
                self.alarms.held_by[held.words] = self.alarms.held_by.get(held.words, 0) + 1

    def messages(self) -> Iterator[tuple[float, UserId, str]]:
        """In the order of time; the first of a newcomer is often a greeting."""
        ends_s = self.now_s + self._crowd.lasts_s
        due = [(at_s, user_id, True) for user_id, at_s in self._arrivals.items()]
        heapq.heapify(due)
        while due:
            at_s, user_id, is_first = heapq.heappop(due)
            yield at_s, user_id, self._say(is_first=is_first)
            next_s = at_s + 1 + self._chance.expovariate(1 / self._crowd.pace_s)
            if next_s < ends_s:
                heapq.heappush(due, (next_s, user_id, False))

    def _say(self, *, is_first: bool) -> str:
        dice = self._chance.random()
        if is_first and dice < GREETING_SHARE:
            weights = [1 / (rank + 1) for rank in range(len(GREETINGS))]
            return self._chance.choices(GREETINGS, weights)[0]
        if dice > 1 - CHEER_SHARE:
            return self._chance.choice(CHEERS)
        return self._chance.choice(self._lines)
