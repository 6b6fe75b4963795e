"""Taking messages away from everybody, and giving them back.

The rows stay, marked, for the book of acts. What waits for review is stored as deleted at once, so
that it too can be given back.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from server.audit.service import NewAct
from server.chat import queries
from server.text import clean_line
from wire.chat_events import DanmakuReviewed
from wire.errors import ErrorCode, WireError
from wire.ids import MessageId, UserId
from wire.limits import DANMAKU_HISTORY_MAX, REASON_CHARACTERS_MAX
from wire.order_events import ActDetail, MessagesDeleted, MessagesRestored
from wire.permissions import Action

if TYPE_CHECKING:
    from server.audit.service import AuditService, Doer, RecordedAct, Undoing
    from server.chat.held import HeldMessages
    from server.chat.leading import Leading
    from server.chat.tables import Message
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.chat_events import DanmakuAccepted
    from wire.event_base import DanmakuPosted, Event
    from wire.ids import RoomId

LATELY_MS: Final = 24 * 3600 * 1000
AT_ONCE_MAX: Final = 500
"""Messages of one user that go together."""
GONE_MAX: Final = 5_000
RESTORED_AT_ONCE: Final = 50
"""Messages of one event."""


class Recent(Protocol):
    """A room's last messages, and those that wait for review."""

    messages: deque[DanmakuPosted]
    held: HeldMessages


class Deleting:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        audit: AuditService,
        leading: Leading,
        recent: Mapping[RoomId, Recent],
        unstored: Mapping[MessageId, asyncio.Future[DanmakuAccepted]],
        read_message: Callable[[Message], Awaitable[DanmakuPosted]],
        post: Callable[[RoomId, Event], None],
        post_to_leaders: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._audit = audit
        self._leading = leading
        self._recent = recent
        self._unstored = unstored
        self._read_message = read_message
        self._post = post
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._gone: OrderedDict[MessageId, None] = OrderedDict()
        """The last ones: some may still wait to be shown."""
        audit.undo_with("delete_messages", Action.KEEP_ORDER, self._undo)

    def is_gone(self, message_id: MessageId) -> bool:
        return message_id in self._gone

    async def author_of(self, room_id: RoomId, message_id: MessageId) -> UserId:
        """Raises WireError(NOT_FOUND)."""
        recent = self._recent.get(room_id)
        if recent is not None:
            held = recent.held.find(message_id)
            if held is not None:
                return held.user_id
            for message in recent.messages:
                if message.message_id == message_id:
                    return message.user_id
        row = await self._store.read(
            lambda session: queries.find_message(session, room_id, message_id)
        )
        if row is None:
            raise _no_such_message()
        return UserId(row.user_id)

    async def delete(
        self, room_id: RoomId, message_id: MessageId, *, by: Doer, reason: str
    ) -> None:
        """Raises WireError: NOT_FOUND, INVALID_VALUE, STORAGE_FAILED."""
        author = await self.author_of(room_id, message_id)
        await self._wait_stored([message_id])
        done = await self._delete(
            room_id,
            author,
            lambda session: queries.find_messages(session, room_id, [message_id]),
            lambda held: held.message_id == message_id,
            by=by,
            reason=reason,
        )
        if not done:
            raise _no_such_message()

    async def rooms_of(self, user_id: UserId) -> list[RoomId]:
        """Where somebody wrote within a day."""
        since = self._clocks.unix_ms() - LATELY_MS
        return await self._store.read(
            lambda session: queries.rooms_written_in(session, user_id, since_unix_ms=since)
        )

    async def delete_of(self, room_id: RoomId, user_id: UserId, *, by: Doer, reason: str) -> int:
        """What somebody wrote in the room within a day. Returns how many messages."""
        # All that are on their way, for those that are shown later are in no list yet.
        await self._wait_stored(tuple(self._unstored))
        since = self._clocks.unix_ms() - LATELY_MS
        return await self._delete(
            room_id,
            user_id,
            lambda session: queries.messages_of(
                session, room_id, user_id, since_unix_ms=since, limit=AT_ONCE_MAX
            ),
            lambda held: held.user_id == user_id,
            by=by,
            reason=reason,
        )

    async def take_away(
        self,
        room_id: RoomId,
        user_ids: Collection[UserId],
        *,
        since_unix_ms: int,
        by: Doer,
        also: Callable[[Session, list[MessageId]], None],
    ) -> list[MessageId]:
        """What some have written since then, held or shown, with the caller's line in the book.

        `also` is done in the same transaction.
        """
        recent = self._recent.get(room_id)
        waiting = [one.event for one in recent.held.all()] if recent else []
        held = [one for one in waiting if one.user_id in user_ids]
        await self._wait_stored(tuple(self._unstored))
        pinned = (await self._leading.load(room_id)).pinned
        now = self._clocks.unix_ms()

        def work(session: Session) -> list[MessageId]:
            rows = queries.messages_of_some(
                session, room_id, user_ids, since_unix_ms=since_unix_ms, limit=AT_ONCE_MAX
            )
            rows += queries.take_held(session, held)
            for row in rows:
                row.deleted_by, row.deleted_at_unix_ms = by.user_id or "", now
            session.add_all(rows)
            ids = [MessageId(row.id) for row in rows]
            if pinned is not None and pinned.message_id in ids:
                queries.set_pinned(session, room_id, None)
            also(session, ids)
            return ids

        ids = await self._store.write(work)
        self._forget(room_id, set(ids))
        if ids:
            self._post(room_id, MessagesDeleted(room_id=room_id, message_ids=tuple(ids)))
        return ids

    async def give_back(self, room_id: RoomId, ids: Collection[MessageId]) -> None:
        """What `take_away` took. Doing it twice is no error."""
        await self._give_back(room_id, ids, lambda _session: None)

    async def _delete(
        self,
        room_id: RoomId,
        author: UserId,
        find: Callable[[Session], list[Message]],
        is_wanted: Callable[[DanmakuPosted], bool],
        *,
        by: Doer,
        reason: str,
    ) -> int:
        line = clean_line(reason, characters_max=REASON_CHARACTERS_MAX, field="reason")
        recent = self._recent.get(room_id)
        waiting = [one.event for one in recent.held.all()] if recent else []
        held = [one for one in waiting if is_wanted(one)]
        await self._wait_stored([one.message_id for one in held])
        pinned = (await self._leading.load(room_id)).pinned
        now = self._clocks.unix_ms()

        def work(session: Session) -> tuple[list[MessageId], RecordedAct | None]:
            rows = [*find(session), *queries.take_held(session, held)]
            if not rows:
                return [], None
            for row in rows:
                row.deleted_by, row.deleted_at_unix_ms = by.user_id or "", now
            session.add_all(rows)
            ids = [MessageId(row.id) for row in rows]
            was_pinned = pinned is not None and pinned.message_id in ids
            if was_pinned:
                queries.set_pinned(session, room_id, None)
            act = self._audit.add(
                session,
                NewAct(
                    by=by,
                    action="delete_messages",
                    room_id=room_id,
                    user_id=author,
                    target_kind="message",
                    target_id=ids[0],
                    reason=line,
                    detail=ActDetail(count=len(ids), text=rows[0].text),
                    undo={"message_ids": ids, "was_pinned": was_pinned},
                ),
            )
            return ids, act

        ids, act = await self._store.write(work)
        if act is None:
            return 0
        self._forget(room_id, set(ids))
        self._post(room_id, MessagesDeleted(room_id=room_id, message_ids=tuple(ids)))
        await self._audit.tell(act)
        return len(ids)

    def _forget(self, room_id: RoomId, ids: set[MessageId]) -> None:
        for message_id in ids:
            self._gone[message_id] = None
        while len(self._gone) > GONE_MAX:
            self._gone.popitem(last=False)
        self._leading.forget_pinned(room_id, ids)
        recent = self._recent.get(room_id)
        if recent is None:
            return
        for message_id in recent.held.drop(sorted(ids)):
            self._post_to_leaders(
                room_id,
                DanmakuReviewed(room_id=room_id, message_id=message_id, is_shown=False),
            )
        kept = [one for one in recent.messages if one.message_id not in ids]
        recent.messages = deque(kept, maxlen=DANMAKU_HISTORY_MAX)

    async def _undo(self, undoing: Undoing) -> None:
        room_id, ids = undoing.room_id, undoing.payload["message_ids"]
        if room_id is None:
            return
        await self._leading.load(room_id)
        messages = await self._give_back(room_id, ids, undoing.mark)
        if undoing.payload["was_pinned"] and self._leading.find(room_id).pinned is None:
            for message in messages:
                await self._leading.restore_pinned(room_id, message)
                break

    async def _give_back(
        self, room_id: RoomId, ids: Collection[MessageId], also: Callable[[Session], None]
    ) -> list[DanmakuPosted]:
        def work(session: Session) -> list[Message]:
            also(session)
            rows = queries.find_messages(session, room_id, ids, are_deleted=True)
            for row in rows:
                row.deleted_by = row.deleted_at_unix_ms = None
            return rows

        rows = await self._store.write(work)
        messages = [await self._read_message(row) for row in rows]
        for message in messages:
            self._gone.pop(message.message_id, None)
        recent = self._recent.get(room_id)
        if recent is not None:
            known = {one.message_id for one in recent.messages}
            both = [*recent.messages, *(one for one in messages if one.message_id not in known)]
            both.sort(key=lambda one: one.message_id)
            recent.messages = deque(both, maxlen=DANMAKU_HISTORY_MAX)
        for start in range(0, len(messages), RESTORED_AT_ONCE):
            some = tuple(messages[start : start + RESTORED_AT_ONCE])
            self._post(room_id, MessagesRestored(room_id=room_id, messages=some))
        return messages

    async def _wait_stored(self, ids: Collection[MessageId]) -> None:
        """A message that is on its way to the disk has no row yet that could be marked."""
        waiting = [self._unstored[one] for one in ids if one in self._unstored]
        if waiting:
            await asyncio.wait(waiting)


def _no_such_message() -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such message", field="message_id")
