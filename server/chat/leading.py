"""What leads a room's chat: its rules, a pinned message, an announcement."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from server.chat import queries
from server.text import clean_line
from wire.events import Announced, Announcement, ChatRules, ChatRulesChanged, MessagePinned
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX

if TYPE_CHECKING:
    from server.chat.tables import ChatRoom, Message
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.events import DanmakuPosted, Event
    from wire.ids import MessageId, RoomId

ROOMS_CACHED_MAX: Final = 1_000
NO_RULES: Final = ChatRules()


@dataclass(frozen=True)
class Above:
    """What a room has set."""

    rules: ChatRules = NO_RULES
    pinned: DanmakuPosted | None = None
    announcement: Announcement | None = None


class Leading:
    """Changes go to disk, then to memory, then to the room. Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        read_message: Callable[[Message], Awaitable[DanmakuPosted]],
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._read_message = read_message
        self._post = post
        self._clocks = clocks
        self._rooms: OrderedDict[RoomId, Above] = OrderedDict()
        self._changes = 0
        """A read that began before a change is not kept."""

    def find(self, room_id: RoomId) -> Above:
        """Without waiting, after `load`."""
        return self._rooms.get(room_id, Above())

    async def load(self, room_id: RoomId) -> Above:
        known = self._rooms.get(room_id)
        if known is not None:
            self._rooms.move_to_end(room_id)
            return known
        changes = self._changes
        row, message = await self._store.read(
            lambda session: queries.load_chat_room(session, room_id)
        )
        above = Above() if row is None else _describe(row)
        if message is not None:
            above = replace(above, pinned=await self._read_message(message))
        if changes == self._changes:
            self._keep(room_id, above)
        return self._rooms.get(room_id, above)

    async def set_rules(self, room_id: RoomId, rules: ChatRules) -> None:
        def change(row: ChatRoom) -> None:
            row.slow_s, row.delay_s = rules.slow_s, rules.delay_s
            row.followers_only, row.emoji_only = rules.followers_only, rules.emoji_only
            row.is_held = rules.is_held

        await self._change(room_id, change)
        self._keep(room_id, replace(self.find(room_id), rules=rules))
        self._post(room_id, ChatRulesChanged(room_id=room_id, rules=rules))

    async def pin(self, room_id: RoomId, message: DanmakuPosted | None) -> None:
        def change(row: ChatRoom) -> None:
            row.pinned_id = message.message_id if message is not None else None

        await self._change(room_id, change)
        self._keep(room_id, replace(self.find(room_id), pinned=message))
        self._post(room_id, MessagePinned(room_id=room_id, message=message))

    def forget_pinned(self, room_id: RoomId, message_ids: Collection[MessageId]) -> None:
        """One that was deleted, after the room's row says so."""
        self._changes += 1
        above = self.find(room_id)
        if above.pinned is not None and above.pinned.message_id in message_ids:
            self._keep(room_id, replace(above, pinned=None))
            self._post(room_id, MessagePinned(room_id=room_id, message=None))

    async def announce(self, room_id: RoomId, text: str, *, name: str) -> None:
        """An empty text takes it down. Raises WireError(INVALID_VALUE)."""
        line = clean_line(text, characters_max=ANNOUNCEMENT_CHARACTERS_MAX, field="text")
        now = self._clocks.unix_ms()
        announcement = Announcement(text=line, name=name, at_unix_ms=now) if line else None

        def change(row: ChatRoom) -> None:
            row.announcement, row.announced_by, row.announced_at_unix_ms = line, name, now

        await self._change(room_id, change)
        self._keep(room_id, replace(self.find(room_id), announcement=announcement))
        self._post(room_id, Announced(room_id=room_id, announcement=announcement))

    async def _change(self, room_id: RoomId, change: Callable[[ChatRoom], None]) -> None:
        await self.load(room_id)
        await self._store.write(lambda session: queries.change_chat_room(session, room_id, change))
        self._changes += 1

    def _keep(self, room_id: RoomId, above: Above) -> None:
        self._rooms[room_id] = above
        self._rooms.move_to_end(room_id)
        if len(self._rooms) > ROOMS_CACHED_MAX:
            self._rooms.popitem(last=False)


def _describe(row: ChatRoom) -> Above:
    """Without the pinned message."""
    rules = ChatRules(
        slow_s=row.slow_s,
        followers_only=row.followers_only,
        emoji_only=row.emoji_only,
        is_held=row.is_held,
        delay_s=row.delay_s,
    )
    announcement = None
    if row.announcement:
        announcement = Announcement(
            text=row.announcement, name=row.announced_by, at_unix_ms=row.announced_at_unix_ms
        )
    return Above(rules=rules, announcement=announcement)
