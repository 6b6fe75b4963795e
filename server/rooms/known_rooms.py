"""The rooms that the relay knows: their cards from memory or the database, and who may do what."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from server.rooms import queries
from server.rooms.cards import CardCache, RoomCard
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId
from wire.permissions import Action, require

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.store.store import Store


class Bars(Protocol):
    """What rooms ask about who is kept out of them or silenced in them."""

    def check(self, user_id: UserId | None, room_id: RoomId, action: Action) -> None:
        """Raises WireError: BANNED, KICKED, MUTED."""


class KnownRooms:
    """Rooms are kept in memory once used: this relay is the only one that changes them."""

    def __init__(self, store: Store, bars: Bars) -> None:
        self._store = store
        self._bars = bars
        self._cards = CardCache()

    async def card(self, room_id: RoomId) -> RoomCard:
        """Raises WireError(NOT_FOUND)."""
        card = self._cards.find(room_id)
        if card is not None:
            return card
        if not is_storable(room_id):
            raise _no_such_room()
        changes = self._cards.changes
        card = await self._store.read(lambda session: queries.load_card(session, room_id))
        if card is None:
            raise _no_such_room()
        self._cards.keep(card, changes_before=changes)
        return card

    async def named(self, room: str) -> RoomCard:
        """By id or by name. Raises WireError(NOT_FOUND)."""
        if not is_storable(room):
            raise _no_such_room()
        card = self._cards.find(RoomId(room))
        if card is not None:
            return card
        changes = self._cards.changes
        card = await self._store.read(
            lambda session: (
                queries.load_card(session, room) or queries.find_card_by_name(session, room)
            )
        )
        if card is None:
            raise _no_such_room()
        self._cards.keep(card, changes_before=changes)
        return card

    def replace(self, card: RoomCard | None) -> RoomCard:
        """As it was just written; None where there was none. Raises WireError(NOT_FOUND)."""
        if card is None:
            raise _no_such_room()
        self._cards.replace(card)
        return card

    def forget(self, room_ids: Collection[RoomId], moderator_id: UserId) -> None:
        """These rooms are gone from the database, and somebody from all others."""
        for room_id in room_ids:
            self._cards.drop(room_id)
        self._cards.drop_moderator(moderator_id)

    def require(self, actor: Actor, card: RoomCard, action: Action) -> None:
        """Raises WireError: LOGIN_REQUIRED, FORBIDDEN, BANNED, KICKED, MUTED."""
        require(card.roles_of(actor), action)
        self.check_bars(actor, card.room_id, action)

    def check_bars(self, actor: Actor, room_id: RoomId, action: Action) -> None:
        """Without waiting. Raises WireError: BANNED, KICKED, MUTED."""
        self._bars.check(actor.user.user_id if actor.user else None, room_id, action)


def _no_such_room() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such room")
