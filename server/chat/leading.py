"""What leads a room's chat: its rules, a pinned message, an announcement."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from server.audit.service import NewAct
from server.chat import queries
from server.text import clean_line
from wire.chat_events import Announced, Announcement, ChatRulesChanged, MessagePinned
from wire.errors import ErrorCode, WireError
from wire.event_base import ChatRules
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX
from wire.order_events import ActDetail
from wire.permissions import RANKS, Action

if TYPE_CHECKING:
    from server.audit.service import AuditService, Doer, RecordedAct, Undoing
    from server.chat.tables import ChatRoom, Message
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import DanmakuPosted, Event
    from wire.ids import MessageId, RoomId, UserId
    from wire.order_events import DoerRole

    Also = Callable[[Session], RecordedAct | None]
    """What is also done in the transaction of a change; it may write a line in the book."""

ROOMS_CACHED_MAX: Final = 1_000
NO_RULES: Final = ChatRules()


@dataclass(frozen=True)
class Above:
    """What a room has set."""

    rules: ChatRules = NO_RULES
    pinned: DanmakuPosted | None = None
    announcement: Announcement | None = None
    announced_by_id: str | None = None
    """Whose it is, by id: a name may change."""
    known_since_unix_ms: int | None = None
    """When the room was switched to people known before; None: it is not."""
    muted_role: DoerRole | None = None
    """As what the chat was muted; None: it is not."""


class Leading:
    """Changes go to disk with their line in the book, then to memory, then to the room.

    Event loop's thread only.
    """

    def __init__(
        self,
        store: Store,
        *,
        audit: AuditService,
        read_message: Callable[[Message], Awaitable[DanmakuPosted]],
        post: Callable[[RoomId, Event], None],
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._audit = audit
        self._read_message = read_message
        self._post = post
        self._clocks = clocks
        self._rooms: OrderedDict[RoomId, Above] = OrderedDict()
        self._changes = 0
        """A read that began before a change is not kept."""
        audit.undo_with("set_chat_rules", Action.LEAD_CHAT, self._undo_rules)
        audit.undo_with("pin", Action.LEAD_CHAT, self._undo_pin)
        audit.undo_with("announce", Action.LEAD_CHAT, self._undo_announcement)

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

    async def set_rules(self, room_id: RoomId, rules: ChatRules, *, by: Doer) -> None:
        before = await self.load(room_id)
        undo = {
            "rules": msgspec.to_builtins(before.rules),
            "known_since": before.known_since_unix_ms,
            "muted_role": before.muted_role,
        }
        new = _act(by, "set_chat_rules", room_id, ActDetail(rules=rules), undo)
        known_since = None
        if rules.known_only:
            # Setting it again lets nobody in who came since.
            known_since = before.known_since_unix_ms or self._clocks.unix_ms()
        _require_not_muted_from_above(before, rules, by)
        muted_role = (before.muted_role or by.role) if rules.is_muted else None
        after = replace(before, rules=rules, known_since_unix_ms=known_since, muted_role=muted_role)
        await self._tell(await self._put_rules(room_id, after, self._adding(new)))

    async def only_known(self, room_id: RoomId, *, since_unix_ms: int) -> bool:
        """Without a line in the book: the caller's own stands there. False: it is so already."""
        before = await self.load(room_id)
        if before.rules.known_only:
            return False
        rules = msgspec.structs.replace(before.rules, known_only=True)
        after = replace(before, rules=rules, known_since_unix_ms=since_unix_ms)
        await self._put_rules(room_id, after, lambda _session: None)
        return True

    async def end_only_known(self, room_id: RoomId, *, since_unix_ms: int) -> bool:
        """Back to everybody, where it is still as `only_known` has set it."""
        before = await self.load(room_id)
        if before.known_since_unix_ms != since_unix_ms:
            return False
        rules = msgspec.structs.replace(before.rules, known_only=False)
        after = replace(before, rules=rules, known_since_unix_ms=None)
        await self._put_rules(room_id, after, lambda _session: None)
        return True

    async def pin(self, room_id: RoomId, message: DanmakuPosted | None, *, by: Doer) -> None:
        pinned = (await self.load(room_id)).pinned
        undo = {"message_id": pinned.message_id if pinned is not None else None}
        detail = ActDetail(text=message.text if message is not None else "")
        target_id = message.message_id if message is not None else ""
        author = message.user_id if message is not None else None
        target = ("message", target_id)
        new = _act(by, "pin", room_id, detail, undo, target=target, user_id=author)
        await self._tell(await self._put_pinned(room_id, message, self._adding(new)))

    async def restore_pinned(self, room_id: RoomId, message: DanmakuPosted) -> None:
        """Its deletion was undone, and nothing else was pinned since."""
        await self._put_pinned(room_id, message, lambda _session: None)

    async def announce(self, room_id: RoomId, text: str, *, name: str, by: Doer) -> None:
        """An empty text takes it down. Raises WireError(INVALID_VALUE)."""
        line = clean_line(text, characters_max=ANNOUNCEMENT_CHARACTERS_MAX, field="text")
        now = self._clocks.unix_ms()
        announcement = Announcement(text=line, name=name, at_unix_ms=now) if line else None
        before = (await self.load(room_id)).announcement
        by_id_before = self.find(room_id).announced_by_id
        undo = {"announcement": msgspec.to_builtins(before), "by_id": by_id_before}
        new = _act(by, "announce", room_id, ActDetail(text=line), undo)
        act = await self._put_announcement(room_id, announcement, by.user_id, self._adding(new))
        await self._tell(act)

    # --- undoing --------------------------------------------------------------------------------

    async def _undo_rules(self, undoing: Undoing) -> None:
        if undoing.room_id is not None:
            now = await self.load(undoing.room_id)
            rules = msgspec.convert(undoing.payload["rules"], ChatRules)
            _require_not_muted_from_above(now, rules, undoing.by)
            before = replace(
                now,
                rules=rules,
                known_since_unix_ms=undoing.payload["known_since"],
                muted_role=undoing.payload["muted_role"],
            )
            await self._put_rules(undoing.room_id, before, _marking(undoing))

    async def _undo_pin(self, undoing: Undoing) -> None:
        room_id, message_id = undoing.room_id, undoing.payload["message_id"]
        if room_id is None:
            return
        message = None
        if message_id is not None:
            row = await self._store.read(
                lambda session: queries.find_message(session, room_id, message_id)
            )
            # It may have been deleted since; then nothing is pinned.
            message = await self._read_message(row) if row is not None else None
        await self._put_pinned(room_id, message, _marking(undoing))

    async def _undo_announcement(self, undoing: Undoing) -> None:
        if undoing.room_id is not None:
            before = msgspec.convert(undoing.payload["announcement"], Announcement | None)
            by_id = undoing.payload.get("by_id")
            await self._put_announcement(undoing.room_id, before, by_id, _marking(undoing))

    # --- changing -------------------------------------------------------------------------------

    async def _put_rules(self, room_id: RoomId, above: Above, also: Also) -> RecordedAct | None:
        rules = above.rules

        def change(row: ChatRoom) -> None:
            row.slow_s, row.delay_s = rules.slow_s, rules.delay_s
            row.followers_only, row.emoji_only = rules.followers_only, rules.emoji_only
            row.is_held, row.muted_role = rules.is_held, above.muted_role
            row.known_since_unix_ms = above.known_since_unix_ms

        act = await self._change(room_id, change, also)
        kept = replace(
            self.find(room_id),
            rules=rules,
            known_since_unix_ms=above.known_since_unix_ms,
            muted_role=above.muted_role,
        )
        self._keep(room_id, kept)
        self._post(room_id, ChatRulesChanged(room_id=room_id, rules=rules))
        return act

    async def _put_pinned(
        self, room_id: RoomId, message: DanmakuPosted | None, also: Also
    ) -> RecordedAct | None:
        def change(row: ChatRoom) -> None:
            row.pinned_id = message.message_id if message is not None else None

        act = await self._change(room_id, change, also)
        self._keep(room_id, replace(self.find(room_id), pinned=message))
        self._post(room_id, MessagePinned(room_id=room_id, message=message))
        return act

    async def _put_announcement(
        self, room_id: RoomId, announcement: Announcement | None, by_id: str | None, also: Also
    ) -> RecordedAct | None:
        def change(row: ChatRoom) -> None:
            row.announcement = announcement.text if announcement is not None else ""
            row.announced_by = announcement.name if announcement is not None else ""
            row.announced_by_id = by_id if announcement is not None else None
            row.announced_at_unix_ms = announcement.at_unix_ms if announcement is not None else 0

        act = await self._change(room_id, change, also)
        above = replace(self.find(room_id), announcement=announcement, announced_by_id=by_id)
        self._keep(room_id, above)
        self._post(room_id, Announced(room_id=room_id, announcement=announcement))
        return act

    def forget(self) -> None:
        """Rows have changed beside this: all is read anew."""
        self._changes += 1
        self._rooms.clear()

    async def _change(
        self, room_id: RoomId, change: Callable[[ChatRoom], None], also: Also
    ) -> RecordedAct | None:
        await self.load(room_id)

        def work(session: Session) -> RecordedAct | None:
            queries.change_chat_room(session, room_id, change)
            return also(session)

        act = await self._store.write(work)
        self._changes += 1
        return act

    def _adding(self, new: NewAct) -> Also:
        return lambda session: self._audit.add(session, new)

    async def _tell(self, act: RecordedAct | None) -> None:
        if act is not None:
            await self._audit.tell(act)

    def forget_pinned(self, room_id: RoomId, message_ids: Collection[MessageId]) -> None:
        """One that was deleted, after the room's row says so."""
        self._changes += 1
        above = self.find(room_id)
        if above.pinned is not None and above.pinned.message_id in message_ids:
            self._keep(room_id, replace(above, pinned=None))
            self._post(room_id, MessagePinned(room_id=room_id, message=None))

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
        known_only=row.known_since_unix_ms is not None,
        is_muted=row.muted_role is not None,
    )
    announcement = None
    if row.announcement:
        announcement = Announcement(
            text=row.announcement, name=row.announced_by, at_unix_ms=row.announced_at_unix_ms
        )
    return Above(
        rules=rules,
        announcement=announcement,
        announced_by_id=row.announced_by_id,
        known_since_unix_ms=row.known_since_unix_ms,
        muted_role=cast("DoerRole | None", row.muted_role),
    )


def _require_not_muted_from_above(now: Above, wanted: ChatRules, by: Doer) -> None:
    if now.muted_role is None or wanted.is_muted:
        return
    if RANKS[now.muted_role] > RANKS[by.role]:
        raise WireError(ErrorCode.FORBIDDEN, "somebody above you has muted this chat")


def _act(
    by: Doer,
    action: str,
    room_id: RoomId,
    detail: ActDetail,
    undo: Mapping[str, Any],
    *,
    target: tuple[str, str] | None = None,
    user_id: UserId | None = None,
) -> NewAct:
    target_kind, target_id = target or ("room", room_id)
    return NewAct(
        by=by,
        action=action,
        room_id=room_id,
        user_id=user_id,
        target_kind=target_kind,
        target_id=target_id,
        detail=detail,
        undo=undo,
    )


def _marking(undoing: Undoing) -> Also:
    def mark(session: Session) -> None:
        undoing.mark(session)

    return mark
