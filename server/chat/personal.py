"""What chat keeps of a user: messages, and what was announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, update
from sqlmodel import col, select

from server.chat.tables import ChatRoom, HeldMessage, Message
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "messages",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Message.id,
                Message.room_id,
                Message.role,
                Message.text,
                Message.sent_at_unix_ms,
                Message.reply_to,
            )
            .where(Message.user_id == user_id)
            .order_by(col(Message.id)),
        ),
        Section(
            "held_messages",
            select(HeldMessage.room_id, HeldMessage.text, HeldMessage.sent_at_unix_ms).where(
                HeldMessage.user_id == user_id
            ),
        ),
        Section(
            "announcements",
            select(ChatRoom.room_id, ChatRoom.announcement, ChatRoom.announced_at_unix_ms).where(
                ChatRoom.announced_by_id == user_id, ChatRoom.announcement != ""
            ),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    own = select(Message.id).where(Message.user_id == erasing.user_id)
    session.execute(update(ChatRoom).where(col(ChatRoom.pinned_id).in_(own)).values(pinned_id=None))
    session.execute(delete(Message).where(col(Message.user_id) == erasing.user_id))
    session.execute(delete(HeldMessage).where(col(HeldMessage.user_id) == erasing.user_id))
    session.execute(
        update(ChatRoom)
        .where(col(ChatRoom.announced_by_id) == erasing.user_id)
        .values(announcement="", announced_by="", announced_by_id=None)
    )


def _sweep(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(Message.id)
        .where(col(Message.sent_at_unix_ms) < before_unix_ms)
        .limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Message).where(col(Message.id).in_(old)))
    return len(old)


def _sweep_held(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(HeldMessage.id)
        .where(col(HeldMessage.sent_at_unix_ms) < before_unix_ms)
        .limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(HeldMessage).where(col(HeldMessage.id).in_(old)))
    return len(old)


PART: Final = Part(
    erased=frozenset(
        {
            "messages.user_id",
            "held_messages.user_id",
            "chat_rooms.announced_by",
            "chat_rooms.announced_by_id",
        }
    ),
    kept={"messages.deleted_by": "the message is another's; the id is a pseudonym"},
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("messages", _sweep), Sweep("held", _sweep_held)),
)
