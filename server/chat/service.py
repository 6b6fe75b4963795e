"""Chat: a message is shown at once and acknowledged when it is on disk.

Messages are stored in batches, one transaction each: while one batch is being written the next
gathers. A message that was shown but could not be stored (a full disk) is answered with
`storage_failed`; the room has seen it, and chat goes on.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, cast

import msgspec
from sqlmodel import Session, col, select

from server.background import BackgroundTasks
from server.chat.rules import FAST_RATE, VIEWER_RATE, check_danmaku
from server.chat.tables import Message
from server.ids import MessageIds, RandomBytes
from server.rates import TokenBuckets, rate_limited
from wire import limits
from wire.errors import ErrorCode, WireError
from wire.events import DanmakuAccepted, DanmakuPosted, Role, UserInfo
from wire.ids import MessageId, RoomId, UserId

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.commands import SendDanmaku
    from wire.events import Event

GATHER_S: Final = 0.02
"""A batch begins this long after its first message; with one commit that is well under 50 ms."""
UNSTORED_MAX: Final = 5_000
"""Messages that wait for the disk in all rooms; beyond it senders are told "busy"."""
BATCH_MAX: Final = 500
ROOMS_CACHED_MAX: Final = 1_000


class Users(Protocol):
    """What chat asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...

    def latest_name(self, user_id: UserId, name: str) -> str: ...


@dataclass(frozen=True)
class Posted:
    """A message that everybody sees; `stored` ends when it is on disk, or raises WireError."""

    event: DanmakuPosted
    stored: Awaitable[DanmakuAccepted]


@dataclass
class _Unstored:
    event: DanmakuPosted
    stored: asyncio.Future[DanmakuAccepted]

    def settle(self, failure: WireError | None) -> None:
        """Tell the sender, unless nobody waits any more."""
        if self.stored.done():
            return
        if failure is not None:
            # One exception for each: raising adds to its traceback.
            self.stored.set_exception(
                WireError(failure.code, failure.message, retry_after_ms=failure.retry_after_ms)
            )
            return
        self.stored.set_result(
            DanmakuAccepted(
                message_id=self.event.message_id, sent_at_unix_ms=self.event.sent_at_unix_ms
            )
        )


@dataclass
class _Recent:
    """A room's last messages, oldest first."""

    messages: deque[DanmakuPosted] = field(
        default_factory=lambda: deque(maxlen=limits.DANMAKU_HISTORY_MAX)
    )


class ChatService:
    """Event loop's thread only. `close` stores what is left."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        post: Callable[[RoomId, Event], None],
        media_time_us: Callable[[RoomId], int | None],
        clocks: Clocks,
        random_bytes: RandomBytes,
        gather_s: float = GATHER_S,
    ) -> None:
        self._store = store
        self._users = users
        self._post = post
        self._media_time_us = media_time_us
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self._gather_s = gather_s
        self._tasks = BackgroundTasks()
        self._unstored: deque[_Unstored] = deque()
        self._in_flight = 0
        """Messages of the batch that is being written."""
        self._writer: asyncio.Task[None] | None = None
        self._recent: OrderedDict[RoomId, _Recent] = OrderedDict()
        self._viewers: TokenBuckets[UserId] = TokenBuckets(VIEWER_RATE)
        self._fast: TokenBuckets[UserId] = TokenBuckets(FAST_RATE)

    async def send(
        self, login: Login, command: SendDanmaku, *, role: Role, is_fast: bool
    ) -> Posted:
        """Show a message. Raises WireError when it is refused; it was not shown then.

        The caller has checked that the sender may speak in the room.
        """
        text = check_danmaku(command.text)
        recent = await self._load(command.room_id)
        if command.reply_to is not None:
            await self._check_reply(command.room_id, command.reply_to, recent)
        if len(self._unstored) + self._in_flight >= UNSTORED_MAX:
            raise WireError(ErrorCode.BUSY, "the relay's database is busy", retry_after_ms=1_000)
        buckets = self._fast if is_fast else self._viewers
        wait_s = buckets.take(login.user.user_id, self._clocks.mono_s())
        if wait_s:
            raise rate_limited(wait_s, "you are writing too fast")
        sent_at = self._clocks.unix_ms()
        event = DanmakuPosted(
            room_id=command.room_id,
            message_id=self._ids.make(sent_at),
            user_id=login.user.user_id,
            name=login.user.name,
            role=role,
            text=text,
            mode=command.mode,
            color=command.color,
            sent_at_unix_ms=sent_at,
            media_time_us=self._media_time_us(command.room_id),
            reply_to=command.reply_to,
        )
        recent.messages.append(event)
        self._post(command.room_id, event)
        stored: asyncio.Future[DanmakuAccepted] = asyncio.get_running_loop().create_future()
        self._unstored.append(_Unstored(event, stored))
        if self._writer is None:
            self._writer = self._tasks.start(self._write_batches(), name="store messages")
        return Posted(event, stored)

    async def load_history(self, room_id: RoomId) -> None:
        """Read the room's last messages, so that `history` can answer at once."""
        await self._load(room_id)

    def history(self, room_id: RoomId) -> tuple[DanmakuPosted, ...]:
        """The room's last messages, oldest first, after `load_history`.

        Does not wait, so that becoming a member and reading this can happen in one step: no
        message is missed or comes twice.
        """
        recent = self._recent.get(room_id)
        return tuple(self._renamed(message) for message in recent.messages) if recent else ()

    async def close(self) -> None:
        """Store what was shown. Call it when no more messages come."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._tasks.close()

    def _renamed(self, message: DanmakuPosted) -> DanmakuPosted:
        name = self._users.latest_name(message.user_id, message.name)
        return message if name == message.name else msgspec.structs.replace(message, name=name)

    async def _load(self, room_id: RoomId) -> _Recent:
        known = self._recent.get(room_id)
        if known is not None:
            self._recent.move_to_end(room_id)
            return known
        rows = await self._store.read(lambda session: _last_messages(session, room_id))
        names = await self._users.find_users({UserId(row.user_id) for row in rows})
        # Another caller may have been quicker, and messages may have come since.
        known = self._recent.get(room_id)
        if known is not None:
            return known
        recent = _Recent()
        for row in rows:
            recent.messages.append(_event(row, names))
        if rows:
            self._ids.advance_past(MessageId(rows[-1].id))
        self._recent[room_id] = recent
        self._forget_rooms()
        return recent

    def _forget_rooms(self) -> None:
        """Keep the rooms used last, and every room with a message that is not on disk yet."""
        if len(self._recent) <= ROOMS_CACHED_MAX or self._unstored or self._in_flight:
            return
        while len(self._recent) > ROOMS_CACHED_MAX:
            self._recent.popitem(last=False)

    async def _check_reply(self, room_id: RoomId, reply_to: MessageId, recent: _Recent) -> None:
        if any(message.message_id == reply_to for message in recent.messages):
            return

        def is_there(session: Session) -> bool:
            row = session.get(Message, reply_to)
            return row is not None and row.room_id == room_id

        if not await self._store.read(is_there):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such message", field="reply_to")

    async def _write_batches(self) -> None:
        """Until nothing is left: gather, write, acknowledge."""
        try:
            while self._unstored:
                await asyncio.sleep(self._gather_s)
                batch = [
                    self._unstored.popleft() for _ in range(min(BATCH_MAX, len(self._unstored)))
                ]
                self._in_flight = len(batch)
                await self._write(batch)
                self._in_flight = 0
        finally:
            self._in_flight = 0
            self._writer = None

    async def _write(self, batch: list[_Unstored]) -> None:
        def work(session: Session) -> None:
            session.add_all(_row(unstored.event) for unstored in batch)

        failure: WireError | None = WireError(ErrorCode.INTERNAL, "the relay made a mistake")
        try:
            await self._store.write(work)
            failure = None
        except WireError as error:
            failure = error
        finally:
            for unstored in batch:
                unstored.settle(failure)


def _last_messages(session: Session, room_id: RoomId) -> list[Message]:
    """Oldest first."""
    newest = session.exec(
        select(Message)
        .where(Message.room_id == room_id)
        .order_by(col(Message.id).desc())
        .limit(limits.DANMAKU_HISTORY_MAX)
    ).all()
    return list(reversed(newest))


def _row(event: DanmakuPosted) -> Message:
    return Message(
        id=event.message_id,
        room_id=event.room_id,
        user_id=event.user_id,
        role=event.role,
        text=event.text,
        mode=event.mode,
        color=event.color,
        sent_at_unix_ms=event.sent_at_unix_ms,
        media_time_us=event.media_time_us,
        reply_to=event.reply_to,
    )


def _event(row: Message, names: dict[UserId, UserInfo]) -> DanmakuPosted:
    user_id = UserId(row.user_id)
    return DanmakuPosted(
        room_id=RoomId(row.room_id),
        message_id=MessageId(row.id),
        user_id=user_id,
        name=names[user_id].name if user_id in names else "",
        role=cast("Role", row.role),
        text=row.text,
        mode=row.mode,
        color=row.color,
        sent_at_unix_ms=row.sent_at_unix_ms,
        media_time_us=row.media_time_us,
        reply_to=MessageId(row.reply_to) if row.reply_to is not None else None,
    )
