"""Who is under a sanction now, in memory: asked on every command, so it must cost nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from server.sanctions.rules import STRONGEST_FIRST, keeps_from, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from wire.ids import RoomId, SanctionId, UserId
    from wire.order_commands import SanctionKind
    from wire.permissions import Action


class Place(NamedTuple):
    room_id: RoomId | None
    """None: in the whole house."""
    kind: SanctionKind


@dataclass(frozen=True)
class Standing:
    """One that stands; its end on the monotonic clock, which no jump of the wall clock moves."""

    sanction_id: SanctionId
    reason: str
    until_mono_s: float | None


class Standings:
    """Event loop's thread only. At most one of a kind for a user in a place."""

    def __init__(self, mono_s: Callable[[], float]) -> None:
        self._mono_s = mono_s
        self._users: dict[UserId, dict[Place, Standing]] = {}
        self._counts: Counter[RoomId | None] = Counter()
        """How many there are in each room, and (None) in the house."""

    def check(self, user_id: UserId | None, room_id: RoomId, action: Action) -> None:
        """Raises WireError: BANNED, KICKED, MUTED."""
        held = self._users.get(user_id) if user_id is not None else None
        if not held:
            return
        for kind in STRONGEST_FIRST:
            if keeps_from(kind, action):
                self._refuse(held, Place(None, kind))
                self._refuse(held, Place(room_id, kind))

    def check_house(self, user_id: UserId) -> None:
        """Whether somebody may be here at all. Raises WireError: BANNED, KICKED."""
        held = self._users.get(user_id)
        if held:
            self._refuse(held, Place(None, "ban"))
            self._refuse(held, Place(None, "kick"))

    def find(self, user_id: UserId, place: Place) -> Standing | None:
        standing = self._users.get(user_id, {}).get(place)
        return standing if standing is not None and self._stands(standing) else None

    def remaining_s(self, standing: Standing) -> float | None:
        """None: for ever."""
        until_s = standing.until_mono_s
        return None if until_s is None else max(0.0, until_s - self._mono_s())

    def put(self, user_id: UserId, place: Place, standing: Standing) -> None:
        held = self._users.setdefault(user_id, {})
        self._counts[place.room_id] += place not in held
        held[place] = standing

    def count(self, room_id: RoomId | None) -> int:
        return self._counts[room_id]

    def drop(self, user_id: UserId, place: Place, sanction_id: SanctionId) -> None:
        """Dropping what is not there is no error."""
        held = self._users.get(user_id, {})
        standing = held.get(place)
        if standing is not None and standing.sanction_id == sanction_id:
            self._remove(user_id, held, place)

    def forget(self, user_id: UserId, room_ids: Collection[RoomId]) -> None:
        """The user is erased, and these rooms are gone."""
        for one, held in tuple(self._users.items()):
            for place in tuple(held):
                if one == user_id or place.room_id in room_ids:
                    self._remove(one, held, place)

    def forget_expired(self) -> None:
        for user_id, held in tuple(self._users.items()):
            for place, standing in tuple(held.items()):
                if not self._stands(standing):
                    self.drop(user_id, place, standing.sanction_id)

    def __iter__(self) -> Iterator[Standing]:
        for held in self._users.values():
            yield from held.values()

    def _remove(self, user_id: UserId, held: dict[Place, Standing], place: Place) -> None:
        del held[place]
        if not held:
            del self._users[user_id]
        self._counts[place.room_id] -= 1
        if not self._counts[place.room_id]:
            del self._counts[place.room_id]

    def _stands(self, standing: Standing) -> bool:
        return standing.until_mono_s is None or standing.until_mono_s > self._mono_s()

    def _refuse(self, held: dict[Place, Standing], place: Place) -> None:
        standing = held.get(place)
        if standing is not None and self._stands(standing):
            raise refusal(place.kind, standing.reason, self.remaining_s(standing))
