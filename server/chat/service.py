"""Chat: a message is shown at once and acknowledged when it is on disk.

A message that was shown but could not be stored (a full disk) is answered with
`storage_failed`; the room has seen it, and chat goes on.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from server.background import BackgroundTasks
from server.chat import queries
from server.chat.deleting import Deleting
from server.chat.held import Held, HeldMessages, settle
from server.chat.known import Known
from server.chat.leading import Leading
from server.chat.rules import FAST_RATE, VIEWER_RATE, check_danmaku, check_rules
from server.chat.writer import GATHER_S, UNSTORED_MAX, MessageWriter, Posted
from server.ids import MessageIds, RandomBytes
from server.moderation.service import refused
from server.rates import TokenBuckets, rate_limited
from wire import limits
from wire.chat_events import DanmakuHeld, DanmakuReviewed
from wire.errors import ErrorCode, WireError
from wire.event_base import DanmakuPosted, Role, UserInfo
from wire.ids import MessageId, RoomId, UserId
from wire.words_events import HeldReason

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.audit.service import AuditService, Doer
    from server.chat.leading import Above
    from server.chat.tables import Message
    from server.clocks import Clocks
    from server.moderation.rules import Verdict
    from server.store.store import Store
    from wire.chat_commands import SendDanmaku
    from wire.event_base import ChatRules, Event

ROOMS_CACHED_MAX: Final = 1_000
LATER_MAX: Final = 5_000
"""Messages in all rooms that are shown later; beyond it senders are told "busy"."""


class Users(Protocol):
    """What chat asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...

    def latest_name(self, user_id: UserId, name: str) -> str: ...


class Judge(Protocol):
    """What chat asks of automatic moderation."""

    async def load(self, room_id: RoomId) -> None: ...

    def judge(self, room_id: RoomId, sender: UserId, text: str) -> Verdict: ...


@dataclass
class _Recent:
    """A room's last messages, oldest first."""

    messages: deque[DanmakuPosted] = field(
        default_factory=lambda: deque(maxlen=limits.DANMAKU_HISTORY_MAX)
    )
    held: HeldMessages = field(default_factory=HeldMessages)
    last_sent_s: dict[UserId, float] = field(default_factory=dict)
    """When who wrote last, while slow mode is on."""


def _may() -> None:
    """Nothing changes in between."""


class Watcher(Protocol):
    """What chat asks of the detection of hostile behaviour."""

    async def load(self, room_id: RoomId, user_id: UserId) -> None: ...

    def judge(self, room_id: RoomId, user_id: UserId, text: str) -> HeldReason | None:
        """Raises WireError: KNOWN_ONLY, MUTED."""


@dataclass(frozen=True)
class Judges:
    of_texts: Judge
    of_people: Watcher


class ChatService:
    """Event loop's thread only. `close` stores what is left."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        judges: Judges,
        audit: AuditService,
        followed_since: Callable[[UserId, UserId], Awaitable[int | None]],
        post: Callable[[RoomId, Event], None],
        post_to_leaders: Callable[[RoomId, Event], None],
        media_time_us: Callable[[RoomId], int | None],
        clocks: Clocks,
        random_bytes: RandomBytes,
        gather_s: float = GATHER_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._users = users
        self._judge = judges.of_texts
        self._watch = judges.of_people
        self._post = post
        self._post_to_leaders = post_to_leaders
        self._sleep = sleep
        self._media_time_us = media_time_us
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self._tasks = BackgroundTasks()
        self._writer = MessageWriter(store, gather_s=gather_s)
        self._recent: OrderedDict[RoomId, _Recent] = OrderedDict()
        self._viewers: TokenBuckets[UserId] = TokenBuckets(VIEWER_RATE)
        self._fast: TokenBuckets[UserId] = TokenBuckets(FAST_RATE)
        self._leading = Leading(
            store, audit=audit, read_message=self._read_message, post=post, clocks=clocks
        )
        self._known = Known(store, followed_since=followed_since)
        self.deleting = Deleting(
            store,
            audit=audit,
            leading=self._leading,
            recent=self._recent,
            unstored=self._writer.storing,
            read_message=self._read_message,
            post=post,
            post_to_leaders=post_to_leaders,
            clocks=clocks,
        )
        self._later = 0
        """Messages that wait for their time to be shown."""
        self._silenced: OrderedDict[UserId, None] = OrderedDict()
        """Who is erased, or about to be: nothing of theirs is taken or shown any more."""

    async def send(
        self,
        login: Login,
        command: SendDanmaku,
        *,
        role: Role,
        is_fast: bool,
        is_follower: bool = True,
        is_known: bool = True,
        still_may: Callable[[], None] = _may,
    ) -> Posted:
        """Show a message, or hold it. Raises WireError when it is refused; nobody saw it then.

        The caller has checked that the sender may speak in the room; `still_may` raises where that
        has changed while this waited. `is_fast` is also free of what the room has set, and of
        automatic moderation.
        """
        text = check_danmaku(command.text)
        recent = await self._load(command.room_id)
        if command.reply_to is not None:
            await self._check_reply(command.room_id, command.reply_to, recent)
        rules = (await self._leading.load(command.room_id)).rules
        await self._judge.load(command.room_id)
        if not is_fast:
            await self._watch.load(command.room_id, login.user.user_id)
            rules = (await self._leading.load(command.room_id)).rules
        user_id, now_s = login.user.user_id, self._clocks.mono_s()
        # Nothing waits from here on: two sockets of one user cannot both pass slow mode.
        still_may()
        if not is_fast:
            last_s = recent.last_sent_s.get(user_id)
            since_last_s = None if last_s is None else now_s - last_s
            check_rules(
                rules, text, is_follower=is_follower, since_last_s=since_last_s, is_known=is_known
            )
        if user_id in self._silenced:
            raise WireError(ErrorCode.SESSION_ENDED, "this account is erased")
        self._check_room_for_one(recent, rules)
        wait_s = (self._fast if is_fast else self._viewers).take(user_id, now_s)
        if wait_s:
            raise rate_limited(wait_s, "you are writing too fast")
        if not is_fast:
            _note_sent(recent, rules, user_id, now_s)
        reason = None if is_fast else self._find_reason(command.room_id, user_id, text, rules)
        event = self._make_event(login, command, text, role)
        if reason is not None:
            return self._hold(event, recent, reason)
        self._show(event, recent, delay_s=0 if is_fast else rules.delay_s)
        return self._writer.add(event)

    def _find_reason(
        self, room_id: RoomId, user_id: UserId, text: str, rules: ChatRules
    ) -> HeldReason | None:
        """Why it is held, if it is. Raises WireError: WORD_REFUSED, LINK_REFUSED, ..."""
        verdict = self._judge.judge(room_id, user_id, text)
        if verdict.level == "refuse":
            raise refused(verdict)
        conduct = self._watch.judge(room_id, user_id, text)
        if verdict.level == "hold":
            return verdict.reason()
        if conduct is not None:
            return conduct
        return HeldReason(rule="review") if rules.is_held else None

    def _make_event(
        self, login: Login, command: SendDanmaku, text: str, role: Role
    ) -> DanmakuPosted:
        sent_at = self._clocks.unix_ms()
        return DanmakuPosted(
            room_id=command.room_id,
            message_id=self._ids.make(sent_at),
            user_id=login.user.user_id,
            name=login.user.name,
            role=role,
            text=text,
            mode=command.mode,
            color=command.color,
            size=command.size,
            sent_at_unix_ms=sent_at,
            media_time_us=self._media_time_us(command.room_id),
            reply_to=command.reply_to,
        )

    # --- leading ------------------------------------------------------------------------------

    async def set_rules(self, room_id: RoomId, rules: ChatRules, *, by: Doer) -> None:
        """The caller has checked the right to; so for all that follow here."""
        await self._leading.set_rules(room_id, rules, by=by)
        recent = self._recent.get(room_id)
        if recent is not None:
            recent.last_sent_s.clear()

    async def only_known(self, room_id: RoomId, *, since_unix_ms: int) -> bool:
        """Only who was known before that time may write. False where it is so already."""
        return await self._leading.only_known(room_id, since_unix_ms=since_unix_ms)

    async def end_only_known(self, room_id: RoomId, *, since_unix_ms: int) -> bool:
        """What `only_known` set. False where somebody has set something else since."""
        return await self._leading.end_only_known(room_id, since_unix_ms=since_unix_ms)

    async def rules_of(self, room_id: RoomId) -> ChatRules:
        return (await self._leading.load(room_id)).rules

    async def is_known(self, room_id: RoomId, user_id: UserId, owner_id: UserId) -> bool:
        """Whether somebody may write while only people known in the room may."""
        since = (await self._leading.load(room_id)).known_since_unix_ms
        return since is None or await self._known.is_known(
            room_id, user_id, owner_id=owner_id, before_unix_ms=since
        )

    async def was_known(
        self, room_id: RoomId, user_id: UserId, owner_id: UserId, before_unix_ms: int
    ) -> bool:
        """Whether somebody wrote in the room, or followed its owner, before that time."""
        return await self._known.look_up(room_id, user_id, owner_id, before_unix_ms)

    def above(self, room_id: RoomId) -> Above:
        """Rules, pinned message and announcement, after `load_history`."""
        return self._leading.find(room_id)

    async def announce(self, room_id: RoomId, text: str, *, name: str, by: Doer) -> None:
        """Raises WireError(INVALID_VALUE)."""
        await self._leading.announce(room_id, text, name=name, by=by)

    async def pin(self, room_id: RoomId, message_id: MessageId | None, *, by: Doer) -> None:
        """Raises WireError(NOT_FOUND)."""
        message = None
        if message_id is not None:
            recent = await self._load(room_id)
            found = [one for one in recent.messages if one.message_id == message_id]
            message = found[0] if found else await self._find_stored(room_id, message_id)
        await self._leading.pin(room_id, message, by=by)

    async def review(self, room_id: RoomId, message_id: MessageId, *, is_shown: bool) -> None:
        """Show a held message and store it, or drop it. Raises WireError(NOT_FOUND)."""
        recent = await self._load(room_id)
        held = recent.held.take(message_id)
        decided = DanmakuReviewed(room_id=room_id, message_id=message_id, is_shown=is_shown)
        self._post_to_leaders(room_id, decided)
        if is_shown:
            self._show(held.event, recent, delay_s=0)
        await settle(self._store, held, is_shown=is_shown)

    def held(self, room_id: RoomId) -> tuple[DanmakuPosted, ...]:
        """What waits for review, oldest first, after `load_history`."""
        recent = self._recent.get(room_id)
        return tuple(held.event for held in recent.held.all()) if recent else ()

    def held_reasons(self, room_id: RoomId) -> tuple[HeldReason, ...]:
        """Of each in `held`."""
        recent = self._recent.get(room_id)
        return tuple(held.reason for held in recent.held.all()) if recent else ()

    # --- reading ------------------------------------------------------------------------------

    async def load_history(self, room_id: RoomId) -> None:
        """Read the room's last messages, so that `history` can answer at once."""
        await self._load(room_id)
        await self._leading.load(room_id)

    def history(self, room_id: RoomId) -> tuple[DanmakuPosted, ...]:
        """The room's last messages, oldest first, after `load_history`.

        Does not wait, so that becoming a member and reading this can happen in one step: no
        message is missed or comes twice.
        """
        recent = self._recent.get(room_id)
        return tuple(self._renamed(message) for message in recent.messages) if recent else ()

    async def close(self) -> None:
        """Store what was shown. Call it when no more messages come."""
        await self._writer.close()
        await self._tasks.close()

    # --- erasing ------------------------------------------------------------------------------

    async def silence(self, user_id: UserId) -> None:
        """Take nothing more of the user's, and return when all that was taken is stored."""
        self._silenced[user_id] = None
        if len(self._silenced) > LATER_MAX:
            self._silenced.popitem(last=False)
        await self._writer.wait_stored()

    def speak(self, user_id: UserId) -> None:
        """After all, the user stays."""
        self._silenced.pop(user_id, None)

    def forget(self, user_id: UserId, room_ids: Collection[RoomId]) -> None:
        """A silenced user and these rooms are gone from the database."""
        for room_id in room_ids:
            self._recent.pop(room_id, None)
        for recent in self._recent.values():
            kept = [one for one in recent.messages if one.user_id != user_id]
            if len(kept) < len(recent.messages):
                recent.messages.clear()
                recent.messages.extend(kept)
            held = [one.event for one in recent.held.all() if one.event.user_id == user_id]
            recent.held.drop(one.message_id for one in held)
            recent.last_sent_s.pop(user_id, None)
        self._leading.forget()

    def _renamed(self, message: DanmakuPosted) -> DanmakuPosted:
        name = self._users.latest_name(message.user_id, message.name)
        return message if name == message.name else msgspec.structs.replace(message, name=name)

    async def _load(self, room_id: RoomId) -> _Recent:
        known = self._recent.get(room_id)
        if known is not None:
            self._recent.move_to_end(room_id)
            return known
        rows, held_rows = await self._store.read(
            lambda session: queries.load_messages(session, room_id)
        )
        writers = [row.user_id for row in rows] + [row.user_id for row in held_rows]
        names = await self._users.find_users(set(map(UserId, writers)))
        # Another caller may have been quicker, and messages may have come since.
        known = self._recent.get(room_id)
        if known is not None:
            return known
        recent = _Recent()
        for row in rows:
            recent.messages.append(queries.read_row(row, names))
        recent.held.add_all(Held(*queries.read_held_row(row, names)) for row in held_rows)
        for newest in [row.id for row in rows[-1:]] + [row.id for row in held_rows[-1:]]:
            self._ids.advance_past(MessageId(newest))
        self._recent[room_id] = recent
        self._forget_rooms()
        return recent

    def _forget_rooms(self) -> None:
        """Keep the rooms used last, and every room with a message that is not on disk yet."""
        if len(self._recent) <= ROOMS_CACHED_MAX or self._writer.waiting:
            return
        for room_id in list(self._recent)[: len(self._recent) - ROOMS_CACHED_MAX]:
            del self._recent[room_id]

    async def _check_reply(self, room_id: RoomId, reply_to: MessageId, recent: _Recent) -> None:
        if any(message.message_id == reply_to for message in recent.messages):
            return

        await self._find_stored(room_id, reply_to, field="reply_to")

    async def _find_stored(
        self, room_id: RoomId, message_id: MessageId, *, field: str = "message_id"
    ) -> DanmakuPosted:
        """Raises WireError(NOT_FOUND)."""
        row = await self._store.read(
            lambda session: queries.find_message(session, room_id, message_id)
        )
        if row is None:
            raise _no_such_message(field)
        return await self._read_message(row)

    async def _read_message(self, row: Message) -> DanmakuPosted:
        return queries.read_row(row, await self._users.find_users([UserId(row.user_id)]))

    # --- showing and storing ------------------------------------------------------------------

    def _check_room_for_one(self, recent: _Recent, rules: ChatRules) -> None:
        if rules.is_held and len(recent.held) >= limits.CHAT_HELD_MAX:
            raise _too_many_held()
        if self._writer.waiting >= UNSTORED_MAX or self._later >= LATER_MAX:
            raise WireError(ErrorCode.BUSY, "the relay's database is busy", retry_after_ms=1_000)

    def _hold(self, event: DanmakuPosted, recent: _Recent, reason: HeldReason) -> Posted:
        """Raises WireError(BUSY) when too many wait."""
        if len(recent.held) >= limits.CHAT_HELD_MAX:
            raise _too_many_held()
        posted = self._writer.add(event, reason)
        recent.held.add(Held(event, reason, posted.stored))
        self._post_to_leaders(
            event.room_id, DanmakuHeld(room_id=event.room_id, message=event, reason=reason)
        )
        return posted

    def _show(self, event: DanmakuPosted, recent: _Recent, *, delay_s: float) -> None:
        """To everybody, at once or in a while."""
        if event.user_id in self._silenced:
            return
        if delay_s:
            self._later += 1
            self._tasks.start(self._show_later(event, recent, delay_s), name="show a message")
            return
        recent.messages.append(event)
        self._post(event.room_id, event)

    async def _show_later(self, event: DanmakuPosted, recent: _Recent, delay_s: float) -> None:
        try:
            await self._sleep(delay_s)
        finally:
            self._later -= 1
        # A deletion that was undone meanwhile has shown it already.
        is_shown = any(one.message_id == event.message_id for one in recent.messages)
        if not is_shown and not self.deleting.is_gone(event.message_id):
            self._show(event, recent, delay_s=0)


def _note_sent(recent: _Recent, rules: ChatRules, user_id: UserId, now_s: float) -> None:
    if not rules.slow_s:
        return
    recent.last_sent_s.pop(user_id, None)
    recent.last_sent_s[user_id] = now_s
    if len(recent.last_sent_s) > LATER_MAX:
        # Those who may write again need not be remembered; the oldest stand first.
        del recent.last_sent_s[next(iter(recent.last_sent_s))]


def _too_many_held() -> WireError:
    return WireError(ErrorCode.BUSY, "too many messages wait for review", retry_after_ms=10_000)


def _no_such_message(field: str) -> WireError:
    return WireError(ErrorCode.NOT_FOUND, "there is no such message", field=field)
