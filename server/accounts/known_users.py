"""Users in memory: those asked for last, and those who have changed since the relay started."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.event_base import UserInfo
    from wire.ids import UserId

USERS_MAX: Final = 10_000
CHANGED_MAX: Final = 10_000
"""Renames are rare and limited; a socket that was open before this many others shows an old name
until it logs in again."""


class KnownUsers:
    """Event loop's thread only."""

    def __init__(self, *, users_max: int = USERS_MAX, changed_max: int = CHANGED_MAX) -> None:
        self._users: OrderedDict[UserId, UserInfo] = OrderedDict()
        self._changed: OrderedDict[UserId, UserInfo] = OrderedDict()
        self._users_max = users_max
        self._changed_max = changed_max

    def find(self, user_id: UserId) -> UserInfo | None:
        return self._users.get(user_id)

    def remember(self, read: UserInfo) -> UserInfo:
        """Keep what a query read, unless the user has changed since that read began."""
        info = self.latest(read)
        self._put(self._users, info, self._users_max)
        return info

    def change(self, info: UserInfo) -> UserInfo:
        """The user was renamed or given another role, and the database has it."""
        self._put(self._changed, info, self._changed_max)
        self._put(self._users, info, self._users_max)
        return info

    def latest(self, user: UserInfo) -> UserInfo:
        """The user as it is now: sockets and old messages hold it as it was."""
        return self._changed.get(user.user_id, user)

    def latest_name(self, user_id: UserId, name: str) -> str:
        changed = self._changed.get(user_id)
        return name if changed is None else changed.name

    def _put(self, users: OrderedDict[UserId, UserInfo], info: UserInfo, users_max: int) -> None:
        users[info.user_id] = info
        users.move_to_end(info.user_id)
        if len(users) > users_max:
            users.popitem(last=False)
