"""What discovery asks of other services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from server.rooms.cards import RoomCard
    from wire.event_base import BroadcastInfo, UserInfo
    from wire.ids import RoomId, UserId


class Live(Protocol):
    """What discovery asks of the media plane."""

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None: ...

    def viewers(self, room_id: RoomId) -> int: ...


class Rooms(Protocol):
    """What discovery asks of rooms."""

    async def card(self, room_id: RoomId) -> RoomCard: ...

    async def list_categories(self, limit: int) -> Sequence[str]: ...

    async def cards_of(self, room_ids: Collection[RoomId]) -> tuple[RoomCard, ...]: ...


class Users(Protocol):
    """What discovery asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Follows(Protocol):
    """What discovery asks of follows."""

    async def all_follows(self) -> list[tuple[str, str]]: ...

    async def followed_by(self, user_id: UserId) -> frozenset[UserId]: ...
