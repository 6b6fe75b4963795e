"""What the Discover page shows. Frozen; changed only by `apply(event)`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from wire import event_base
    from wire.ids import BroadcastId, RoomId, UserId

ROOMS_MAX: Final = 1000
CATEGORIES_MAX: Final = 200
"""To choose from: an owner may write another one every minute."""
FEW_LIVE: Final = 4
"""Where fewer are live, recordings are shown beside them."""

Emptiness = Literal["loading", "failed", "no_match", "no_rooms", "not_empty"]
Reason = Literal["own", "followed", "away", "featured", "planned", "told", "busy", "live", ""]
"""told: the relay recommends the room and says why."""


@dataclass(frozen=True, slots=True)
class SearchChanged:
    search: str


@dataclass(frozen=True, slots=True)
class CategoryChosen:
    category: str
    """Empty for all."""


@dataclass(frozen=True, slots=True)
class Listed:
    rooms: tuple[event_base.RoomInfo, ...]
    search: str
    category: str
    """What was asked: an answer to an older question is passed over."""
    followed: frozenset[RoomId] = frozenset()
    keeps_order: bool = False
    """Cards that are being looked at stay where they are; rooms that are new come after them."""


@dataclass(frozen=True, slots=True)
class StreamerHidden:
    """At once, whatever the relay's next list says; and shown again where the user wants."""

    user_id: UserId
    is_hidden: bool = True


@dataclass(frozen=True, slots=True)
class ListFailed:
    error: LivehouseError


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Another relay: nothing of the old one is true."""


Change = SearchChanged | CategoryChosen | Listed | StreamerHidden | ListFailed | Forgotten


@dataclass(frozen=True, slots=True)
class DiscoverState:
    """The rooms of the relay, as far as they were asked for."""

    search: str = ""
    category: str = ""
    rooms: tuple[event_base.RoomInfo, ...] = ()
    followed: frozenset[RoomId] = frozenset()
    """Rooms whose owner the user follows."""
    categories: tuple[str, ...] = ()
    """All that were seen on this relay, sorted: those of the list, and of the others as many as
    there is room for."""
    is_recommended: bool = False
    """The live rooms stand in the order in which the relay recommends them."""
    hidden: frozenset[UserId] = frozenset()
    """Streamers that were just hidden."""
    has_listed: bool = False
    failure: LivehouseError | None = None

    @property
    def recommended(self) -> tuple[event_base.RoomInfo, ...]:
        """Live rooms as the relay recommends them. Those of followed hosts come first, then those
        that the house features; a host who is away comes after."""
        if not self.is_recommended:
            return ()
        live = [room for room in self.rooms if room.broadcast is not None]
        live = [room for room in live if room.owner.user_id not in self.hidden]

        def rank(room: event_base.RoomInfo) -> tuple[bool, bool, bool]:
            return (_is_away(room), room.room_id not in self.followed, not room.is_featured)

        return tuple(sorted(live, key=rank))

    @property
    def following(self) -> tuple[event_base.RoomInfo, ...]:
        """Live rooms whose owner the user follows, in the order of `live`."""
        return () if self.is_recommended else self._live(is_followed=True)

    @property
    def live(self) -> tuple[event_base.RoomInfo, ...]:
        """The other live rooms, the fullest first; a host who is away comes after."""
        return () if self.is_recommended else self._live(is_followed=False)

    @property
    def resting(self) -> tuple[event_base.RoomInfo, ...]:
        return tuple(room for room in self.rooms if room.broadcast is None)

    @property
    def wants_replays(self) -> bool:
        """Few or no rooms are live; whoever searches for something knows what they want."""
        live = sum(room.broadcast is not None for room in self.rooms)
        return self.has_listed and not self.search and live < FEW_LIVE

    @property
    def emptiness(self) -> Emptiness:
        if self.rooms:
            return "not_empty"
        if self.failure is not None:
            return "failed"
        if not self.has_listed:
            return "loading"
        return "no_match" if self.search or self.category else "no_rooms"

    @property
    def live_broadcasts(self) -> tuple[BroadcastId, ...]:
        """Whose thumbnails are worth asking for, in the order shown."""
        shown = (*self.recommended, *self.following, *self.live)
        return tuple(room.broadcast.broadcast_id for room in shown if room.broadcast)

    @property
    def covers(self) -> tuple[str, ...]:
        """Of the rooms in the list that have one, by id."""
        return tuple(room.cover for room in self.rooms if room.cover)

    def apply(self, change: Change) -> DiscoverState:
        match change:
            case SearchChanged() | CategoryChosen():
                return self._ask_for(change)
            case Listed():
                return self._take(change)
            case StreamerHidden():
                return self._hide(change)
            case ListFailed(error):
                return replace(self, failure=error)
            case Forgotten():
                return DiscoverState()

    def _ask_for(self, change: SearchChanged | CategoryChosen) -> DiscoverState:
        if isinstance(change, SearchChanged):
            return replace(self, search=change.search.strip())
        return replace(self, category=change.category)

    def _hide(self, change: StreamerHidden) -> DiscoverState:
        one = frozenset({change.user_id})
        return replace(self, hidden=self.hidden | one if change.is_hidden else self.hidden - one)

    def _live(self, *, is_followed: bool) -> tuple[event_base.RoomInfo, ...]:
        live = [
            room
            for room in self.rooms
            if room.broadcast is not None and (room.room_id in self.followed) == is_followed
        ]
        return tuple(sorted(live, key=_liveliness))

    def _take(self, listed: Listed) -> DiscoverState:
        if (listed.search, listed.category) != (self.search, self.category):
            return self
        named = [self.category, *(room.category for room in listed.rooms)]
        known = dict.fromkeys(one for one in (*named, *self.categories) if one)
        rooms = listed.rooms[:ROOMS_MAX]
        is_recommended = not self.search and any(room.reason is not None for room in rooms)
        if listed.keeps_order and is_recommended and self.is_recommended:
            places = {room.room_id: place for place, room in enumerate(self.rooms)}
            rooms = tuple(sorted(rooms, key=lambda room: places.get(room.room_id, ROOMS_MAX)))
        return replace(
            self,
            rooms=rooms,
            is_recommended=is_recommended,
            followed=listed.followed,
            categories=tuple(sorted(tuple(known)[:CATEGORIES_MAX])),
            has_listed=True,
            failure=None,
        )


def reason_key(
    room: event_base.RoomInfo, *, user_id: str, viewers_most: int = 0, is_followed: bool = False
) -> Reason:
    """Why a card stands where it does: one line that the page puts into words.

    `viewers_most` is how many the fullest room of the list has.
    """
    if room.owner.user_id == user_id:
        return "own"
    if _is_away(room):
        return "away"
    if room.reason is not None and room.broadcast is not None and not room.is_featured:
        return "told"
    if is_followed or room.is_featured:
        return "followed" if is_followed else "featured"
    if room.broadcast is None:
        return "planned" if room.starts_at_unix_ms else ""
    return "busy" if room.viewers >= max(2, viewers_most) else "live"


def _liveliness(room: event_base.RoomInfo) -> tuple[bool, bool, int, str]:
    return (_is_away(room), not room.is_featured, -room.viewers, room.name)


def _is_away(room: event_base.RoomInfo) -> bool:
    return room.broadcast is not None and room.broadcast.state == "away"
