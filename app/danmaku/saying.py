"""What somebody said at a moment of a recording: what danmaku files hold, and what flies of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.danmaku.allocator import LaneAllocator
from app.danmaku.lanes import Flight, Geometry, Mode, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHARACTERS_MAX: Final = 200
"""Of one text. A longer one is cut."""
SAYINGS_MAX: Final = 200_000
"""Of one file: two hours of the busiest room."""
AT_MS_MAX: Final = 1000 * 3600 * 1000
STEP_MS: Final = 500.0
_BROKEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of pairs and line ends: XML has no place for them, and a text is one
line."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One danmaku, without regard to a stage."""

    at_ms: int
    text: str
    mode: Mode = Mode.SCROLL_RTL
    color: int = 0xFFFFFF
    scale: float = 1.0
    """Of the stage's font."""
    said_at_unix_s: int = 0
    author: str = ""
    """Who: a user's id, or the hash that a file has in its place."""
    name: str = ""
    """Never in a file for danmaku players."""
    is_privileged: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class CountedFlight:
    """A flight for as long as it showed one count of equal texts."""

    flight: Flight
    from_ms: float
    to_ms: float


def clean_text(text: str) -> str:
    """One line of characters that every file can hold; empty where nothing is left."""
    whole = "".join(
        " " if _is_broken(character) else character for character in text[: 2 * CHARACTERS_MAX]
    )
    return whole[:CHARACTERS_MAX].strip()


def _is_broken(character: str) -> bool:
    """Not all that is unassigned here: emoji of next year are."""
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"
    return is_noncharacter or unicodedata.category(character) in _BROKEN


def to_text(saying: Saying, geometry: Geometry, measure: Callable[[str, float], float]) -> Text:
    """`measure` gives the width of words at a font size. Pixels."""
    scale = geometry.fit(saying.scale)
    return Text(
        key=saying.key,
        text=saying.text,
        width=measure(saying.text, geometry.font * scale),
        user_id=saying.author,
        name=saying.name,
        mode=saying.mode,
        color=saying.color,
        scale=scale,
        is_privileged=saying.is_privileged,
    )


def fly(
    sayings: Iterable[Saying], geometry: Geometry, measure: Callable[[str, float], float]
) -> tuple[CountedFlight, ...]:
    """All flights from the first to the last, by the rule that the stage uses.

    In the order in which they started; one whose count grew comes once for each count.
    """
    lanes = LaneAllocator(geometry)
    log = _FlightLog(lanes)
    for saying in sorted(sayings, key=lambda one: one.at_ms):
        log.run_to(float(saying.at_ms))
        lanes.offer(to_text(saying, geometry, measure), float(saying.at_ms))
        log.note(float(saying.at_ms))
    while lanes.waiting or lanes.flights:
        log.run_to(log.now_ms + STEP_MS)
    return log.close()


class _FlightLog:
    """Looks at the stage often enough to miss no start: a flight lasts longer than a step."""

    def __init__(self, lanes: LaneAllocator) -> None:
        self._lanes = lanes
        self._open: dict[int, CountedFlight] = {}
        self._done: list[CountedFlight] = []
        self.now_ms = 0.0

    def run_to(self, at_ms: float) -> None:
        while self._lanes.waiting and self.now_ms + STEP_MS < at_ms:
            self.now_ms += STEP_MS
            self._lanes.advance(self.now_ms)
            self.note(self.now_ms)
        self.now_ms = max(at_ms, self.now_ms)
        self._lanes.advance(self.now_ms)
        self.note(self.now_ms)

    def note(self, at_ms: float) -> None:
        geometry = self._lanes.geometry
        for flight in self._lanes.flights:
            known = self._open.get(flight.serial)
            if known is not None and known.flight.count == flight.count:
                continue
            from_ms = flight.started_ms if known is None else at_ms
            if known is not None and known.from_ms < at_ms:
                self._done.append(CountedFlight(known.flight, known.from_ms, at_ms))
            elif known is not None:
                from_ms = known.from_ms
            ends_ms = flight.ends_ms(geometry)
            self._open[flight.serial] = CountedFlight(flight, from_ms, ends_ms)
        for serial in [s for s, one in self._open.items() if one.to_ms <= at_ms]:
            self._done.append(self._open.pop(serial))

    def close(self) -> tuple[CountedFlight, ...]:
        self._done.extend(self._open.values())
        return tuple(sorted(self._done, key=lambda one: (one.from_ms, one.flight.serial)))
