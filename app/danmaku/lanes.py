"""Which text flies in which lane from when on: the rule of danmaku. Pure; time is an argument.

The stage is W wide; its lanes are `LINE_HEIGHT` font sizes high. A scrolling text of width w enters
at one edge at t0 and has left at the other T later:

    x(t) = W - (W + w) (t - t0) / T

In a lane whose last text is p, a text n may start once

    t_n - t_p >= T m / (W + m),    m = max(w_p, w_n) + gap

Then p has entered whole, and n, if it is longer and therefore faster, does not catch it before it
has left. It is enough to look at the last text: for any two texts of a lane, the larger m of their
neighbours on the way covers theirs. A text that stands, or that scrolls the other way, needs a lane
with nothing in it. Lowest free lane first; bottom texts take the highest.

When no lane is free, in this order: an equal text merges into the one that is there and counts up;
privileged texts go to the head of the queue and are never dropped (the lane that frees first is
theirs); others wait, two a user, and are dropped and counted when their time is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from app.danmaku.folding import fold_text

LINE_HEIGHT: Final = 1.6
DURATION_MS: Final = 8000.0
HOLD_MS: Final = 5000.0
"""How long a top or bottom text stands."""
MERGE_WINDOW_MS: Final = 30_000.0
WAIT_MS_MAX: Final = 3000.0
WAITING_A_USER_MAX: Final = 2
WAITING_MAX: Final = 200
"""Beyond it even a first text of a user is dropped; privileged texts are not counted."""
PRIVILEGED_MAX: Final = 50
LANES_MAX: Final = 200
COUNTS_MAX: Final = 1000


class Mode(IntEnum):
    """Bilibili's numbers, which are also the wire's."""

    SCROLL_RTL = 1
    BOTTOM = 4
    TOP = 5
    SCROLL_LTR = 6

    @property
    def is_scrolling(self) -> bool:
        return self in {Mode.SCROLL_RTL, Mode.SCROLL_LTR}


@dataclass(frozen=True, slots=True)
class Geometry:
    """The stage. Pixels."""

    width: float
    height: float
    font: float
    area: float = 1.0
    """The share of the height that texts may use, from the top."""
    duration_ms: float = DURATION_MS

    @property
    def line_height(self) -> float:
        return LINE_HEIGHT * self.font

    @property
    def lanes(self) -> int:
        return min(LANES_MAX, int(self.area * self.height / self.line_height))

    @property
    def gap(self) -> float:
        return self.font / 2


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody said, measured."""

    key: str
    """Names it for `take_back`; the message's id."""
    text: str
    width: float
    user_id: str = ""
    mode: Mode = Mode.SCROLL_RTL
    color: int = 0xFFFFFF
    rows: int = 1
    """Adjacent lanes that it needs."""
    is_privileged: bool = False
    """Gifts, one's own, the streamer's and moderators'."""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Flight:
    """A text on the stage."""

    text: Text
    lane: int
    started_ms: float
    count: int = 1
    """How many equal texts it stands for."""

    def progress(self, geometry: Geometry, now_ms: float) -> float:
        """From 0, entering, to 1, gone."""
        whole_ms = geometry.duration_ms if self.text.mode.is_scrolling else HOLD_MS
        return (now_ms - self.started_ms) / whole_ms

    def x(self, geometry: Geometry, now_ms: float) -> float:
        """The left edge in pixels."""
        if not self.text.mode.is_scrolling:
            return (geometry.width - self.text.width) / 2
        way = (geometry.width + self.text.width) * self.progress(geometry, now_ms)
        if self.text.mode is Mode.SCROLL_LTR:
            return way - self.text.width
        return geometry.width - way

    def y(self, geometry: Geometry) -> float:
        """The top edge in pixels."""
        return self.lane * geometry.line_height


@dataclass(frozen=True, slots=True)
class _Waiting:
    text: Text
    since_ms: float
    count: int = 1


def headway_ms(geometry: Geometry, before: float, after: float) -> float:
    """How long after a text of width `before` one of width `after` may start in its lane."""
    widest = max(before, after) + geometry.gap
    return geometry.duration_ms * widest / (geometry.width + widest)


class LaneAllocator:
    """All flights of one stage. Time never runs backwards; a pause is time that stands still."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.flights: tuple[Flight, ...] = ()
        """In the order in which they started."""
        self.hidden = 0
        """Texts that were never shown, merged ones not among them."""
        self._last: list[Flight | None] = [None] * LANES_MAX
        self._waiting: list[_Waiting] = []
        self._counts: dict[str, tuple[float, int]] = {}
        """By folded text: when the first of the window was shown, and how many there were."""

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def offer(self, text: Text, now_ms: float) -> None:
        """Somebody said this: it starts now, merges, waits, or is dropped."""
        self.advance(now_ms)
        if self.geometry.lanes < text.rows:
            self.hidden += 1
            return
        is_first = text.is_privileged or not self._waiting
        if is_first and self._start(text, 1, now_ms):
            return
        if not text.is_own and self._merge(text, now_ms):
            return
        self._wait(text, now_ms)

    def advance(self, now_ms: float) -> None:
        """Those that left are forgotten, those that waited start or are given up."""
        geometry = self.geometry
        if any(flight.progress(geometry, now_ms) >= 1.0 for flight in self.flights):
            self.flights = tuple(f for f in self.flights if f.progress(geometry, now_ms) < 1.0)
        if not self._waiting:
            return
        still: list[_Waiting] = []
        for waiting in self._waiting:
            if self._start(waiting.text, waiting.count, now_ms):
                continue
            is_over = now_ms - waiting.since_ms >= WAIT_MS_MAX
            if is_over and not waiting.text.is_privileged:
                self.hidden += waiting.count
                continue
            still.append(waiting)
        self._waiting = still

    def resize(self, geometry: Geometry, now_ms: float) -> None:
        """Another stage, size or speed: every text keeps how far it has come."""
        before, self.geometry = self.geometry, geometry
        ratio = geometry.font / before.font
        moved: dict[Flight, Flight] = {}
        for flight in self.flights:
            started_ms = flight.started_ms
            if flight.text.mode.is_scrolling:
                progress = flight.progress(before, now_ms)
                started_ms = now_ms - progress * geometry.duration_ms
            text = replace(flight.text, width=flight.text.width * ratio)
            moved[flight] = replace(flight, text=text, started_ms=started_ms)
        self.flights = tuple(moved.values())
        self._last = [moved.get(last) if last is not None else None for last in self._last]
        self._waiting = [
            replace(waiting, text=replace(waiting.text, width=waiting.text.width * ratio))
            for waiting in self._waiting
            if waiting.text.rows <= geometry.lanes or not self._give_up(waiting)
        ]

    def take_back(self, key: str) -> None:
        """One's own text was refused: it leaves the stage, and its place stays empty."""
        self.flights = tuple(f for f in self.flights if f.text.key != key)
        self._waiting = [w for w in self._waiting if w.text.key != key]

    def clear(self) -> None:
        """A jump: nothing of before is on the stage."""
        self.flights = ()
        self._last = [None] * LANES_MAX
        self._waiting.clear()
        self._counts.clear()

    def _give_up(self, waiting: _Waiting) -> bool:
        self.hidden += waiting.count
        return True

    def _start(self, text: Text, count: int, now_ms: float) -> bool:
        lane = self._find_lane(text, now_ms)
        if lane is None:
            return False
        flight = Flight(text, lane, now_ms, count)
        self._last[lane : lane + text.rows] = [flight] * text.rows
        self.flights = (*self.flights, flight)
        self._remember(text, count, now_ms)
        return True

    def _find_lane(self, text: Text, now_ms: float) -> int | None:
        lanes = range(self.geometry.lanes - text.rows + 1)
        for lane in reversed(lanes) if text.mode is Mode.BOTTOM else lanes:
            if all(self._is_free(row, text, now_ms) for row in range(lane, lane + text.rows)):
                return lane
        return None

    def _is_free(self, lane: int, text: Text, now_ms: float) -> bool:
        last = self._last[lane]
        if last is None or last.progress(self.geometry, now_ms) >= 1.0:
            return True
        if not text.mode.is_scrolling or last.text.mode is not text.mode:
            return False
        after_ms = headway_ms(self.geometry, last.text.width, text.width)
        return now_ms - last.started_ms >= after_ms

    def _remember(self, text: Text, count: int, now_ms: float) -> None:
        folded = fold_text(text.text)
        seen = self._counts.pop(folded, None)
        first_ms = seen[0] if seen is not None and count > 1 else now_ms
        self._counts[folded] = (first_ms, count)
        while len(self._counts) > COUNTS_MAX:
            del self._counts[next(iter(self._counts))]

    def _merge(self, text: Text, now_ms: float) -> bool:
        """Count up an equal text that flies or waits. False where there is none."""
        folded = fold_text(text.text)
        for index, waiting in enumerate(self._waiting):
            if fold_text(waiting.text.text) == folded and not waiting.text.is_own:
                self._waiting[index] = replace(waiting, count=waiting.count + 1)
                return True
        seen = self._counts.get(folded)
        if seen is None or now_ms - seen[0] >= MERGE_WINDOW_MS:
            return False
        for index in range(len(self.flights) - 1, -1, -1):
            flight = self.flights[index]
            if fold_text(flight.text.text) == folded:
                counted = replace(flight, count=flight.count + 1)
                self._counts[folded] = (seen[0], counted.count)
                self.flights = (*self.flights[:index], counted, *self.flights[index + 1 :])
                self._last = [counted if last is flight else last for last in self._last]
                return True
        return False

    def _wait(self, text: Text, now_ms: float) -> None:
        waiting = _Waiting(text, now_ms)
        privileged = sum(w.text.is_privileged for w in self._waiting)
        if text.is_privileged:
            if privileged >= PRIVILEGED_MAX:
                self.hidden += 1
                return
            self._waiting.insert(privileged, waiting)
            return
        of_user = sum(w.text.user_id == text.user_id for w in self._waiting)
        if of_user >= WAITING_A_USER_MAX or len(self._waiting) - privileged >= WAITING_MAX:
            self.hidden += 1
            return
        self._waiting.append(waiting)
