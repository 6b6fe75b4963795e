"""Chat's statements, each within a session of the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlmodel import Session, col, select

from server.chat.tables import ChatRoom, HeldMessage, Message
from wire import limits
from wire.event_base import DanmakuPosted
from wire.ids import MessageId, RoomId, UserId
from wire.words_events import HeldReason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from wire.command_base import DanmakuSize
    from wire.event_base import Role, UserInfo
    from wire.words_events import HoldRule


def last_messages(session: Session, room_id: RoomId) -> list[Message]:
    """Oldest first."""
    newest = session.exec(
        select(Message)
        .where(Message.room_id == room_id, col(Message.deleted_at_unix_ms).is_(None))
        .order_by(col(Message.id).desc())
        .limit(limits.DANMAKU_HISTORY_MAX)
    ).all()
    return list(reversed(newest))


def load_messages(session: Session, room_id: RoomId) -> tuple[list[Message], list[HeldMessage]]:
    """The last ones that were shown, and all that wait for review, oldest first."""
    held = session.exec(
        select(HeldMessage)
        .where(HeldMessage.room_id == room_id)
        .order_by(col(HeldMessage.id))
        .limit(limits.CHAT_HELD_MAX)
    ).all()
    return last_messages(session, room_id), list(held)


def settle_held(session: Session, event: DanmakuPosted, *, is_shown: bool) -> None:
    """What was held is a message like others from now on, or gone."""
    row = session.get(HeldMessage, event.message_id)
    if row is not None:
        session.delete(row)
    if is_shown and session.get(Message, event.message_id) is None:
        session.add(make_row(event))


def take_held(session: Session, held: Iterable[DanmakuPosted]) -> Iterator[Message]:
    """Messages in place of what was held, but for those that were decided about meanwhile."""
    for event in held:
        row = session.get(HeldMessage, event.message_id)
        if row is not None:
            session.delete(row)
        if session.get(Message, event.message_id) is None:
            yield make_row(event)


def find_message(session: Session, room_id: RoomId, message_id: MessageId) -> Message | None:
    """None where the room has no such message."""
    row = session.get(Message, message_id)
    is_there = row is not None and row.room_id == room_id and row.deleted_at_unix_ms is None
    return row if is_there else None


def find_messages(
    session: Session,
    room_id: RoomId,
    message_ids: Collection[MessageId],
    *,
    are_deleted: bool = False,
) -> list[Message]:
    """Those of the room's that are there (or that were deleted), oldest first."""
    query = select(Message).where(
        Message.room_id == room_id,
        col(Message.id).in_(message_ids),
        col(Message.deleted_at_unix_ms).is_not(None)
        if are_deleted
        else col(Message.deleted_at_unix_ms).is_(None),
    )
    return list(session.exec(query.order_by(col(Message.id))).all())


def messages_of(
    session: Session, room_id: RoomId, user_id: UserId, *, since_unix_ms: int, limit: int
) -> list[Message]:
    """A user's last messages in a room, oldest first."""
    query = (
        select(Message)
        .where(
            Message.room_id == room_id,
            Message.user_id == user_id,
            Message.sent_at_unix_ms >= since_unix_ms,
            col(Message.deleted_at_unix_ms).is_(None),
        )
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return list(reversed(session.exec(query).all()))


def messages_of_some(
    session: Session,
    room_id: RoomId,
    user_ids: Collection[UserId],
    *,
    since_unix_ms: int,
    limit: int,
) -> list[Message]:
    """The last messages of several users in a room, oldest first."""
    query = (
        select(Message)
        .where(
            Message.room_id == room_id,
            col(Message.user_id).in_(user_ids),
            Message.sent_at_unix_ms >= since_unix_ms,
            col(Message.deleted_at_unix_ms).is_(None),
        )
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return list(reversed(session.exec(query).all()))


def messages_before(
    session: Session, room_id: str, *, user_id: str | None, until: str | None, limit: int
) -> list[Message]:
    """Newest first, with the deleted ones."""
    query = select(Message).where(Message.room_id == room_id)
    if user_id is not None:
        query = query.where(Message.user_id == user_id)
    if until is not None:
        query = query.where(col(Message.id) <= until)
    return list(session.exec(query.order_by(col(Message.id).desc()).limit(limit)).all())


def messages_since(
    session: Session, room_id: RoomId, *, since_unix_ms: int, limit: int
) -> list[Message]:
    """The newest that are not deleted, oldest first."""
    newest = session.exec(
        select(Message)
        .where(
            Message.room_id == room_id,
            Message.sent_at_unix_ms >= since_unix_ms,
            col(Message.deleted_at_unix_ms).is_(None),
        )
        .order_by(col(Message.id).desc())
        .limit(limit)
    ).all()
    return list(reversed(newest))


def load_chat_room(session: Session, room_id: RoomId) -> tuple[ChatRoom | None, Message | None]:
    """What the room has set, and the message that is pinned."""
    row = session.get(ChatRoom, room_id)
    if row is None or row.pinned_id is None:
        return row, None
    return row, find_message(session, room_id, MessageId(row.pinned_id))


def change_chat_room(session: Session, room_id: RoomId, change: Callable[[ChatRoom], None]) -> None:
    """Change the room's row; the first change makes it."""
    row = session.get(ChatRoom, room_id)
    if row is None:
        row = ChatRoom(room_id=room_id)
    change(row)
    session.add(row)


def has_written(session: Session, room_id: RoomId, user_id: UserId, *, before_unix_ms: int) -> bool:
    """Something that still stands, before that time."""
    query = select(Message.id).where(
        Message.user_id == user_id,
        Message.room_id == room_id,
        Message.sent_at_unix_ms < before_unix_ms,
        col(Message.deleted_at_unix_ms).is_(None),
    )
    return session.exec(query.limit(1)).first() is not None


def rooms_written_in(session: Session, user_id: UserId, *, since_unix_ms: int) -> list[RoomId]:
    """Also where all of it waits for review."""
    shown = select(Message.room_id).where(
        Message.user_id == user_id,
        Message.sent_at_unix_ms >= since_unix_ms,
        col(Message.deleted_at_unix_ms).is_(None),
    )
    held = select(HeldMessage.room_id).where(
        HeldMessage.user_id == user_id, HeldMessage.sent_at_unix_ms >= since_unix_ms
    )
    found = {*session.exec(shown.distinct()), *session.exec(held.distinct())}
    return [RoomId(room_id) for room_id in sorted(found)]


def set_pinned(session: Session, room_id: RoomId, message_id: MessageId | None) -> None:
    row = session.get(ChatRoom, room_id)
    if row is not None:
        row.pinned_id = message_id


def make_row(event: DanmakuPosted) -> Message:
    return Message(
        id=event.message_id,
        room_id=event.room_id,
        user_id=event.user_id,
        role=event.role,
        text=event.text,
        mode=event.mode,
        color=event.color,
        size=event.size,
        sent_at_unix_ms=event.sent_at_unix_ms,
        media_time_us=event.media_time_us,
        reply_to=event.reply_to,
    )


def make_held_row(event: DanmakuPosted, reason: HeldReason) -> HeldMessage:
    fields = make_row(event).model_dump(exclude={"deleted_by", "deleted_at_unix_ms"})
    return HeldMessage(**fields, rule=reason.rule, words=reason.words)


def read_held_row(
    row: HeldMessage, names: dict[UserId, UserInfo]
) -> tuple[DanmakuPosted, HeldReason]:
    return read_row(row, names), HeldReason(rule=cast("HoldRule", row.rule), words=row.words)


def read_row(row: Message | HeldMessage, names: dict[UserId, UserInfo]) -> DanmakuPosted:
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
        size=cast("DanmakuSize", row.size),
        sent_at_unix_ms=row.sent_at_unix_ms,
        media_time_us=row.media_time_us,
        reply_to=MessageId(row.reply_to) if row.reply_to is not None else None,
    )
