"""Raids: many who are new to a room, and tied to each other, write at once.

One room's newcomers of the last seconds, and what ties them: a text that is nearly the same, a
device, an address. Time is handed in, in seconds of a clock that only goes forward.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from server.detection.rules import (
    Conduct,
    is_by_address,
    is_raid,
    is_suspect,
    is_together,
    weigh_suspect,
)
from server.moderation.floods import DISTANCE_MAX, NEAR_LETTERS_MIN, print_of
from wire.detection_events import Signal

if TYPE_CHECKING:
    from server.detection.rules import Thresholds
    from server.moderation.floods import Print
    from wire.ids import UserId

LINES_MAX: Final = 400
"""Newcomers' messages of one room that are remembered."""
REGULAR_LINES_MAX: Final = 40
COMMON_TEXTS_MAX: Final = 5_000
COMMON_PEOPLE: Final = 5
"""A text that so many said on their own is common."""
LACKING_MAX: Final = 1
"""Points that one of a raid may lack who is found with the others."""
SAID_ALOUD_LETTERS_MIN: Final = 6
"""What a whole room shouts at once is no tie. A Han character counts as one and a half."""
_HAN: Final = ("\u3400", "\u9fff")


@dataclass(frozen=True)
class Newcomer:
    """One who is new to the room, as the watch knows them."""

    user_id: UserId
    account_age_s: float
    devices: frozenset[str] = frozenset()
    address: str = ""
    refused: int = 0


@dataclass(eq=False)
class _Line:
    at_s: float
    by: Newcomer
    found: Print | None
    """None: too short to be a tie, or refused before it was read."""
    near: set[UserId] = field(default_factory=set)
    bits: int = field(init=False)

    def __post_init__(self) -> None:
        self.bits = self.found.bits if self.found is not None else 0


@dataclass(eq=False)
class _Said:
    """A regular's line; its print is seldom asked for."""

    at_s: float
    by: UserId
    text: str

    @cached_property
    def found(self) -> Print:
        return print_of(self.text)


@dataclass(frozen=True)
class RaidFound:
    suspects: Mapping[UserId, tuple[Signal, ...]]
    newcomers: int
    began_s: float
    """When the first of its messages came."""
    found_s: float

    def reasons(self) -> tuple[Signal, ...]:
        """How many were found with which reason, the commonest first."""
        counts = Counter(reason.name for some in self.suspects.values() for reason in some)
        return tuple(Signal(name=name, count=count) for name, count in counts.most_common())


class CommonTexts:
    """What newcomers say at any time, in all rooms: greetings tie nobody to anybody."""

    def __init__(self) -> None:
        self._said: OrderedDict[int, set[UserId]] = OrderedDict()

    def learn(self, found: Print, by: UserId) -> None:
        people = self._said.setdefault(found.bits, set())
        self._said.move_to_end(found.bits)
        if len(people) < COMMON_PEOPLE:
            people.add(by)
        if len(self._said) > COMMON_TEXTS_MAX:
            self._said.popitem(last=False)

    def knows(self, found: Print) -> bool:
        return len(self._said.get(found.bits, ())) >= COMMON_PEOPLE


class RaidWindow:
    """One room's."""

    def __init__(self, common: CommonTexts | None = None) -> None:
        self._common = common or CommonTexts()
        self._lines: deque[_Line] = deque()
        self._people: dict[UserId, deque[_Line]] = {}
        self._addresses: Counter[str] = Counter()
        """How many of the people write from it."""
        self._devices: dict[str, set[UserId]] = {}
        self._regulars: deque[_Said] = deque(maxlen=REGULAR_LINES_MAX)
        self._suspects: dict[UserId, tuple[Signal, ...]] = {}

    def note_regular(self, user_id: UserId, text: str, now_s: float) -> None:
        """What those say who are at home here is what the room talks about."""
        self._regulars.append(_Said(now_s, user_id, text))

    def add(
        self, by: Newcomer, text: str | None, now_s: float, limits: Thresholds
    ) -> RaidFound | None:
        """A newcomer's message (None: one that was refused unread)."""
        self._forget(now_s - limits.raid_window_s)
        line = _Line(now_s, by, _tie_of(text) if text is not None else None)
        near = self._near(line)
        again = {by.user_id}
        if near and self._is_talk(line, len(near) + 1, limits):
            for other in near:
                other.near.clear()
        else:
            for other in near:
                line.near.add(other.by.user_id)
                other.near.add(by.user_id)
            if is_together(len(line.near) + 1, len(self._people), limits):
                again |= line.near
        self._put(line)
        for device in by.devices:
            again |= self._devices.get(device, set())
        for user_id in again:
            self._judge(user_id, limits)
        by_address = sum(map(is_by_address, self._suspects.values()))
        if not is_raid(len(self._suspects), len(self._people), limits, by_address=by_address):
            return None
        people = {**self._accomplices(limits), **self._suspects}
        began_s = min(self._people[user_id][0].at_s for user_id in people)
        return RaidFound(people, len(self._people), began_s, now_s)

    def _accomplices(self, limits: Thresholds) -> dict[UserId, tuple[Signal, ...]]:
        """Who is tied to others too, and lacks little: beside a raid that is no chance."""
        weighed = {user_id: self._weigh(user_id, limits) for user_id in self._people}
        least = limits.suspect_points - LACKING_MAX
        return {
            user_id: reasons
            for user_id, reasons in weighed.items()
            if reasons and sum(one.points for one in reasons) >= least
        }

    def clear(self) -> None:
        for held in (self._lines, self._people, self._addresses, self._devices, self._suspects):
            held.clear()

    def _near(self, line: _Line) -> list[_Line]:
        """Lines of others that say the same."""
        found = line.found
        if found is None or self._common.knows(found):
            return []
        bits = found.bits
        return [
            other
            for other in self._lines
            if (other.bits ^ bits).bit_count() <= DISTANCE_MAX
            and other.found is not None
            and other.by.user_id != line.by.user_id
            and _is_near(found, other.found)
        ]

    def _judge(self, user_id: UserId, limits: Thresholds) -> None:
        reasons = self._weigh(user_id, limits)
        if is_suspect(reasons, limits):
            self._suspects[user_id] = reasons
        else:
            self._suspects.pop(user_id, None)

    def _weigh(self, user_id: UserId, limits: Thresholds) -> tuple[Signal, ...]:
        own = self._people[user_id]
        by = own[-1].by
        conduct = Conduct(
            account_age_s=by.account_age_s,
            is_new_here=True,
            tried=len(own),
            text_people=max(len(line.near) for line in own) + 1,
            newcomers=len(self._people),
            device_people=max((len(self._devices[one]) - 1 for one in by.devices), default=0),
            address_people=self._addresses[by.address] if by.address else 0,
            refused=by.refused,
        )
        return weigh_suspect(conduct, limits)

    def _put(self, line: _Line) -> None:
        if len(self._lines) >= LINES_MAX:
            self._drop_oldest()
        own = self._people.setdefault(line.by.user_id, deque())
        if not own:
            self._addresses[line.by.address] += 1
            for device in line.by.devices:
                self._devices.setdefault(device, set()).add(line.by.user_id)
        else:
            # As the person was when first seen, so that leaving takes away what coming brought.
            line.by = replace(own[0].by, refused=line.by.refused)
        own.append(line)
        self._lines.append(line)

    def _forget(self, since_s: float) -> None:
        while self._lines and self._lines[0].at_s < since_s:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        line = self._lines.popleft()
        by, own = line.by, self._people[line.by.user_id]
        own.popleft()
        if line.found is not None and by.user_id not in self._suspects:
            self._common.learn(line.found, by.user_id)
        if own:
            return
        del self._people[by.user_id]
        self._suspects.pop(by.user_id, None)
        self._addresses[by.address] -= 1
        if not self._addresses[by.address]:
            del self._addresses[by.address]
        for device in by.devices:
            self._devices[device].discard(by.user_id)
            if not self._devices[device]:
                del self._devices[device]

    def _is_talk(self, line: _Line, people: int, limits: Thresholds) -> bool:
        """Whether the room itself says the same: then newcomers join in, they do not raid."""
        if line.found is None or not is_together(people, len(self._people), limits):
            return False
        since_s = line.at_s - 3 * limits.raid_window_s
        saying = {
            said.by
            for said in self._regulars
            if said.at_s >= since_s and _is_near(said.found, line.found)
        }
        return len(saying) >= max(2, people // 4)


def _tie_of(text: str) -> Print | None:
    found = print_of(text)
    han = sum(_HAN[0] <= character <= _HAN[1] for character in set(text))
    return found if found.letters + han / 2 >= SAID_ALOUD_LETTERS_MIN else None


def _is_near(one: Print, other: Print) -> bool:
    differing = (one.bits ^ other.bits).bit_count()
    if differing == 0:
        return True
    is_long = one.letters >= NEAR_LETTERS_MIN and other.letters >= NEAR_LETTERS_MIN
    return is_long and differing <= DISTANCE_MAX
