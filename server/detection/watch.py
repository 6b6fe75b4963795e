"""Everybody who writes, as far as memory goes: what they did lately, and what follows from it.

Chat asks on each message and never waits for an answer; `load` before. What is to be done is handed
to whoever listens (`Answering`); until it is done, the watch itself keeps a raid's people quiet.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from server.detection.outliers import Outliers, Sample
from server.detection.raids import CommonTexts, Newcomer, RaidWindow
from server.detection.rules import Conduct, Score, Thresholds, in_code, level_of, weigh_person
from wire.errors import ErrorCode, WireError
from wire.words_events import HeldReason

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.clocks import Clocks
    from server.detection.raids import RaidFound
    from wire.detection_events import Signal
    from wire.ids import RoomId, UserId

PEOPLE_MAX: Final = 20_000
ROOMS_MAX: Final = 500
STANDINGS_MAX: Final = 20_000
"""Of people in rooms: new there or not."""
KEPT_EACH: Final = 40
"""Of messages, refusals, joins and reports of one person."""
MINUTE_S: Final = 60.0
OPEN_IN_S: Final = 5.0
"""A message waits no longer between being let in and being judged."""
REPORT_COUNTS_S: Final = 3_600.0
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_NOT_COUNTED: Final = frozenset(
    {
        ErrorCode.KNOWN_ONLY,
        ErrorCode.FOLLOWERS_ONLY,
        ErrorCode.EMOJI_ONLY,
        ErrorCode.MUTED,
        ErrorCode.SLOW_MODE,
        ErrorCode.BUSY,
        ErrorCode.STORAGE_FAILED,
    }
)
"""Refusals that say nothing about who is refused."""


@dataclass(frozen=True)
class Ties:
    """Whether somebody has a device, or an address, of one who is banned."""

    has_device: bool = False
    has_address: bool = False


class Answering(Protocol):
    """Who does something about it, and knows what the watch does not."""

    async def made_at(self, user_id: UserId) -> int:
        """When an account was made, on the wall clock in ms."""

    async def is_known(self, room_id: RoomId, user_id: UserId, before_unix_ms: int) -> bool:
        """Whether somebody wrote in the room, or followed its owner, before a time."""

    async def find_ties(self, room_id: RoomId, user_id: UserId) -> Ties: ...

    def raid_found(self, room_id: RoomId, raid: RaidFound) -> None:
        """Without waiting, as the next."""

    def to_mute(self, room_id: RoomId, user_id: UserId, reasons: tuple[Signal, ...]) -> None: ...


@dataclass
class _Person:
    """One account, in all rooms."""

    made_at_unix_ms: int
    devices: frozenset[str] = frozenset()
    address: str = ""
    tried: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    texts: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    refused: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    joined: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    reported: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    score: Score = field(default_factory=Score)
    is_being_muted: bool = False
    letters: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT_EACH))
    sampled_at_s: float = -math.inf
    unusual: int = 0


@dataclass(frozen=True)
class _Here:
    """How one stands to a room."""

    is_new: bool
    asked_at_s: float
    ties: Ties = field(default_factory=Ties)


@dataclass(frozen=True)
class Seen:
    """What the watch is told of somebody's socket."""

    devices: frozenset[str] = frozenset()
    address: str = ""


class Watch:
    """Event loop's thread only."""

    def __init__(self, *, clocks: Clocks, thresholds: Thresholds | None = None) -> None:
        self.thresholds = thresholds or Thresholds()
        """May be put in place by others while it runs, checked (`check_thresholds`)."""
        self.answering: Answering | None = None
        """Set at composition; without one nothing is judged."""
        self._clocks = clocks
        self._people: OrderedDict[UserId, _Person] = OrderedDict()
        self._seen: OrderedDict[UserId, Seen] = OrderedDict()
        self._here: OrderedDict[tuple[RoomId, UserId], _Here] = OrderedDict()
        self._rooms: OrderedDict[RoomId, RaidWindow] = OrderedDict()
        self._common = CommonTexts()
        self._outliers = Outliers()
        self._shut: dict[RoomId, float] = {}
        """Rooms whose raid was found and whose rules do not say so yet, or just now; until when."""
        self._exempt: OrderedDict[tuple[RoomId, UserId], float] = OrderedDict()

    # --- what is told ---------------------------------------------------------------------------

    def note_login(self, user_id: UserId, *, devices: Collection[str], address: str) -> None:
        """Hashes both."""
        known = self._seen.pop(user_id, Seen())
        seen = Seen(known.devices | frozenset(devices), address)
        _keep(self._seen, user_id, seen, PEOPLE_MAX)
        person = self._people.get(user_id)
        if person is not None:
            person.devices, person.address = seen.devices, seen.address

    def note_join(self, user_id: UserId) -> None:
        person = self._people.get(user_id)
        if person is not None:
            person.joined.append(self._clocks.mono_s())

    def note_report(self, user_id: UserId) -> None:
        person = self._people.get(user_id)
        if person is not None:
            person.reported.append(self._clocks.mono_s())

    def note_refused(self, room_id: RoomId, user_id: UserId, code: ErrorCode) -> None:
        """A message of theirs was not taken."""
        person = self._people.get(user_id)
        if person is None or code in _NOT_COUNTED:
            return
        now_s = self._clocks.mono_s()
        if code == ErrorCode.RATE_LIMITED:
            person.tried.append(now_s)
        person.refused.append(now_s)
        here = self._here.get((room_id, user_id))
        if here is not None and here.is_new:
            self._look_for_raid(room_id, user_id, person, None, now_s)

    def forget(self, user_id: UserId) -> None:
        """Somebody is erased."""
        self._people.pop(user_id, None)
        self._seen.pop(user_id, None)
        for key in [key for key in self._here if key[1] == user_id]:
            del self._here[key]

    # --- what is asked --------------------------------------------------------------------------

    async def load(self, room_id: RoomId, user_id: UserId) -> None:
        """Read what `judge` needs, so that it can answer at once."""
        behind = self.answering
        if behind is None:
            return
        if user_id not in self._people:
            made_at = await behind.made_at(user_id)
            if user_id not in self._people:
                seen = self._seen.get(user_id, Seen())
                person = _Person(made_at, seen.devices, seen.address)
                person.joined.append(self._clocks.mono_s())
                _keep(self._people, user_id, person, PEOPLE_MAX)
        key, now_s = (room_id, user_id), self._clocks.mono_s()
        here = self._here.get(key)
        if here is not None and not (
            here.is_new and now_s - here.asked_at_s > self.thresholds.new_for_s
        ):
            return
        before = self._clocks.unix_ms() - int(self.thresholds.new_for_s * 1000)
        is_known = await behind.is_known(room_id, user_id, before)
        ties = here.ties if here is not None else await behind.find_ties(room_id, user_id)
        if key not in self._here or here is self._here[key]:
            _keep(self._here, key, _Here(not is_known, now_s, ties), STANDINGS_MAX)

    def judge(self, room_id: RoomId, user_id: UserId, text: str) -> HeldReason | None:
        """Why a message is held, if it is, after `load`.

        Raises WireError: KNOWN_ONLY to the people of a raid, MUTED.
        """
        person, here = self._people.get(user_id), self._here.get((room_id, user_id))
        if person is None or here is None:
            return None
        if person.is_being_muted:
            raise _muted()
        now_s = self._clocks.mono_s()
        if here.is_new and self._shut.get(room_id, 0.0) > now_s:
            raise _only_known()
        person.tried.append(now_s)
        person.texts.append((now_s, hash(text.casefold())))
        person.letters.append(len(text))
        if now_s - person.sampled_at_s >= MINUTE_S:
            self._sample(person, now_s)
        if not here.is_new:
            self._room(room_id).note_regular(user_id, text, now_s)
        elif self._look_for_raid(room_id, user_id, person, text, now_s):
            raise _only_known()
        return self._weigh(room_id, user_id, person, here, now_s)

    def muted(self, user_id: UserId) -> None:
        """Sanctions have it now, or could not do it."""
        person = self._people.get(user_id)
        if person is not None:
            person.is_being_muted = False

    def score(self, user_id: UserId) -> tuple[float, tuple[Signal, ...]]:
        """How many points somebody has now, and why."""
        person = self._people.get(user_id)
        if person is None:
            return 0.0, ()
        now_s, half_life_s = self._clocks.mono_s(), self.thresholds.half_life_s
        return person.score.points(now_s, half_life_s), person.score.reasons(now_s, half_life_s)

    # --- raids ----------------------------------------------------------------------------------

    def open_up(self, room_id: RoomId, *, in_s: float = 0.0) -> None:
        """The room's rules say who may write. Messages on their way were let in by older ones."""
        self._shut[room_id] = until_s = self._clocks.mono_s() + in_s
        for one in [one for one, end_s in self._shut.items() if end_s < until_s - OPEN_IN_S]:
            del self._shut[one]

    def is_new(self, room_id: RoomId, user_id: UserId) -> bool:
        here = self._here.get((room_id, user_id))
        return here is not None and here.is_new

    def exempt(self, room_id: RoomId, user_ids: Collection[UserId]) -> None:
        """They were no raid, somebody has said: nor are they one soon."""
        until_s = self._clocks.mono_s() + self.thresholds.exempt_s
        for user_id in user_ids:
            _keep(self._exempt, (room_id, user_id), until_s, STANDINGS_MAX)
            person = self._people.get(user_id)
            if person is not None:
                person.score.clear()
        self._room(room_id).clear()

    def trust(self, room_id: RoomId | None, user_id: UserId) -> None:
        """Not the banned one, somebody has said."""
        for key, here in self._here.items():
            if key[1] == user_id and room_id in {None, key[0]}:
                self._here[key] = _Here(here.is_new, here.asked_at_s)
        person = self._people.get(user_id)
        if person is not None:
            person.score.clear()

    def _look_for_raid(
        self, room_id: RoomId, user_id: UserId, person: _Person, text: str | None, now_s: float
    ) -> bool:
        limits = self.thresholds
        if not limits.finds_raids or self._exempt.get((room_id, user_id), 0.0) > now_s:
            return False
        newcomer = Newcomer(
            user_id,
            self._age_s(person),
            person.devices,
            person.address,
            _count(person.refused, now_s - MINUTE_S),
        )
        raid = self._room(room_id).add(newcomer, text, now_s, limits)
        if raid is None or self.answering is None:
            return False
        self._shut[room_id] = math.inf
        self._room(room_id).clear()
        self.answering.raid_found(room_id, raid)
        return True

    # --- people ---------------------------------------------------------------------------------

    def _weigh(
        self, room_id: RoomId, user_id: UserId, person: _Person, here: _Here, now_s: float
    ) -> HeldReason | None:
        limits = self.thresholds
        if not limits.scores_people:
            return None
        own = person.texts[-1][1]
        conduct = Conduct(
            account_age_s=self._age_s(person),
            is_new_here=here.is_new,
            tried=_count(person.tried, now_s - limits.raid_window_s),
            repeats=sum(one == own and at_s > now_s - MINUTE_S for at_s, one in person.texts),
            refused=_count(person.refused, now_s - MINUTE_S),
            joins=_count(person.joined, now_s - MINUTE_S),
            reports=_count(person.reported, now_s - REPORT_COUNTS_S),
            has_banned_device=here.ties.has_device,
            has_banned_address=here.ties.has_address,
            unusual=person.unusual,
        )
        found = weigh_person(conduct, limits)
        person.score.note(found, now_s, limits.half_life_s)
        points = person.score.points(now_s, limits.half_life_s)
        if points < limits.watch_points:
            return None
        reasons = person.score.reasons(now_s, limits.half_life_s)
        level = level_of(points, reasons, limits)
        if level == "mute" and self.answering is not None:
            # Whoever comes back, or is let in again, begins anew.
            person.score.clear()
            person.is_being_muted = True
            self.answering.to_mute(room_id, user_id, reasons)
            raise _muted()
        if level != "hold":
            return None
        return HeldReason(rule="behaviour", words=in_code(reasons))

    def _sample(self, person: _Person, now_s: float) -> None:
        """Once a minute of somebody's writing: what is usual, and how far they are from it."""
        person.sampled_at_s, since_s = now_s, now_s - MINUTE_S
        own = person.texts[-1][1]
        sample = Sample(
            messages=_count(person.tried, since_s),
            repeats=sum(one == own and at_s > since_s for at_s, one in person.texts),
            refused=_count(person.refused, since_s),
            joins=_count(person.joined, since_s),
            letters=sum(person.letters) / len(person.letters),
        )
        person.unusual = self._outliers.points(sample)
        self._outliers.add(sample, now_s, self.thresholds)

    def _age_s(self, person: _Person) -> float:
        return max(0.0, (self._clocks.unix_ms() - person.made_at_unix_ms) / 1000)

    def _room(self, room_id: RoomId) -> RaidWindow:
        known = self._rooms.get(room_id)
        if known is None:
            known = RaidWindow(self._common)
        _keep(self._rooms, room_id, known, ROOMS_MAX)
        return known


def _keep(known: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)


def _count(times: deque[float], since_s: float) -> int:
    count = 0
    for at_s in reversed(times):
        if at_s < since_s:
            break
        count += 1
    return count


def _muted() -> WireError:
    return WireError(ErrorCode.MUTED, "you may not write here for now")


def _only_known() -> WireError:
    return WireError(ErrorCode.KNOWN_ONLY, "only people known in this room may write now")
