"""Who was known in a room before it was switched to "only people known here"."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from server.chat import queries

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.ids import RoomId, UserId

CACHED_MAX: Final = 10_000


class Known:
    """Each is looked up once: what lies before the switch does not change. Event loop only."""

    def __init__(
        self,
        store: Store,
        *,
        followed_since: Callable[[UserId, UserId], Awaitable[int | None]],
    ) -> None:
        self._store = store
        self._followed_since = followed_since
        self._found: OrderedDict[tuple[RoomId, UserId, int], bool] = OrderedDict()

    async def is_known(
        self, room_id: RoomId, user_id: UserId, *, owner_id: UserId, before_unix_ms: int
    ) -> bool:
        """Whether somebody wrote in the room, or followed its owner, before that time."""
        key = (room_id, user_id, before_unix_ms)
        found = self._found.get(key)
        if found is None:
            found = await self.look_up(room_id, user_id, owner_id, before_unix_ms)
            self._found[key] = found
            if len(self._found) > CACHED_MAX:
                self._found.popitem(last=False)
        return found

    async def look_up(
        self, room_id: RoomId, user_id: UserId, owner_id: UserId, before_unix_ms: int
    ) -> bool:
        """As `is_known`, for a time that is asked about once."""
        followed_since = await self._followed_since(user_id, owner_id)
        if followed_since is not None and followed_since < before_unix_ms:
            return True
        return await self._store.read(
            lambda session: queries.has_written(
                session, room_id, user_id, before_unix_ms=before_unix_ms
            )
        )
