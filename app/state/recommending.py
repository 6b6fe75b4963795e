"""What is believed of the user's taste, as the window shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from wire.discovery_events import Belief, BelievedCategory, BelievedStreamer
    from wire.event_base import RoomInfo

STREAMERS_SHOWN: Final = 8
CATEGORIES_SHOWN: Final = 6
HIDDEN_SHOWN: Final = 50
PARTS_SHOWN: Final = 3

Wish = Literal["more", "learned", "less", "forget"]
WISHES: Final[dict[Wish, float]] = {"more": 2.0, "learned": 1.0, "less": 0.5, "forget": 0.0}
"""What a correction weighs: as the wire has it."""


@dataclass(frozen=True, slots=True)
class Why:
    """What is believed that speaks for one room."""

    streamer: BelievedStreamer | None = None
    category: BelievedCategory | None = None
    personal_share: float = 0.0
    visits: int = 0
    is_recorded: bool = True
    parts: tuple[tuple[str, float], ...] = ()
    """What counted most, as shares of all that speaks for it."""


def find_why(belief: Belief, room: RoomInfo, parts: tuple[tuple[str, float], ...] = ()) -> Why:
    """`parts` are those of the score."""
    owner = room.owner.user_id
    streamer = next((one for one in belief.streamers if one.user.user_id == owner), None)
    category = next(
        (one for one in belief.categories if room.category and one.category == room.category), None
    )
    return Why(
        streamer,
        category,
        belief.personal_share,
        belief.visits,
        belief.is_recorded,
        largest_parts(parts),
    )


def largest_parts(parts: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    speaking = sorted((one for one in parts if one[1] > 0), key=lambda one: (-one[1], one[0]))
    total = sum(value for _, value in speaking)
    return tuple((name, value / total) for name, value in speaking[:PARTS_SHOWN])


def wish_of(weight: float) -> Wish:
    """The nearest that can be chosen."""
    wishes: tuple[Wish, ...] = tuple(WISHES)
    return min(wishes, key=lambda wish: abs(WISHES[wish] - weight))


def percent(share: float) -> int:
    """Never 0 for what is there, never 100 for what is not all."""
    bounded = min(1.0, max(0.0, share))
    if bounded in {0.0, 1.0}:
        return round(bounded * 100)
    return min(99, max(1, round(bounded * 100)))


def is_empty(belief: Belief) -> bool:
    return not belief.streamers and not belief.categories
