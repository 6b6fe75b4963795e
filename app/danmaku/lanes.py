"""The stage, its lanes, and how a text moves: the values of the rule. Pure; time is an argument.

The stage is W wide; its lanes are `LINE_HEIGHT` font sizes high. A scrolling text of width w enters
at one edge at t0 and has left at the other T later:

    x(t) = W - (W + w) (t - t0) / T

In a lane whose last text is p, a text n may start once

    t_n - t_p >= T m / (W + m),    m = max(w_p, w_n) + gap

Then p has entered whole, and n, if it is longer and therefore faster, does not catch it before it
has left. It is enough to look at the last text: for any two texts of a lane, the larger m of their
neighbours on the way covers theirs. A text that stands, or that scrolls the other way, needs a lane
with nothing in it. Who gets a lane is decided in allocator.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, NamedTuple

LINE_HEIGHT: Final = 1.6
DURATION_MS: Final = 8000.0
HOLD_MS: Final = 5000.0
"""How long a top or bottom text stands."""
LANES_MAX: Final = 200
SCALES: Final = {"small": 18 / 25, "normal": 1.0, "large": 36 / 25}
"""What the wire's sizes are of the stage's font."""
PRIVILEGED_ROLES: Final = frozenset({"streamer", "moderator", "admin"})
"""Whose texts wait longer than others' and are not dropped for it."""


class Mode(IntEnum):
    """Bilibili's numbers, which are also the wire's."""

    SCROLL_RTL = 1
    BOTTOM = 4
    TOP = 5
    SCROLL_LTR = 6

    @property
    def is_scrolling(self) -> bool:
        return self in _SCROLLING


_SCROLLING: Final = frozenset({Mode.SCROLL_RTL, Mode.SCROLL_LTR})
_MODES: Final = {int(mode): mode for mode in Mode}


def find_mode(number: int) -> Mode:
    """Of the wire's number; what is not known here scrolls."""
    return _MODES.get(number, Mode.SCROLL_RTL)


class Box(NamedTuple):
    """A rectangle of the stage. Pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """The stage. Pixels."""

    width: float
    height: float
    font: float
    area: float = 1.0
    """The share of the height that texts may use, from the top."""
    duration_ms: float = DURATION_MS
    density: float = 1.0
    """Of what a lane can carry without overlap, at most 1: less means more room between texts."""
    keep_clear: Box | None = None
    """No text crosses it."""

    @property
    def line_height(self) -> float:
        return LINE_HEIGHT * self.font

    @property
    def lanes(self) -> int:
        # What fits exactly fits, though 768 / (1.6 * 48) is a little less than 10 here.
        return min(LANES_MAX, int(self.area * self.height / self.line_height + 1e-9))

    @property
    def gap(self) -> float:
        return self.font / 2

    def fit(self, scale: float) -> float:
        """A text's scale here: on a stage of a single lane nothing is larger than that."""
        return min(scale, 1.0) if self.lanes == 1 else scale

    def is_clear(self, lane: int, text: Text) -> bool:
        """Whether a text that starts here stays out of the box that is kept clear."""
        box = self.keep_clear
        if box is None:
            return True
        top, bottom = lane * self.line_height, (lane + text.rows) * self.line_height
        if bottom <= box.top or top >= box.bottom:
            return True
        if text.mode.is_scrolling:
            return False
        left = (self.width - text.width) / 2
        return left + text.width <= box.left or left >= box.right


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody said, measured."""

    key: str
    """Names it for `take_back`; the message's id, or of one's own a name until there is one."""
    text: str
    width: float
    user_id: str = ""
    name: str = ""
    mode: Mode = Mode.SCROLL_RTL
    color: int = 0xFFFFFF
    scale: float = 1.0
    """Of the stage's font. A larger text takes adjacent lanes."""
    is_privileged: bool = False
    """Gifts, one's own, the streamer's and moderators'."""
    is_own: bool = False

    @property
    def rows(self) -> int:
        """Adjacent lanes that it needs."""
        return max(1, math.ceil(self.scale - 1e-9))


@dataclass(frozen=True, slots=True)
class Flight:
    """A text on the stage."""

    text: Text
    lane: int
    started_ms: float
    count: int = 1
    """How many equal texts it stands for."""
    serial: int = 0
    """Tells it from all others of its stage."""
    said_ms: float = 0.0
    """When the first of the equal texts was offered."""

    def whole_ms(self, geometry: Geometry) -> float:
        return geometry.duration_ms if self.text.mode.is_scrolling else HOLD_MS

    def ends_ms(self, geometry: Geometry) -> float:
        return self.started_ms + self.whole_ms(geometry)

    def progress(self, geometry: Geometry, now_ms: float) -> float:
        """From 0, entering, to 1, gone."""
        return (now_ms - self.started_ms) / self.whole_ms(geometry)

    def x(self, geometry: Geometry, now_ms: float) -> float:
        """The left edge in pixels."""
        text = self.text
        if not text.mode.is_scrolling:
            return (geometry.width - text.width) / 2
        way = (geometry.width + text.width) * self.progress(geometry, now_ms)
        if text.mode is Mode.SCROLL_LTR:
            return way - text.width
        return geometry.width - way

    def y(self, geometry: Geometry) -> float:
        """The top edge in pixels."""
        return self.lane * geometry.line_height

    def moved(self, before: Geometry, after: Geometry, now_ms: float) -> Flight:
        """On another stage, as far on its way as it was."""
        text = scaled(self.text, after.font / before.font)
        if not text.mode.is_scrolling:
            return replace(self, text=text)
        started_ms = now_ms - self.progress(before, now_ms) * after.duration_ms
        return replace(self, text=text, started_ms=started_ms)


def scaled(text: Text, ratio: float) -> Text:
    return text if ratio == 1.0 else replace(text, width=text.width * ratio)


def headway_ms(geometry: Geometry, before: float, after: float) -> float:
    """How long after a text of width `before` one of width `after` may start in its lane."""
    widest = max(before, after) + geometry.gap
    return geometry.duration_ms * widest / (geometry.width + widest) / geometry.density


def free_at_ms(geometry: Geometry, last: Flight | None, text: Text) -> float:
    """From when on a lane takes the text, by the last one that started in it."""
    if last is None:
        return -math.inf
    ends_ms = last.ends_ms(geometry)
    if not text.mode.is_scrolling or last.text.mode is not text.mode:
        return ends_ms
    return min(ends_ms, last.started_ms + headway_ms(geometry, last.text.width, text.width))
