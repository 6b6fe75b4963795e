"""Who may keep order where, and against whom: the order of roles, asked of accounts and rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from server.audit.service import AUTOMATIC, Doer
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.permissions import Action, highest, require, stands_above

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.sanctions.standings import Standings
    from wire.event_base import Role, UserInfo
    from wire.ids import RoomId, UserId


class Users(Protocol):
    """What sanctions ask of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Rooms(Protocol):
    """What sanctions ask of rooms."""

    async def roles_of(self, user: UserInfo, room_id: RoomId) -> frozenset[Role]: ...


class Keepers:
    """Event loop's thread only. An `actor` None is the relay itself."""

    def __init__(self, standings: Standings, *, users: Users, rooms: Rooms) -> None:
        self._standings = standings
        self._users = users
        self._rooms = rooms

    async def require_keeper(
        self, actor: Actor | None, room_id: RoomId | None
    ) -> tuple[Doer, frozenset[Role]]:
        """Who keeps order there. Raises WireError: LOGIN_REQUIRED, FORBIDDEN, NOT_FOUND, MUTED."""
        if actor is None:
            return AUTOMATIC, frozenset({"moderator"})
        user = actor.require_login().user
        roles = await self._roles(user, room_id)
        if room_id is None:
            require(roles, Action.KEEP_HOUSE_ORDER)
        else:
            require(roles, Action.KEEP_ORDER)
            self._standings.check(user.user_id, room_id, Action.KEEP_ORDER)
        return Doer(user.user_id, highest(roles)), roles

    async def require_above(self, doer: Doer, user_id: UserId, room_id: RoomId | None) -> UserInfo:
        """Whether somebody may act against another. Raises WireError: FORBIDDEN, NOT_FOUND."""
        target = await self.find_user(user_id)
        if doer.user_id == user_id:
            raise WireError(ErrorCode.FORBIDDEN, "nobody keeps order against themselves")
        if not stands_above(doer.role, await self._roles(target, room_id)):
            raise WireError(ErrorCode.FORBIDDEN, "this user stands no lower than you")
        return target

    async def _roles(self, user: UserInfo, room_id: RoomId | None) -> frozenset[Role]:
        if room_id is not None:
            return await self._rooms.roles_of(user, room_id)
        return frozenset({"admin"} if user.is_admin else {"viewer"})

    async def find_user(self, user_id: UserId) -> UserInfo:
        found = await self._users.find_users([user_id]) if is_storable(user_id) else {}
        if user_id not in found:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
        return found[user_id]
