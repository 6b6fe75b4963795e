"""Who flies in which lane from when on: the rule of danmaku. Pure; time is an argument.

Lowest free lane first; bottom texts take the highest. When no lane is free, in this order:

1. An equal text (see folding.py) that was offered less than `MERGE_WINDOW_MS` ago and still flies
   or waits counts up. One's own text is never merged, so that one sees it.
2. Privileged texts wait at the head, and each reserves the lane that frees first for it: nothing
   else starts there. They are not dropped for waiting.
3. Others wait `WAIT_MS_MAX`, two a user, in the order in which they came, each mode for itself (a
   top text needs an empty lane, and should not keep scrolling ones waiting). When their time is
   over they are dropped and counted.

A text that waited starts at the very moment its lane frees, whenever `advance` is called: the same
offers at the same times give the same flights at 60 frames a second, at 7, and in a replay.
Always: offered = shown + merged + hidden + waiting.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from app.danmaku.folding import fold_text
from app.danmaku.lanes import HOLD_MS, LANES_MAX, Flight, Geometry, Mode, Text, free_at_ms, scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MERGE_WINDOW_MS: Final = 30_000.0
WAIT_MS_MAX: Final = 3000.0
WAITING_A_USER_MAX: Final = 2
WAITING_MAX: Final = 200
"""Beyond it even a first text of a user is dropped; privileged texts are not counted."""
PRIVILEGED_MAX: Final = 50


class _Waiting:
    """Mutable: equal texts count up and a resize changes the width."""

    __slots__ = ("count", "fold", "since_ms", "text")

    def __init__(self, text: Text, fold: str, since_ms: float) -> None:
        self.text = text
        self.fold = fold
        self.since_ms = since_ms
        self.count = 1


class _Start(NamedTuple):
    at_ms: float
    waiting: _Waiting
    lane: int


class LaneAllocator:
    """All flights of one stage. Time never runs backwards; a pause is time that stands still."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.offered = self.shown = self.merged = self.hidden = 0
        self._now_ms = -math.inf
        self._serial = 0
        self._flights: dict[int, Flight] = {}
        """By serial number, in the order in which they started."""
        self._last: list[Flight | None] = [None] * LANES_MAX
        self._first_end_ms = math.inf
        self._by_fold: dict[str, int] = {}
        """The newest flight that says this."""
        self._privileged: list[_Waiting] = []
        self._queues: dict[Mode, deque[_Waiting]] = {mode: deque() for mode in Mode}
        self._of_user: dict[str, int] = {}
        self._plan: list[_Start] | None = None
        """When and where those at the heads start, if nothing else happens; None: to be made."""
        self._reserved: frozenset[int] = frozenset()
        """Lanes of the plan that belong to privileged texts."""

    @property
    def flights(self) -> tuple[Flight, ...]:
        """In the order in which they started."""
        return tuple(self._flights.values())

    @property
    def waiting(self) -> int:
        return len(self._privileged) + sum(map(len, self._queues.values()))

    def offer(self, text: Text, now_ms: float) -> None:
        """Somebody said this: it starts now, merges, waits, or is dropped."""
        self.advance(now_ms)
        self.offered += 1
        if not self._open_lanes(text):
            self.hidden += 1
            return
        fold = fold_text(text.text)
        lane = self._find_lane(text)
        if lane is not None:
            self._start(text, fold, lane, self._now_ms, said_ms=self._now_ms)
        elif text.is_own or not self._merge(fold):
            self._wait(text, fold)

    def refuse(self) -> None:
        """A text was left out before it came here: it is offered and hidden."""
        self.offered += 1
        self.hidden += 1

    def advance(self, now_ms: float) -> None:
        """Those that waited start or are given up, each at its moment; those that left are gone."""
        now_ms = max(now_ms, self._now_ms)
        while True:
            start = min(self._planned(), key=lambda one: one.at_ms, default=None)
            overdue = self._find_overdue()
            over_ms = math.inf if overdue is None else overdue.since_ms + WAIT_MS_MAX
            if start is not None and start.at_ms <= min(now_ms, over_ms):
                self._start_waiting(start)
            elif overdue is not None and over_ms <= now_ms:
                self._now_ms = over_ms
                self._give_up(self._queues[overdue.text.mode].popleft())
            else:
                break
        self._now_ms = now_ms
        if self._first_end_ms <= now_ms:
            self._forget_gone()

    def resize(self, geometry: Geometry, now_ms: float) -> None:
        """Another stage, size or speed: every text keeps how far it has come."""
        self.advance(now_ms)
        before, self.geometry = self.geometry, geometry
        now_ms = self._now_ms

        def move(flight: Flight) -> Flight:
            return flight.moved(before, geometry, now_ms)

        self._flights = {serial: move(flight) for serial, flight in self._flights.items()}
        self._last = [None if last is None else move(last) for last in self._last]
        ratio = geometry.font / before.font
        for waiting in self._all_waiting():
            waiting.text = scaled(waiting.text, ratio)
        self._keep_waiting(lambda waiting: bool(self._open_lanes(waiting.text)))
        self._forget_gone()

    def take_back(self, key: str) -> None:
        """One's own text was refused, or somebody's was deleted: it leaves the stage with the equal
        ones that it stands for, as if none had been offered, and its place stays empty."""
        for serial, flight in tuple(self._flights.items()):
            if flight.text.key == key:
                del self._flights[serial]
                self.offered -= flight.count
                self.shown -= 1
                self.merged -= flight.count - 1
        before = self.hidden
        self._keep_waiting(lambda waiting: waiting.text.key != key)
        self.offered -= self.hidden - before
        self.hidden = before

    def remove(self, user_id: str = "", fold: str = "") -> None:
        """The viewer wants nothing more of a user or of a text; what was shown stays counted."""

        def is_unwanted(text: Text) -> bool:
            is_of_user = bool(user_id) and text.user_id == user_id
            return is_of_user or (bool(fold) and fold in fold_text(text.text))

        self._flights = {s: f for s, f in self._flights.items() if not is_unwanted(f.text)}
        self._keep_waiting(lambda waiting: not is_unwanted(waiting.text))

    def clear(self) -> None:
        """Nothing of before is on the stage; what waited is hidden."""
        self._keep_waiting(lambda _waiting: False)
        self._flights.clear()
        self._by_fold.clear()
        self._last = [None] * LANES_MAX
        self._first_end_ms = math.inf

    # --- lanes --------------------------------------------------------------------------------

    def _open_lanes(self, text: Text) -> range | list[int]:
        """Those that the text could ever start in, the first choice first."""
        lanes = range(self.geometry.lanes - text.rows + 1)
        ordered = lanes[::-1] if text.mode is Mode.BOTTOM else lanes
        if self.geometry.keep_clear is None:
            return ordered
        return [lane for lane in ordered if self.geometry.is_clear(lane, text)]

    def _free_at_ms(self, lane: int, text: Text) -> float:
        if text.rows == 1:
            return free_at_ms(self.geometry, self._last[lane], text)
        rows = range(lane, lane + text.rows)
        return max(free_at_ms(self.geometry, self._last[row], text) for row in rows)

    def _find_lane(self, text: Text) -> int | None:
        """One that takes a text which has just come, in front of which nobody waits."""
        if any(one.text.mode is text.mode for one in self._privileged):
            return None
        if not text.is_privileged and self._queues[text.mode]:
            return None
        self._planned()
        for lane in self._open_lanes(text):
            is_reserved = self._reserved and not self._reserved.isdisjoint(
                range(lane, lane + text.rows)
            )
            if not is_reserved and self._free_at_ms(lane, text) <= self._now_ms:
                return lane
        return None

    def _planned(self) -> list[_Start]:
        if self._plan is None:
            reserved: set[int] = set()
            self._plan = []
            for waiting in self._privileged:
                start = self._plan_start(waiting, reserved)
                if start is not None:
                    self._plan.append(start)
                    reserved.update(range(start.lane, start.lane + waiting.text.rows))
            self._reserved = frozenset(reserved)
            for queue in self._queues.values():
                start = self._plan_start(queue[0], reserved) if queue else None
                if start is not None:
                    self._plan.append(start)
        return self._plan

    def _plan_start(self, waiting: _Waiting, reserved: set[int]) -> _Start | None:
        """None where every lane is spoken for."""
        best: _Start | None = None
        text = waiting.text
        least_ms = max(self._now_ms, waiting.since_ms)
        for lane in self._open_lanes(text):
            if reserved and not reserved.isdisjoint(range(lane, lane + text.rows)):
                continue
            at_ms = max(least_ms, self._free_at_ms(lane, text))
            if best is None or at_ms < best.at_ms:
                best = _Start(at_ms, waiting, lane)
        return best

    def _start_waiting(self, start: _Start) -> None:
        waiting, self._now_ms = start.waiting, max(start.at_ms, self._now_ms)
        if waiting.text.is_privileged:
            self._privileged.remove(waiting)
        else:
            self._queues[waiting.text.mode].popleft()
            self._leave_user(waiting.text.user_id)
        self._start(
            waiting.text, waiting.fold, start.lane, start.at_ms, waiting.since_ms, waiting.count
        )

    def _start(
        self, text: Text, fold: str, lane: int, at_ms: float, said_ms: float, count: int = 1
    ) -> None:
        self._serial += 1
        flight = Flight(text, lane, at_ms, count, self._serial, said_ms)
        self._flights[flight.serial] = flight
        self._last[lane : lane + text.rows] = [flight] * text.rows
        self._first_end_ms = min(self._first_end_ms, flight.ends_ms(self.geometry))
        if not text.is_own:
            self._by_fold[fold] = flight.serial
        self.shown += 1
        self._plan = None

    def _forget_gone(self) -> None:
        ends_ms = {serial: one.ends_ms(self.geometry) for serial, one in self._flights.items()}
        self._flights = {
            serial: one for serial, one in self._flights.items() if ends_ms[serial] > self._now_ms
        }
        self._by_fold = {fold: one for fold, one in self._by_fold.items() if one in self._flights}
        self._first_end_ms = min((ends_ms[serial] for serial in self._flights), default=math.inf)

    # --- those that wait ------------------------------------------------------------------------

    def _merge(self, fold: str) -> bool:
        """Count up an equal text that flies or waits. False where there is none."""
        for waiting in self._all_waiting():
            is_recent = self._now_ms - waiting.since_ms < MERGE_WINDOW_MS
            if waiting.fold == fold and is_recent and not waiting.text.is_own:
                waiting.count += 1
                self.merged += 1
                return True
        flight = self._flights.get(self._by_fold.get(fold, 0))
        if flight is None or self._now_ms - flight.said_ms >= MERGE_WINDOW_MS:
            return False
        self._flights[flight.serial] = replace(flight, count=flight.count + 1)
        self.merged += 1
        return True

    def _wait(self, text: Text, fold: str) -> None:
        waiting = _Waiting(text, fold, self._now_ms)
        if text.is_privileged:
            if len(self._privileged) >= PRIVILEGED_MAX:
                self.hidden += 1
                return
            self._privileged.append(waiting)
            self._plan = None
            return
        queue = self._queues[text.mode]
        of_user = self._of_user.get(text.user_id, 0)
        is_full = self.waiting - len(self._privileged) >= WAITING_MAX
        # Who is not known, as in a file that names nobody, is not one and the same.
        if is_full or (text.user_id and of_user >= WAITING_A_USER_MAX):
            self.hidden += 1
            return
        self._of_user[text.user_id] = of_user + 1
        queue.append(waiting)
        if len(queue) == 1:
            self._plan = None

    def _find_overdue(self) -> _Waiting | None:
        """Who is given up next, if nothing starts."""
        heads = (queue[0] for queue in self._queues.values() if queue)
        return min(heads, key=lambda head: head.since_ms, default=None)

    def _give_up(self, waiting: _Waiting) -> None:
        if not waiting.text.is_privileged:
            self._leave_user(waiting.text.user_id)
        self.hidden += waiting.count
        self.merged -= waiting.count - 1
        self._plan = None

    def _keep_waiting(self, is_kept: Callable[[_Waiting], bool]) -> None:
        for waiting in self._all_waiting():
            if not is_kept(waiting):
                self._give_up(waiting)
        self._privileged = [one for one in self._privileged if is_kept(one)]
        self._queues = {
            mode: deque(one for one in queue if is_kept(one))
            for mode, queue in self._queues.items()
        }
        self._plan = None

    def _leave_user(self, user_id: str) -> None:
        left = self._of_user.pop(user_id, 0) - 1
        if left > 0:
            self._of_user[user_id] = left

    def _all_waiting(self) -> list[_Waiting]:
        return [*self._privileged, *(one for queue in self._queues.values() for one in queue)]


def replay(said: Iterable[tuple[float, Text]], geometry: Geometry, at_ms: float) -> LaneAllocator:
    """A jump to `at_ms`: the texts of the last crossing fly once more through the same rule.

    `said` are moments and texts in any order. The same texts and moment give the same stage.
    """
    lanes = LaneAllocator(geometry)
    from_ms = at_ms - max(geometry.duration_ms, HOLD_MS)
    recent = [one for one in said if from_ms <= one[0] <= at_ms]
    for said_ms, text in sorted(recent, key=lambda one: one[0]):
        lanes.offer(text, said_ms)
    lanes.advance(at_ms)
    return lanes
