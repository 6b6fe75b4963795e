"""SQL on the table of acts: functions of a session, without decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, select

from server.audit.tables import Act

if TYPE_CHECKING:
    from wire.ids import RoomId, UserId


@dataclass(frozen=True, kw_only=True)
class ActFilter:
    """What is asked for; None and "" stand for anything."""

    room_id: RoomId | None = None
    actor_id: UserId | None = None
    user_id: UserId | None = None
    action: str = ""
    since_unix_ms: int | None = None
    until_unix_ms: int | None = None


def list_acts(session: Session, wanted: ActFilter, *, cursor: str, limit: int) -> list[Act]:
    """Newest first, those before the act `cursor`."""
    query = select(Act)
    if wanted.room_id is not None:
        query = query.where(Act.room_id == wanted.room_id)
    if wanted.actor_id is not None:
        query = query.where(Act.actor_id == wanted.actor_id)
    if wanted.user_id is not None:
        query = query.where(Act.user_id == wanted.user_id)
    if wanted.action:
        query = query.where(Act.action == wanted.action)
    if wanted.since_unix_ms is not None:
        query = query.where(Act.at_unix_ms >= wanted.since_unix_ms)
    if wanted.until_unix_ms is not None:
        query = query.where(Act.at_unix_ms < wanted.until_unix_ms)
    if cursor:
        query = query.where(Act.id < cursor)
    return list(session.exec(query.order_by(col(Act.id).desc()).limit(limit)).all())


def newest_id(session: Session) -> str | None:
    return session.exec(select(func.max(Act.id))).one()
