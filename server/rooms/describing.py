"""Rooms as the wire shows them: all of them to whoever is inside, little to whoever is not."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from server.rooms.rules import PLAN_KEPT_MS
from wire.event_base import RoomInfo
from wire.permissions import Action, is_allowed, strongest
from wire.room_events import RoomDetails

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.clocks import Clocks
    from server.rooms.cards import RoomCard
    from server.rooms.live_view import LiveView
    from wire.event_base import UserInfo
    from wire.ids import UserId


class Users(Protocol):
    """What this asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Describing:
    """Event loop's thread only."""

    def __init__(self, live: LiveView, *, users: Users, clocks: Clocks) -> None:
        self._live = live
        self._users = users
        self._clocks = clocks

    async def details(
        self, actor: Actor, card: RoomCard, *, is_inside: bool = False
    ) -> RoomDetails:
        info = (await self.describe(actor, [card], is_inside=is_inside))[0]
        return RoomDetails(room=info, role=strongest(card.roles_of(actor)))

    async def describe(
        self, actor: Actor, cards: Collection[RoomCard], *, is_inside: bool = False
    ) -> tuple[RoomInfo, ...]:
        """What somebody may know: of a private room from outside only its name and door."""
        owners = await self._users.find_users({card.owner_id for card in cards})
        infos = []
        for card in cards:
            sees_inside = (
                is_inside
                or card.privacy == "public"
                or is_allowed(card.roles_of(actor), Action.ENTER_FREELY)
            )
            infos.append(
                RoomInfo(
                    room_id=card.room_id,
                    name=card.name,
                    owner=owners[card.owner_id],
                    title=card.title if sees_inside else "",
                    category=card.category if sees_inside else "",
                    description=card.description if sees_inside else "",
                    cover=card.cover if sees_inside else "",
                    privacy=card.privacy,
                    viewers=self._live.viewers(card.room_id) if sees_inside else 0,
                    broadcast=self._live.broadcast(card.room_id) if sees_inside else None,
                    is_featured=card.is_featured,
                    starts_at_unix_ms=self._planned(card) if sees_inside else 0,
                    starts_title=card.starts_title if sees_inside and self._planned(card) else "",
                    closed_reason=card.closed_reason,
                    away_s=card.away_s if sees_inside else 0,
                )
            )
        return tuple(infos)

    def _planned(self, card: RoomCard) -> int:
        """A plan that nobody kept is forgotten after a while."""
        is_over = card.starts_at_unix_ms < self._clocks.unix_ms() - PLAN_KEPT_MS
        return 0 if is_over else card.starts_at_unix_ms
