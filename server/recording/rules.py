"""What a recording's chat looks like from afar, and what goes when the disk is used up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import fmean, pstdev
from typing import Final, NamedTuple

from wire import events
from wire.limits import CHAPTER_CHARACTERS_MAX, CHAPTERS_MAX
from wire.replay_events import Chapter

DENSITY_STEPS_MAX: Final = 300
DENSITY_STEP_MS_MIN: Final = 1_000
PEAK_CHAPTERS_MAX: Final = 10
PEAK_MESSAGES_MIN: Final = 5
PEAK_DISTANCE_MS: Final = 60_000
CHAPTER_DISTANCE_MS: Final = 5_000
SILENCE_S: Final = 1.0
"""After so long without a packet time goes on by the clock: what is said while the publisher is
away does not fall on one moment."""
LATE_US: Final = 1_000_000
"""A message that is shown so much later than it was said stands where it was shown."""

_ID: Final = re.compile(r"[0-9a-z]{1,64}", re.ASCII)

TIMELINE_KINDS: Final = events.TimelineEvent.__args__


class Density(NamedTuple):
    step_ms: int
    counts: tuple[int, ...]


class Known(NamedTuple):
    """What retention must know of a recording; they come oldest first."""

    replay_id: str
    size_bytes: int
    is_kept: bool
    is_growing: bool


class RoomTotal(NamedTuple):
    """What a room's recordings take."""

    room_id: str
    name: str
    """One that it had."""
    recordings: int
    size_bytes: int


def is_replay_id(text: str) -> bool:
    """Whether it may be part of a file's name."""
    return _ID.fullmatch(text) is not None


def density_step_ms(duration_ms: int) -> int:
    """Whole seconds, so that at most `DENSITY_STEPS_MAX` cover it."""
    seconds = -(-duration_ms // (DENSITY_STEPS_MAX * 1_000))
    return max(DENSITY_STEP_MS_MIN, seconds * 1_000)


def count_density(steps: Iterable[tuple[int, int]], duration_ms: int, step_ms: int) -> Density:
    """`steps` are pairs of a step's number and its messages."""
    length = min(DENSITY_STEPS_MAX, -(-duration_ms // step_ms)) if duration_ms > 0 else 0
    counts = [0] * length
    for step, count in steps:
        if counts:
            counts[min(max(step, 0), length - 1)] += count
    return Density(step_ms, tuple(counts))


def find_peaks(density: Density) -> list[int]:
    """Moments at which the chat was much livelier than else, in order."""
    counts = density.counts
    if len(counts) < 3:
        return []
    high = max(fmean(counts) + 2 * pstdev(counts), PEAK_MESSAGES_MIN)
    found: list[int] = []
    for at in sorted(range(len(counts)), key=lambda at: (-counts[at], at)):
        if counts[at] < high or len(found) >= PEAK_CHAPTERS_MAX:
            break
        at_ms = at * density.step_ms
        if all(abs(at_ms - other) >= PEAK_DISTANCE_MS for other in found):
            found.append(at_ms)
    return sorted(found)


def make_chapters(
    density: Density, pins: Iterable[tuple[int, str]], titles: Iterable[tuple[int, str]]
) -> tuple[Chapter, ...]:
    """In order of time. Of those that are near each other a title stays, then a pin."""
    wanted = [
        *(Chapter(at_ms=at_ms, title=_cut(text), source="title") for at_ms, text in titles),
        *(Chapter(at_ms=at_ms, title=_cut(text), source="pin") for at_ms, text in pins),
        *(Chapter(at_ms=at_ms, source="peak") for at_ms in find_peaks(density)),
    ]
    chapters: list[Chapter] = []
    for chapter in wanted:
        is_far = all(abs(chapter.at_ms - one.at_ms) >= CHAPTER_DISTANCE_MS for one in chapters)
        if is_far and len(chapters) < CHAPTERS_MAX:
            chapters.append(chapter)
    return tuple(sorted(chapters, key=lambda one: one.at_ms))


def sort_chapters(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    return tuple(sorted(chapters, key=lambda one: one.at_ms))


def choose_deleted(known: Sequence[Known], disk_bytes_max: int) -> tuple[tuple[str, ...], bool]:
    """Which recordings go, oldest first, and whether that is enough."""
    total = sum(one.size_bytes for one in known)
    gone = []
    for one in known:
        if total <= disk_bytes_max:
            break
        if not one.is_kept and not one.is_growing:
            gone.append(one.replay_id)
            total -= one.size_bytes
    return tuple(gone), total <= disk_bytes_max


def _cut(text: str) -> str:
    return text[:CHAPTER_CHARACTERS_MAX]
