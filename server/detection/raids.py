"""Raids: many who are new to a room, and tied to each other, write at once.

One room's newcomers of the last seconds, and what ties them: a text that is nearly the same, a
device, an address. Time is handed in, in seconds of a clock that only goes forward.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from server.detection.rules import Conduct, is_raid, is_suspect, weigh_suspect
from server.moderation.floods import DISTANCE_MAX, NEAR_LETTERS_MIN, print_of
from wire.detection_events import Signal

if TYPE_CHECKING:
    from server.detection.rules import Thresholds
    from server.moderation.floods import Print
    from wire.ids import UserId

LINES_MAX: Final = 400
"""Newcomers' messages of one room that are remembered."""
REGULAR_LINES_MAX: Final = 40
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


class RaidWindow:
    """One room's."""

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque()
        self._people: dict[UserId, deque[_Line]] = {}
        self._addresses: Counter[str] = Counter()
        """How many of the people write from it."""
        self._devices: Counter[str] = Counter()
        self._regulars: deque[tuple[float, UserId, str]] = deque(maxlen=REGULAR_LINES_MAX)
        self._suspects: dict[UserId, tuple[Signal, ...]] = {}

    def note_regular(self, user_id: UserId, text: str, now_s: float) -> None:
        """What those say who are at home here is what the room talks about."""
        self._regulars.append((now_s, user_id, text))

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
            if len(line.near) + 1 >= limits.text_people:
                again |= line.near
        self._put(line)
        for user_id in again:
            self._judge(user_id, limits)
        if not is_raid(len(self._suspects), len(self._people), limits):
            return None
        began_s = min(self._people[user_id][0].at_s for user_id in self._suspects)
        return RaidFound(dict(self._suspects), len(self._people), began_s, now_s)

    def clear(self) -> None:
        while self._lines:
            self._drop_oldest()

    def _near(self, line: _Line) -> list[_Line]:
        """Lines of others that say the same."""
        found = line.found
        if found is None:
            return []
        return [
            other
            for other in self._lines
            if other.found is not None
            and other.by.user_id != line.by.user_id
            and _is_near(found, other.found)
        ]

    def _judge(self, user_id: UserId, limits: Thresholds) -> None:
        own = self._people[user_id]
        by = own[-1].by
        conduct = Conduct(
            account_age_s=by.account_age_s,
            is_new_here=True,
            tried=len(own),
            text_people=max(len(line.near) for line in own) + 1,
            device_people=max((self._devices[one] - 1 for one in by.devices), default=0),
            address_people=self._addresses[by.address] if by.address else 0,
            refused=by.refused,
        )
        reasons = weigh_suspect(conduct, limits)
        if is_suspect(reasons, limits):
            self._suspects[user_id] = reasons
        else:
            self._suspects.pop(user_id, None)

    def _put(self, line: _Line) -> None:
        if len(self._lines) >= LINES_MAX:
            self._drop_oldest()
        own = self._people.setdefault(line.by.user_id, deque())
        if not own:
            self._addresses[line.by.address] += 1
            self._devices.update(line.by.devices)
        else:
            # As the person was when first seen, so that leaving takes away what coming brought.
            line = replace(line, by=replace(own[0].by, refused=line.by.refused))
        own.append(line)
        self._lines.append(line)

    def _forget(self, since_s: float) -> None:
        while self._lines and self._lines[0].at_s < since_s:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        by = self._lines.popleft().by
        own = self._people[by.user_id]
        own.popleft()
        if own:
            return
        del self._people[by.user_id]
        self._suspects.pop(by.user_id, None)
        self._addresses[by.address] -= 1
        self._devices.subtract(by.devices)
        for one in (by.address, *by.devices):
            for counts in (self._addresses, self._devices):
                if one in counts and counts[one] <= 0:
                    del counts[one]

    def _is_talk(self, line: _Line, people: int, limits: Thresholds) -> bool:
        """Whether the room itself says the same: then newcomers join in, they do not raid."""
        if line.found is None or people < limits.text_people:
            return False
        since_s = line.at_s - 3 * limits.raid_window_s
        saying = {
            user_id
            for at_s, user_id, text in self._regulars
            if at_s >= since_s and _is_near(print_of(text), line.found)
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
