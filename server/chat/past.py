"""What was said in a room before: for those who look into what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from server.chat import queries
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.store.store import Store
    from wire.event_base import DanmakuPosted, UserInfo
    from wire.ids import MessageId, RoomId


SHOWN_MAX: Final = 20_000
"""The newest of what was said since some moment."""


class Users(Protocol):
    """What this asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class History(Protocol):
    """What this asks of chat: messages may not be on disk yet."""

    async def load_history(self, room_id: RoomId) -> None: ...

    def history(self, room_id: RoomId) -> tuple[DanmakuPosted, ...]: ...


class Past:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, users: Users, chat: History) -> None:
        self._store = store
        self._users = users
        self._chat = chat

    async def find(self, room_id: RoomId, message_id: MessageId) -> DanmakuPosted:
        """Raises WireError(NOT_FOUND)."""
        for message in await self._recent(room_id):
            if message.message_id == message_id:
                return message
        row = None
        if is_storable(message_id):
            row = await self._store.read(
                lambda session: queries.find_message(session, room_id, message_id)
            )
        if row is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such message", field="message_id")
        return queries.read_row(row, await self._users.find_users([UserId(row.user_id)]))

    async def before(
        self,
        room_id: RoomId,
        *,
        user_id: UserId | None = None,
        until: MessageId | None = None,
        limit: int,
    ) -> tuple[DanmakuPosted, ...]:
        """The room's or one user's last messages up to one of them, oldest first.

        Also those that were deleted: they are what a keeper wants to see.
        """
        recent = [
            message
            for message in await self._recent(room_id)
            if user_id in {None, message.user_id} and (until is None or message.message_id <= until)
        ]
        rows = await self._store.read(
            lambda session: queries.messages_before(
                session, room_id, user_id=user_id, until=until, limit=limit
            )
        )
        names = await self._users.find_users({UserId(row.user_id) for row in rows})
        found = {message.message_id: message for message in recent}
        for row in rows:
            message = queries.read_row(row, names)
            found.setdefault(message.message_id, message)
        return tuple(found[message_id] for message_id in sorted(found))[-limit:]

    async def shown_since(self, room_id: RoomId, since_unix_ms: int) -> tuple[DanmakuPosted, ...]:
        """What is on disk and not deleted, oldest first; at most `SHOWN_MAX`."""
        rows = await self._store.read(
            lambda session: queries.messages_since(
                session, room_id, since_unix_ms=since_unix_ms, limit=SHOWN_MAX
            )
        )
        names = await self._users.find_users({UserId(row.user_id) for row in rows})
        return tuple(queries.read_row(row, names) for row in rows)

    async def _recent(self, room_id: RoomId) -> tuple[DanmakuPosted, ...]:
        await self._chat.load_history(room_id)
        return self._chat.history(room_id)
