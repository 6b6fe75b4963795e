"""Who asks for a list, of what, and what the answer is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wire.event_base import Reason


class LiveRoom(NamedTuple):
    """A candidate."""

    room_id: str
    streamer_id: str
    category: str
    viewers: int
    """Through all sockets."""


class Recorded(NamedTuple):
    """A recording that may be offered."""

    replay_id: str
    streamer_id: str
    category: str
    made_at_s: float


class Asked(NamedTuple):
    """Who wants a list, and what of it."""

    user_id: str
    """"" for a guest, and for who does not want to be known."""
    followed: frozenset[str]
    friends: Mapping[str, int]
    """Room -> friends that watch in it."""
    wishes: Mapping[str, float]
    """As in `tables.TasteWish`."""
    category: str = ""
    """Only this one; "": all."""
    skip: int = 0
    limit: int = 50
    seed: int = 0
    passed: Mapping[str, int] = MappingProxyType({})
    """Recording -> how often the user was shown it lately and did not open it."""


class Place(NamedTuple):
    room_id: str
    """Of a list of recordings the recording's id."""
    streamer_id: str
    score: float
    reason: Reason
    """Names of `alike` are the streamers' ids here."""
    parts: Mapping[str, float]
    is_new: bool


@dataclass(frozen=True)
class Ranked:
    places: list[Place]
    count: int
    """Rooms that could be shown."""
    base: float = 0.0
    """A score is this and the sum of its parts."""
    popular: tuple[str, ...] = ()
    """The streamers of the first ten by popularity alone."""
    streamers: frozenset[str] = frozenset()
    """Of all candidates."""


def few_of_each(places: Iterable[Place], most: int) -> list[Place]:
    """At most so many of one streamer, in their order."""
    counts: Counter[str] = Counter()
    kept = []
    for place in places:
        counts[place.streamer_id] += 1
        if counts[place.streamer_id] <= most:
            kept.append(place)
    return kept
