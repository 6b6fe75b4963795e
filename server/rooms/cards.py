"""What the relay keeps in memory of a room, so that a thousand joins cost no database work."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from wire.command_base import Privacy
    from wire.event_base import Role, UserInfo
    from wire.ids import RoomId, UserId
    from wire.order_events import DoerRole

CARDS_MAX: Final = 5_000


@dataclass(frozen=True, kw_only=True)
class RoomCard:
    """A room's row and its moderators."""

    room_id: RoomId
    name: str
    owner_id: UserId
    title: str
    category: str
    description: str
    cover: str
    privacy: Privacy
    passphrase_hash: str | None
    moderator_ids: frozenset[UserId]
    is_featured: bool = False
    starts_at_unix_ms: int = 0
    starts_title: str = ""
    away_s: int = 0
    closed_reason: str | None = None
    """None: it is open."""
    closed_role: DoerRole = "viewer"

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """All roles of somebody in this room."""
        return frozenset({"guest"}) if actor.user is None else self.roles_of_user(actor.user)

    def roles_of_user(self, user: UserInfo) -> frozenset[Role]:
        roles: set[Role] = {"viewer"}
        if user.is_admin:
            roles.add("admin")
        if user.user_id == self.owner_id:
            roles.add("streamer")
        if user.user_id in self.moderator_ids:
            roles.add("moderator")
        return frozenset(roles)


class CardCache:
    """The cards used last. A card that was read while another was changed is not kept."""

    def __init__(self, cards_max: int = CARDS_MAX) -> None:
        self._cards_max = cards_max
        self._cards: OrderedDict[RoomId, RoomCard] = OrderedDict()
        self.changes = 0
        """How often `replace` was called: compare before and after a read."""

    def find(self, room_id: RoomId) -> RoomCard | None:
        card = self._cards.get(room_id)
        if card is not None:
            self._cards.move_to_end(room_id)
        return card

    def keep(self, card: RoomCard, *, changes_before: int) -> None:
        if changes_before == self.changes:
            self._put(card)

    def replace(self, card: RoomCard) -> None:
        self.changes += 1
        self._put(card)

    def drop(self, room_id: RoomId) -> None:
        """The room is gone."""
        self.changes += 1
        self._cards.pop(room_id, None)

    def drop_moderator(self, user_id: UserId) -> None:
        """The user is erased: rooms that it moderates are read anew."""
        self.changes += 1
        for room_id, card in tuple(self._cards.items()):
            if user_id in card.moderator_ids:
                del self._cards[room_id]

    def _put(self, card: RoomCard) -> None:
        self._cards[card.room_id] = card
        self._cards.move_to_end(card.room_id)
        if len(self._cards) > self._cards_max:
            self._cards.popitem(last=False)
